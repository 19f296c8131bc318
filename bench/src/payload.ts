import { Buffer } from "node:buffer";
import { randomNumbers } from "./random.js";

export interface PayloadKind {
  readonly format: "ascii" | "hangul" | "json" | "binary";
  /** Bytes on the wire, uncompressed. */
  readonly size: number;
}

export interface Payload {
  readonly isText: boolean;
  /** As a program hands it to `send`. */
  readonly data: string | Uint8Array<ArrayBuffer>;
  readonly bytes: Buffer;
}

const words = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt".split(
  " ",
);
const hangul = "모든 국민은 학문과 예술의 자유를 가진다 ";

/** `count` different messages of one kind; every call in every process gives the same. */
export function makePayloads(kind: PayloadKind, count: number): Payload[] {
  const random = randomNumbers(0x5eed + kind.size);
  return Array.from({ length: count }, (_, index) => {
    if (kind.format === "binary") {
      const data = Uint8Array.from({ length: kind.size }, () => random(256));
      return { isText: false, data, bytes: Buffer.from(data.buffer) };
    }
    const bytes = Buffer.from(textOf(kind, index, random));
    if (bytes.length !== kind.size)
      throw new Error(`a payload of ${bytes.length} bytes instead of ${kind.size}`);
    // Decoded from bytes, the string is flat, as one would be that came out of JSON.stringify.
    return { isText: true, data: bytes.toString(), bytes };
  });
}

function textOf(kind: PayloadKind, index: number, random: (below: number) => number): string {
  if (kind.format === "json") return jsonOf(kind.size, index, random);
  let text = `${index} `;
  let size = text.length;
  while (size < kind.size) {
    const piece = kind.format === "hangul" && random(2) === 0 ? hangul : `${words[random(words.length)]} `;
    const bytes = Buffer.byteLength(piece);
    if (size + bytes > kind.size) break;
    text += piece;
    size += bytes;
  }
  return text + "x".repeat(kind.size - size);
}

/** A record as a feed of prices or positions sends it; larger ones hold a list of such records. */
function jsonOf(size: number, index: number, random: (below: number) => number): string {
  const record = (): object => ({
    id: index * 1000 + random(1000),
    symbol: `${words[random(words.length)]}-${random(100)}`.toUpperCase(),
    bid: random(1_000_000) / 100,
    ask: random(1_000_000) / 100,
    position: { x: random(10_000) / 10, y: random(10_000) / 10 },
    active: random(2) === 0,
    tags: [words[random(words.length)], words[random(words.length)]],
    at: new Date(1_700_000_000_000 + random(1_000_000_000)).toISOString(),
  });
  const records: object[] = [record()];
  const render = (note: string): string => JSON.stringify({ type: "update", records, note });
  while (render("").length + 220 < size) records.push(record());
  let note = "";
  while (note.length < size) note += `${words[random(words.length)]} `;
  return render(note.slice(0, size - render("").length));
}
