import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { WireData, WireEvent } from "../../../src/workbench/control-protocol.js";
import { messageAsTest } from "../recordings/archives.js";
import { CopyAsTest } from "../recordings/copy-as-test.js";
import { Icon } from "../shell/icon.js";
import { Segments } from "../shell/segments.js";
import { useStore } from "../store/store.js";
import { formatBytes } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { HexView } from "../widgets/hex-view.js";
import { parseJson } from "../widgets/json-rows.js";
import { JsonTree } from "../widgets/json-tree.js";
import { fromBase64, hexOf, toBase64 } from "./base64.js";

type Frame = Extract<WireEvent, { kind: "frame" }>;
type Form = "text" | "json" | "hex";

/** A text of more characters isn't laid out in one go. */
const maxShown = 200_000;

/** A payload as text, as a JSON tree or in hexadecimal. */
export function PayloadView({ event }: { readonly event: Frame }) {
  const { timeline, recordings } = texts.value;
  const store = useStore();
  const { details } = timeline;
  const whole = useSignal<WireData | undefined>(undefined);
  const loading = useSignal<"no" | "yes" | "failed">("no");
  const chosen = useSignal<Form | undefined>(undefined);
  const data = whole.value ?? event.data;
  const payload = useMemo(() => read(data), [data]);
  if (!payload) return <p class="soft">{event.fin ? details.empty : timeline.fragment}</p>;
  if (payload.bytes.length === 0) return <p class="soft">{details.empty}</p>;
  const form = chosen.value ?? (payload.json ? "json" : payload.isText ? "text" : "hex");
  const isCut = whole.value === undefined && event.data?.isCut === true;

  const load = async () => {
    loading.value = "yes";
    try {
      const response = await fetch(`payload/${event.connection}/${event.frame}`);
      if (!response.ok) throw new Error(response.statusText);
      const isText = event.data !== undefined && "text" in event.data;
      whole.value = isText
        ? { text: await response.text() }
        : { base64: toBase64(new Uint8Array(await response.arrayBuffer())) };
      loading.value = "no";
    } catch {
      loading.value = "failed";
    }
  };

  return (
    <>
      <div class="detail-tools">
        <Segments
          label={timeline.details.title}
          value={form}
          onChange={(value) => {
            chosen.value = value;
          }}
          options={[
            { value: "text", label: details.asText },
            { value: "json", label: details.asJson },
            { value: "hex", label: details.asHex },
          ]}
        />
        {isCut && (
          <span class="soft">
            {details.cut(formatBytes(payload.bytes.length), formatBytes(event.size ?? event.length))}{" "}
            <button type="button" class="quiet" onClick={load} disabled={loading.value === "yes"}>
              {loading.value === "yes" ? details.loading : details.loadWhole}
            </button>
          </span>
        )}
        {loading.value === "failed" && <span class="problem">{details.gone}</span>}
        <span class="grow" />
        {event.fin && event.opcode < 8 && (
          <CopyAsTest isQuiet label={recordings.copyAsTest} make={() => messageAsTest(store, event)} />
        )}
        <CopyPayload payload={payload} />
      </div>
      {form === "text" && <pre class="detail-text">{(payload.text ?? "").slice(0, maxShown)}</pre>}
      {form === "json" && payload.json && <JsonTree value={payload.json.value} />}
      {form === "json" && !payload.json && <p class="soft">{details.notJson}</p>}
      {form === "hex" && <HexView bytes={payload.bytes} />}
    </>
  );
}

/** Text as it is, anything else in hexadecimal. */
function CopyPayload({ payload }: { readonly payload: Payload }) {
  const { common } = texts.value;
  const outcome = useSignal<string | undefined>(undefined);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(payload.isText ? (payload.text ?? "") : hexOf(payload.bytes));
      outcome.value = common.copied;
    } catch {
      outcome.value = common.copyFailed;
    }
  };
  return (
    <>
      <span class="hint" role="status">
        {outcome.value}
      </span>
      <button type="button" class="quiet" onClick={copy}>
        <Icon name="copy" size={14} />
        {common.copy}
      </button>
    </>
  );
}

interface Payload {
  readonly bytes: Uint8Array;
  /** Of a binary message, too, where its bytes are UTF-8. */
  readonly text: string | undefined;
  readonly isText: boolean;
  readonly json: { readonly value: unknown } | undefined;
}

function read(data: WireData | undefined): Payload | undefined {
  if (!data) return undefined;
  if ("text" in data) {
    const { text } = data;
    return { text, isText: true, bytes: new TextEncoder().encode(text), json: parsed(text) };
  }
  const bytes = fromBase64(data.base64);
  const text = decoded(bytes);
  return { bytes, text, isText: false, json: text === undefined ? undefined : parsed(text) };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Numbers, words and strings on their own are JSON, too, but nothing to open. */
function parsed(text: string): { value: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
