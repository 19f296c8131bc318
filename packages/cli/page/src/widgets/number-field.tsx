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
