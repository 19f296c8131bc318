import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Icon } from "../shell/icon.js";
import { Segments } from "../shell/segments.js";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import {
  addHeader,
  changeHeader,
  chooseThrough,
  dial,
  headers,
  isUrlValid,
  protocols,
  reconnecting,
  removeHeader,
  through,
  url,
} from "./draft.js";
import { ReconnectingFields } from "./reconnecting-fields.js";
import { SessionStates } from "./session-states.js";
import "./connect-panel.css";

/** What the next object is made with. */
export function ConnectPanel() {
  const { connect } = texts.value;
  const store = useStore();
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const places = store.hello.value?.places ?? [];
  if (url.value === "" && places[0]) url.value = places[0].url;

  const submit = async (event: Event) => {
    event.preventDefault();
    problem.value = isUrlValid.value ? undefined : connect.invalidUrl;
    if (problem.value !== undefined || isBusy.value) return;
    isBusy.value = true;
    try {
      await store.connect(dial.value, through.value === "both" ? ["browser", "node"] : [through.value]);
    } catch (error) {
      problem.value = connect.failed((error as Error).message);
    }
    isBusy.value = false;
  };

  return (
    <form class="panel stack" aria-labelledby={`${id}-title`} onSubmit={submit} noValidate>
      <h2 class="panel-title" id={`${id}-title`}>
        {connect.title}
      </h2>
      <div class="field">
        <label class="label" for="url">
          {connect.url}
        </label>
        <input
          id="url"
          class="input mono"
          type="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="wss://…"
          value={url.value}
          aria-invalid={problem.value !== undefined && !isUrlValid.value}
          onInput={(event) => {
            url.value = event.currentTarget.value;
          }}
        />
        {places.length > 0 && (
          <ul class="connect-places" aria-label={connect.places}>
            {places.map((place) => (
              <li key={place.name}>
                <button
                  type="button"
                  class="connect-place"
                  title={connect.placeHints[place.name]}
                  aria-pressed={url.value === place.url}
                  onClick={() => {
                    url.value = place.url;
                  }}
                >
                  {place.name}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div class="field">
        <label class="label" for={`${id}-protocols`}>
          {connect.subprotocols}
        </label>
        <input
          id={`${id}-protocols`}
          class="input mono"
          autocomplete="off"
          spellcheck={false}
          placeholder={connect.subprotocolsHint}
          value={protocols.value}
          onInput={(event) => {
            protocols.value = event.currentTarget.value;
          }}
        />
      </div>
      <HeaderList />
      <div class="field">
        <span class="label" aria-hidden="true">
          {connect.through}
        </span>
        <Segments
          label={connect.through}
          value={through.value}
          onChange={chooseThrough}
          options={[
            { value: "browser", label: connect.short.browser, name: connect.browser },
            { value: "node", label: connect.short.node, name: connect.node },
            { value: "both", label: connect.short.both, name: connect.both },
          ]}
        />
      </div>
      <div class="field">
        <span class="label" aria-hidden="true">
          {connect.interface}
        </span>
        <Segments
          label={connect.interface}
          value={reconnecting.value ? "reconnecting" : "plain"}
          onChange={(value) => {
            reconnecting.value = value === "reconnecting";
          }}
          options={[
            { value: "plain", label: "WebSocket" },
            { value: "reconnecting", label: "ReconnectingWebSocket" },
          ]}
        />
      </div>
      {reconnecting.value && <ReconnectingFields />}
      <button type="submit" class="button primary" disabled={isBusy.value || !store.control.isUp.value}>
        {store.sessions.value.length > 0 ? connect.again : connect.connect}
      </button>
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <SessionStates />
    </form>
  );
}

function HeaderList() {
  const { connect } = texts.value;
  return (
    <fieldset class="field" aria-label={connect.headers}>
      <div class="row">
        <span class="label grow">{connect.headers}</span>
        <button
          type="button"
          class="quiet connect-add"
          aria-label={connect.addHeader}
          title={connect.addHeader}
          onClick={addHeader}
        >
          <Icon name="add" size={14} />
        </button>
      </div>
      {headers.value.map(({ id, name, value }) => (
        <div class="connect-header" key={id}>
          <input
            class="input mono"
            aria-label={connect.headerName}
            placeholder={connect.headerName}
            autocomplete="off"
            spellcheck={false}
            value={name}
            onInput={(event) => changeHeader(id, { name: event.currentTarget.value })}
          />
          <input
            class="input mono"
            aria-label={connect.headerValue}
            placeholder={connect.headerValue}
            autocomplete="off"
            spellcheck={false}
            value={value}
            onInput={(event) => changeHeader(id, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="quiet"
            aria-label={connect.removeHeader(name)}
            onClick={() => removeHeader(id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
      {headers.value.length > 0 && <span class="hint">{connect.headersHint}</span>}
    </fieldset>
  );
}
