import type { ComponentChildren } from "preact";

/** A fault's name, what it does, and its buttons. */
export function FaultRow({
  name,
  hint,
  children,
}: {
  readonly name: string;
  readonly hint: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset within another one would be read out twice
    <div class="fault-row" role="group" aria-label={name}>
      <div class="fault-words">
        <span>{name}</span>
        <span class="hint">{hint}</span>
      </div>
      <div class="fault-controls">{children}</div>
    </div>
  );
}

/** A whole number; what can't be one isn't taken. */
export function NumberField({
  label,
  unit,
  value,
  least = 0,
  most,
  onChange,
}: {
  readonly label: string;
  readonly unit?: string;
  readonly value: number;
  readonly least?: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}) {
  return (
    <span class="number-field">
      <input
        class="input"
        type="number"
        inputMode="numeric"
        aria-label={label}
        value={value}
        min={least}
        max={most}
        step="1"
        onChange={(event) => {
          const { valueAsNumber } = event.currentTarget;
          const whole = Number.isFinite(valueAsNumber) ? Math.round(valueAsNumber) : value;
          const taken = Math.max(least, Math.min(most, whole));
          event.currentTarget.value = String(taken);
          onChange(taken);
        }}
      />
      {unit && (
        <span class="soft" aria-hidden="true">
          {unit}
        </span>
      )}
    </span>
  );
}
