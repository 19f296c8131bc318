import { useId } from "preact/hooks";
import { texts } from "../texts/texts.js";
import { code, isCodeValid, reason, reasonBytes } from "./draft.js";

interface CloseFormProps {
  readonly isIdle: boolean;
  readonly onClose: (code: number | undefined, reason: string | undefined) => void;
}

/** `close(code, reason)`. What the standard refuses is only marked, so that its exceptions can be seen. */
export function CloseForm({ isIdle, onClose }: CloseFormProps) {
  const { send } = texts.value;
  const id = useId();
  const isTooLong = reasonBytes.value > 123;
  return (
    <form
      class="send-close"
      onSubmit={(event) => {
        event.preventDefault();
        // A reason needs a code: the field shows which.
        const byDefault = reason.value === "" ? undefined : 1000;
        const number = code.value === "" ? byDefault : Number(code.value);
        onClose(number, reason.value === "" ? undefined : reason.value);
      }}
    >
      <div class="row ends">
        <div class="field send-code">
          <label class="label" for={`${id}-code`}>
            {send.code}
          </label>
          <input
            id={`${id}-code`}
            class="input"
            inputMode="numeric"
            autocomplete="off"
            placeholder="1000"
            value={code.value}
            aria-invalid={!isCodeValid.value}
            aria-describedby={`${id}-problem`}
            onInput={(event) => {
              code.value = event.currentTarget.value.trim();
            }}
          />
        </div>
        <div class="field grow">
          <label class="label" for={`${id}-reason`}>
            {send.reason}
          </label>
          <input
            id={`${id}-reason`}
            class="input"
            autocomplete="off"
            value={reason.value}
            aria-invalid={isTooLong}
            aria-describedby={`${id}-problem`}
            onInput={(event) => {
              reason.value = event.currentTarget.value;
            }}
          />
        </div>
        <button type="submit" class="button" disabled={isIdle}>
          {send.close}
        </button>
      </div>
      <p class="problem" id={`${id}-problem`}>
        {!isCodeValid.value && send.wrongCode} {isTooLong && send.longReason(reasonBytes.value)}
      </p>
    </form>
  );
}
