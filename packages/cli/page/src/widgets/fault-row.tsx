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
