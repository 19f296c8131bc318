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
    <fieldset class="connect-options" aria-label={connect.reconnectingOptions}>
      {(["idle", "timeout", "minDelay", "maxDelay"] as const).map((name) => (
        <div class="connect-option" key={name} title={connect.reconnectingHints[name]}>
          <code class="label">{name}</code>
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
        <div class="connect-option connect-heartbeat">
          <label for={id}>
            <code class="label">heartbeat</code>
          </label>
          <input
            id={id}
            class="input mono"
            aria-describedby={`${id}-hint`}
            autocomplete="off"
            spellcheck={false}
            value={heartbeat.value}
            onInput={(event) => {
              heartbeat.value = event.currentTarget.value;
            }}
          />
          <span class="hint" id={`${id}-hint`}>
            {connect.heartbeatHint}
          </span>
        </div>
      )}
    </fieldset>
  );
}
