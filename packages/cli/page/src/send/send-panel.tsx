import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Segments } from "../shell/segments.js";
import type { Session } from "../store/session.js";
import { useStore } from "../store/store.js";
import { formatDuration } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { CloseForm } from "./close-form.js";
import { count, isPayloadValid, kind, maxCount, payload, target } from "./draft.js";
import { PayloadField } from "./payload-field.js";
import "./send-panel.css";

const all = "all";

/** What the objects are to send, and how they are to end. */
export function SendPanel() {
  const { send } = texts.value;
  const { sessions } = useStore();
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const roundTrip = useSignal<string | undefined>(undefined);
  const targets = sessions.value.filter(({ id }) => id === target.value);
  const chosen = targets.length > 0 ? targets : sessions.value;
  const isIdle = chosen.length === 0;
  // A page's own object has no ping.
  const canPing = chosen.some(({ through }) => through === "node");

  /** Does something with each object chosen, and shows what was wrong. */
  const each = async (action: (session: Session) => Promise<void>) => {
    problem.value = undefined;
    roundTrip.value = undefined;
    const results = await Promise.allSettled(chosen.map(action));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) problem.value = problemOf(failed.reason);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isIdle || !isPayloadValid.value) return;
    const data = await payload();
    await each((session) => session.send(data, count.value));
  };
  const ping = () =>
    each(async (session) => {
      if (session.through !== "node") return;
      const milliseconds = await session.ping();
      if (milliseconds !== undefined) roundTrip.value = send.roundTrip(formatDuration(milliseconds));
    });

  return (
    <section class="panel stack" aria-labelledby={`${id}-title`}>
      <h2 class="panel-title" id={`${id}-title`}>
        {send.title}
      </h2>
      {sessions.value.length > 1 && <Target sessions={sessions.value} />}
      <form
        class="stack"
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
        }}
      >
        <Segments
          label={send.as}
          value={kind.value}
          onChange={(value) => {
            kind.value = value;
          }}
          options={(["text", "json", "binary", "file"] as const).map((value) => ({
            value,
            label: send[value],
          }))}
        />
        <PayloadField />
        <div class="row ends">
          <div class="field send-count">
            <label class="label" for={`${id}-count`}>
              {send.count}
            </label>
            <input
              id={`${id}-count`}
              class="input"
              type="number"
              min={1}
              max={maxCount}
              value={count.value}
              onInput={({ currentTarget: { valueAsNumber } }) => {
                count.value = Math.min(maxCount, Math.max(1, Math.floor(valueAsNumber) || 1));
              }}
            />
          </div>
          <button
            type="submit"
            class="button primary grow"
            disabled={isIdle || !isPayloadValid.value}
            title={send.textHint}
          >
            {count.value > 1 ? send.burst(count.value) : send.send}
          </button>
          <button type="button" class="button" disabled={!canPing} title={send.pingHint} onClick={ping}>
            {send.ping}
          </button>
        </div>
      </form>
      <p class="send-outcome" role="status">
        {problem.value === undefined ? (
          <span class="hint">{roundTrip.value}</span>
        ) : (
          <span class="problem">{problem.value}</span>
        )}
      </p>
      <CloseForm isIdle={isIdle} onClose={(code, reason) => each((session) => session.close(code, reason))} />
    </section>
  );
}

function Target({ sessions }: { readonly sessions: readonly Session[] }) {
  const { send, connect } = texts.value;
  return (
    <Segments
      label={send.whichObject}
      value={target.value ?? all}
      onChange={(value) => {
        target.value = value === all ? undefined : value;
      }}
      options={[
        { value: all, label: connect.short.both, name: send.allObjects },
        ...sessions.map(({ id, through }) => ({
          value: id,
          label: connect.short[through],
          name: connect[through],
        })),
      ]}
    />
  );
}

function problemOf(error: unknown): string {
  return error instanceof DOMException ? `${error.name}: ${error.message}` : (error as Error).message;
}
