import { formatBytes } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { checkedHex, checkedJson, file, kind, typed } from "./draft.js";

/** The message to send, and whether it's what it has to be. */
export function PayloadField() {
  const { send } = texts.value;
  const current = kind.value;
  if (current === "file") return <FileField />;
  const note = noteOf(current);
  return (
    <div class="field">
      <textarea
        id="message"
        class={current === "text" ? "input" : "input mono"}
        aria-label={send.payload}
        aria-describedby="message-note"
        aria-invalid={note?.isWrong === true}
        rows={4}
        placeholder={current === "binary" ? send.hexHint : undefined}
        spellcheck={false}
        value={typed.value[current]}
        onInput={(event) => {
          typed.value = { ...typed.value, [current]: event.currentTarget.value };
        }}
      />
      <div class="send-note">
        <span class={note?.isWrong ? "problem grow" : "hint grow"} id="message-note" aria-live="polite">
          {note?.text ?? send.textHint}
        </span>
        {current === "json" && "value" in checkedJson.value && <LayOut value={checkedJson.value.value} />}
      </div>
    </div>
  );
}

function LayOut({ value }: { readonly value: unknown }) {
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        typed.value = { ...typed.value, json: JSON.stringify(value, null, 2) };
      }}
    >
      {texts.value.send.format}
    </button>
  );
}

function FileField() {
  const { send } = texts.value;
  return (
    <div class="field">
      <label class="send-file">
        <input
          type="file"
          class="unseen"
          onChange={({ currentTarget: { files } }) => {
            file.value = files?.[0];
          }}
        />
        <span class="button">{send.chooseFile}</span>
        <span class="soft">
          {file.value ? `${file.value.name} · ${formatBytes(file.value.size)}` : send.noFile}
        </span>
      </label>
    </div>
  );
}

function noteOf(current: "text" | "json" | "binary"): { text: string; isWrong: boolean } | undefined {
  const { send, common } = texts.value;
  if (current === "json") {
    const json = checkedJson.value;
    if ("value" in json) return { text: send.valid, isWrong: false };
    return { text: send.wrongJson(json.problem), isWrong: true };
  }
  if (current === "text") return undefined;
  const hex = checkedHex.value;
  if ("bytes" in hex) return { text: common.bytes(hex.bytes.length), isWrong: false };
  return { text: "wrong" in hex ? send.wrongHex(hex.wrong) : send.oddHex, isWrong: true };
}
