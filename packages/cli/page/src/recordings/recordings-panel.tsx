import { useRef, useState } from "preact/hooks";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { openArchive, sessionAsTest } from "./archives.js";
import { CopyAsTest } from "./copy-as-test.js";
import "./recordings-panel.css";

/** Saves what has passed, opens what was saved, and makes tests of either. */
export function RecordingsPanel() {
  const { recordings } = texts.value;
  const store = useStore();
  return (
    <div class="panel stack recordings">
      <section class="recordings-part">
        <a class="button" href="recording.har" download>
          {recordings.save}
        </a>
        <p class="hint">{recordings.saveHint}</p>
      </section>
      <Opening />
      <section class="recordings-part">
        <CopyAsTest label={recordings.copySessionAsTest} make={() => sessionAsTest(store)} />
      </section>
    </div>
  );
}

/** A button and a place to drop files at. */
function Opening() {
  const { recordings } = texts.value;
  const store = useStore();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isProblem: boolean }>();

  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const count = await openArchive(store, file);
      const text = count === 0 ? recordings.noSockets(file.name) : recordings.loaded(file.name, count);
      setOutcome({ text, isProblem: count === 0 });
    } catch (error) {
      setOutcome({ text: recordings.wrong(file.name, (error as Error).message), isProblem: true });
    }
  };

  return (
    <section
      class="recordings-part recordings-drop"
      aria-label={recordings.load}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void open(event.dataTransfer?.files[0]);
      }}
    >
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {recordings.load}
      </button>
      <input
        class="unseen"
        ref={input}
        type="file"
        accept=".har,application/json"
        tabIndex={-1}
        aria-label={recordings.load}
        onChange={(event) => {
          void open(event.currentTarget.files?.[0]);
          // The same file can be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <p class="hint">{recordings.loadHint}</p>
      <p class={outcome?.isProblem ? "problem" : "hint"} role="status">
        {outcome?.text}
      </p>
    </section>
  );
}
