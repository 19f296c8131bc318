import { useId, useRef, useState } from "preact/hooks";
import { parseFaultScript, scriptCommands } from "../../../src/workbench/fault-script.js";
import { texts } from "../texts/texts.js";
import "./script-editor.css";

/** How a script goes: the line that runs, or how it ended. */
export type ScriptRun =
  | { readonly line: number }
  | { readonly ended: "finished" | "stopped" }
  | { readonly ended: "failed"; readonly message: string };

const example = `# A tunnel: slow, then half-open, then back
delay 300
wait 2000
hold
wait 3000
heal

# The server is deployed anew
restart 1500
wait 3000

# And a proxy that refuses
answer 503
cut
wait 3000
heal
`;

/** A fault script, checked while it is written: what is wrong stands below with the number of its line. */
export function ScriptEditor({
  run,
  onRun,
  onStop,
}: {
  readonly run: ScriptRun | undefined;
  /** Rejects with what was wrong. */
  readonly onRun: (script: string) => Promise<void>;
  readonly onStop: () => void;
}) {
  const { faults } = texts.value;
  const [script, setScript] = useState(example);
  const [refusal, setRefusal] = useState<string>();
  const gutter = useRef<HTMLDivElement>(null);
  const id = useId();

  const parsed = parseFaultScript(script);
  const problems = "problems" in parsed ? parsed.problems : [];
  const isEmpty = "steps" in parsed && parsed.steps.length === 0;
  const runningLine = run !== undefined && "line" in run ? run.line : undefined;
  const lines = script.split("\n");

  return (
    <div class="script">
      <p class="hint" id={`${id}hint`}>
        {faults.scriptHint}
      </p>
      <div class="script-editor">
        <div class="script-gutter" ref={gutter} aria-hidden="true">
          {lines.map((_line, index) => {
            const number = index + 1;
            const isWrong = problems.some(({ line }) => line === number);
            return (
              <div key={number} data-wrong={isWrong} data-running={number === runningLine}>
                {number}
              </div>
            );
          })}
        </div>
        <textarea
          aria-label={faults.script}
          aria-describedby={`${id}hint ${id}problems`}
          aria-invalid={problems.length > 0}
          rows={Math.max(6, Math.min(16, lines.length))}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          value={script}
          onInput={(event) => {
            setScript(event.currentTarget.value);
            setRefusal(undefined);
          }}
          onScroll={(event) => {
            if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <ul class="script-problems" id={`${id}problems`}>
        {problems.map(({ line, message }) => (
          <li class="problem" key={line}>
            {faults.wrong(line, message)}
          </li>
        ))}
        {refusal !== undefined && <li class="problem">{refusal}</li>}
      </ul>
      <div class="row">
        {runningLine === undefined ? (
          <button
            type="button"
            class="button primary"
            disabled={problems.length > 0 || isEmpty}
            onClick={() => onRun(script).catch((error: Error) => setRefusal(error.message))}
          >
            {faults.run}
          </button>
        ) : (
          <button type="button" class="button" onClick={onStop}>
            {faults.stop}
          </button>
        )}
        <p class={run !== undefined && "message" in run ? "problem" : "hint"} role="status">
          {outcomeOf(run)}
        </p>
      </div>
      <details>
        <summary>{faults.commands}</summary>
        <ul class="script-commands">
          {Object.values(scriptCommands).map(({ usage }) => (
            <li key={usage}>
              <code>{usage}</code>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function outcomeOf(run: ScriptRun | undefined): string {
  const { faults } = texts.value;
  if (run === undefined) return "";
  if ("line" in run) return faults.running(run.line);
  if (run.ended === "failed") return run.message;
  return run.ended === "finished" ? faults.finished : faults.stopped;
}
