import { useState } from "preact/hooks";
import type { Fault, FaultDirection, FaultState } from "../../../src/workbench/control-protocol.js";
import { Segments } from "../shell/segments.js";
import { texts } from "../texts/texts.js";
import { activeFaults } from "./active-faults.js";
import { FaultRow } from "./fault-row.js";
import { NumberField } from "./number-field.js";
import { ScriptEditor, type ScriptRun } from "./script-editor.js";
import "./fault-panel.css";

export interface FaultPanelProps {
  /** Whether there is a line that faults can be done to. */
  readonly hasLine: boolean;
  /** The faults that are on. */
  readonly state: FaultState;
  /** Whether the embedded server is there; undefined where there is none. */
  readonly isServerUp: boolean | undefined;
  readonly script: ScriptRun | undefined;
  /** Rejects with what was wrong. */
  readonly onFault: (fault: Fault) => Promise<void>;
  readonly onScript: (script: string) => Promise<void>;
  readonly onStop: () => void;
}

/** What networks do to a line, by button and by script; and what is on at present. */
export function FaultPanel({
  hasLine,
  state,
  isServerUp,
  script,
  onFault,
  onScript,
  onStop,
}: FaultPanelProps) {
  const { faults } = texts.value;
  const [direction, setDirection] = useState<FaultDirection>("both");
  const [milliseconds, setMilliseconds] = useState(200);
  const [bytesPerSecond, setBytesPerSecond] = useState(10_000);
  const [status, setStatus] = useState(503);
  const [downFor, setDownFor] = useState(2000);
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isProblem: boolean }>();

  const act = (name: string, fault: Fault) => {
    onFault(fault).then(
      () => setOutcome({ text: faults.done(name), isProblem: false }),
      (error: unknown) =>
        setOutcome({ text: error instanceof Error ? error.message : String(error), isProblem: true }),
    );
  };
  const button = (name: string, fault: Fault, pressed?: boolean) => (
    <button
      type="button"
      class="button"
      aria-pressed={pressed}
      disabled={!hasLine && fault.kind !== "restart-server"}
      onClick={() => act(name, fault)}
    >
      {name}
    </button>
  );

  const chosen =
    direction === "both"
      ? [state.toServer, state.toClient]
      : [direction === "to-server" ? state.toServer : state.toClient];
  const isHeld = chosen.every((way) => way.isHeld);
  const active = activeFaults(state, faults);

  return (
    <div class="faults stack">
      <p class="soft">{faults.about}</p>
      <div class="faults-active" data-active={active.length > 0}>
        <div class="grow">
          {active.length === 0 ? (
            <span class="soft">{hasLine ? faults.noneActive : faults.noLine}</span>
          ) : (
            <ul class="faults-list" aria-label={faults.active}>
              {active.map((text) => (
                <li class="tag" key={text}>
                  {text}
                </li>
              ))}
            </ul>
          )}
        </div>
        <button
          type="button"
          class="button"
          title={faults.healHint}
          disabled={active.length === 0}
          onClick={() => act(faults.heal, { kind: "heal" })}
        >
          {faults.heal}
        </button>
      </div>
      <p class={outcome?.isProblem ? "problem" : "hint"} role="status">
        {outcome?.text}
      </p>

      <fieldset class="faults-group">
        <legend>{faults.line}</legend>
        <Segments
          label={faults.direction}
          options={(["both", "to-server", "to-client"] as const).map((value) => ({
            value,
            label: faults.directions[value],
          }))}
          value={direction}
          onChange={setDirection}
        />
        <FaultRow name={faults.delay} hint={faults.delayHint}>
          <NumberField
            label={`${faults.delay} (${faults.milliseconds})`}
            unit={faults.milliseconds}
            value={milliseconds}
            most={3_600_000}
            onChange={setMilliseconds}
          />
          {button(faults.set, { kind: "delay", milliseconds, direction })}
          {button(faults.unset, { kind: "delay", milliseconds: 0, direction })}
        </FaultRow>
        <FaultRow name={faults.throttle} hint={faults.throttleHint}>
          <NumberField
            label={`${faults.throttle} (${faults.bytesPerSecond})`}
            unit={faults.bytesPerSecond}
            value={bytesPerSecond}
            least={1}
            most={1_000_000_000}
            onChange={setBytesPerSecond}
          />
          {button(faults.set, { kind: "throttle", bytesPerSecond, direction })}
          {button(faults.unset, { kind: "throttle", bytesPerSecond: null, direction })}
        </FaultRow>
        <FaultRow name={faults.hold} hint={faults.holdHint}>
          {button(faults.hold, { kind: "hold", direction }, isHeld)}
          {button(faults.release, { kind: "release", direction })}
        </FaultRow>
      </fieldset>

      <fieldset class="faults-group">
        <legend>{faults.now}</legend>
        <FaultRow name={faults.cut} hint={faults.cutHint} isNamed={false}>
          {button(faults.cut, { kind: "cut" })}
        </FaultRow>
        <FaultRow name={faults.reset} hint={faults.resetHint} isNamed={false}>
          {button(faults.reset, { kind: "reset" })}
        </FaultRow>
        <FaultRow name={faults.cutInsideFrame} hint={faults.cutInsideFrameHint} isNamed={false}>
          {button(faults.cutInsideFrame, { kind: "cut-inside-frame" })}
        </FaultRow>
      </fieldset>

      <fieldset class="faults-group">
        <legend>{faults.handshakes}</legend>
        <FaultRow name={faults.dropHandshakes} hint={faults.dropHandshakesHint} isNamed={false}>
          {button(faults.dropHandshakes, { kind: "drop-handshakes" }, state.handshakes === "drop")}
        </FaultRow>
        <FaultRow name={faults.answer} hint={faults.answerHint}>
          <NumberField label={faults.status} value={status} least={200} most={599} onChange={setStatus} />
          {button(faults.set, { kind: "answer", status }, state.handshakes === status)}
        </FaultRow>
      </fieldset>

      {isServerUp !== undefined && (
        <fieldset class="faults-group">
          <legend>{faults.server}</legend>
          <FaultRow name={faults.downFor} hint={isServerUp ? faults.serverUp : faults.serverDown}>
            <NumberField
              label={`${faults.downFor} (${faults.milliseconds})`}
              unit={faults.milliseconds}
              value={downFor}
              most={3_600_000}
              onChange={setDownFor}
            />
          </FaultRow>
          <FaultRow name={faults.restart} hint={faults.restartHint} isNamed={false}>
            {button(faults.restart, { kind: "restart-server", crash: false, downFor })}
          </FaultRow>
          <FaultRow name={faults.crash} hint={faults.crashHint} isNamed={false}>
            {button(faults.crash, { kind: "restart-server", crash: true, downFor })}
          </FaultRow>
        </fieldset>
      )}

      <fieldset class="faults-group">
        <legend>{faults.script}</legend>
        <ScriptEditor run={script} onRun={onScript} onStop={onStop} />
      </fieldset>
    </div>
  );
}
