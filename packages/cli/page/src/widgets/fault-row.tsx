import type { ComponentChildren } from "preact";

/** A fault's name, what it does, and its buttons. */
export function FaultRow({
  name,
  hint,
  isNamed = true,
  children,
}: {
  readonly name: string;
  /** False where the button says the name. */
  readonly isNamed?: boolean;
  readonly hint: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset within another one would be read out twice
    <div class="fault-row" role="group" aria-label={name}>
      <div class="fault-words">
        {isNamed && <span>{name}</span>}
        <span class="hint">{hint}</span>
      </div>
      <div class="fault-controls">{children}</div>
    </div>
  );
}
