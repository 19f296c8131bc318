import { useState } from "preact/hooks";
import { texts } from "../texts/texts.js";

/**
 * A button that puts a test on the clipboard, and says how that went.
 * @param isQuiet takes little room: the code shows only where it couldn't be copied
 */
export function CopyAsTest({
  label,
  make,
  isQuiet = false,
}: {
  readonly label: string;
  /** The code; `undefined` where there is nothing to make one of. */
  readonly make: () => Promise<string | undefined>;
  readonly isQuiet?: boolean;
}) {
  const { recordings, common } = texts.value;
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isProblem: boolean }>();
  const [code, setCode] = useState<string>();

  const copy = async () => {
    try {
      const made = await make();
      setCode(made);
      if (made === undefined) {
        setOutcome({ text: recordings.nothingToCopy, isProblem: true });
        return;
      }
      const isCopied = await navigator.clipboard.writeText(made).then(
        () => true,
        () => false,
      );
      const done = isQuiet ? common.copied : recordings.testCopied;
      setOutcome({ text: isCopied ? done : common.copyFailed, isProblem: !isCopied });
    } catch (error) {
      setOutcome({ text: (error as Error).message, isProblem: true });
    }
  };

  return (
    <div class="copy-as-test">
      <button type="button" class={isQuiet ? "quiet" : "button"} onClick={copy}>
        {label}
      </button>
      <span class={outcome?.isProblem ? "problem" : "hint"} role="status">
        {outcome?.text}
      </span>
      {code !== undefined && (!isQuiet || outcome?.isProblem) && (
        <details>
          <summary>{recordings.showTest}</summary>
          <textarea
            class="input mono"
            readOnly
            rows={16}
            spellcheck={false}
            aria-label={recordings.showTest}
            value={code}
          />
        </details>
      )}
    </div>
  );
}
