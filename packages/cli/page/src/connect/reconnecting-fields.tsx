import { useId } from "preact/hooks";
import { texts } from "../texts/texts.js";
import { NumberField } from "../widgets/number-field.js";
import { heartbeat, reconnectingOptions, through } from "./draft.js";

const longest = 3_600_000;

/** When a `ReconnectingWebSocket` takes a silent line for dead, and how soon it tries again. */
export function ReconnectingFields() {
  const { connect } = texts.value;
  const id = useId();
  const options = reconnectingOptions.value;
  return (
    <details class="connect-options">
      <summary>{connect.reconnectingOptions}</summary>
      <fieldset aria-label={connect.reconnectingOptions}>
        {(["idle", "timeout", "minDelay", "maxDelay"] as const).map((name) => (
          <div class="connect-option" key={name}>
            <span class="connect-option-words">
              <code>{name}</code>
              <span class="hint">{connect.reconnectingHints[name]}</span>
            </span>
            <NumberField
              label={name}
              unit="ms"
              value={options[name]}
              least={name === "maxDelay" ? options.minDelay : 1}
              most={longest}
              onChange={(value) => {
                reconnectingOptions.value = { ...options, [name]: value };
              }}
            />
          </div>
        ))}
        {through.value !== "node" && (
          <div class="connect-option">
            <label class="connect-option-words" for={id}>
              <code>heartbeat</code>
              <span class="hint">{connect.heartbeatHint}</span>
            </label>
            <input
              id={id}
              class="input mono connect-heartbeat"
              autocomplete="off"
              spellcheck={false}
              value={heartbeat.value}
              onInput={(event) => {
                heartbeat.value = event.currentTarget.value;
              }}
            />
          </div>
        )}
      </fieldset>
    </details>
  );
}
