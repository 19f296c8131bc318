import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { texts } from "../texts/texts.js";
import { Icon } from "./icon.js";
import { isHelpOpen, setSingleKeys, singleKeys } from "./shortcuts.js";
import "./help-dialog.css";

export function openHelp(): void {
  isHelpOpen.value = true;
}

/** What the keys do. */
export function HelpDialog() {
  const { help, common } = texts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (isHelpOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  });
  const { keys } = help;
  const rows: readonly (readonly [keys: readonly string[], what: string])[] = [
    [["?"], keys.help],
    [["C"], keys.url],
    [["M"], keys.message],
    [["Ctrl", "Enter"], keys.send],
    [["L"], keys.timeline],
    [["/"], keys.search],
    [["P"], keys.pause],
    [["T"], keys.theme],
    [["1", "…", "6"], keys.tabs],
    [["↑", "↓", "PgUp", "PgDn"], keys.rows],
    [["Home", "End"], keys.ends],
    [["Enter"], keys.open],
    [["Esc"], keys.close],
  ];
  return (
    <dialog
      class="help"
      ref={dialog}
      aria-labelledby="help-title"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <header class="row">
        <h2 id="help-title" class="grow">
          {help.title}
        </h2>
        <button
          type="button"
          class="quiet"
          aria-label={common.close}
          onClick={() => {
            isHelpOpen.value = false;
          }}
        >
          <Icon name="close" size={14} />
        </button>
      </header>
      <dl>
        {rows.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd class="kbd" key={name}>
                  {name}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        />
        {help.singleKeys}
      </label>
      <p class="hint">{help.about}</p>
    </dialog>
  );
}
