import { createHash } from "node:crypto";
import type { ByteChannel } from "./byte-channel.js";

/** A request's or a response's head, read without an HTTP library. */
export interface HttpHead {
  /** `GET / HTTP/1.1` or `HTTP/1.1 101 Switching Protocols` */
  readonly startLine: string;
  /** Lower-case name and value, in the order of the wire. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}

export async function readHead(channel: ByteChannel): Promise<HttpHead> {
  const text = await channel.read("an HTTP head", (bytes) => {
    const end = bytes.indexOf("\r\n\r\n");
    return end === -1 ? bytes.length + 1 : { value: bytes.toString("latin1", 0, end), size: end + 4 };
  });
  if (text === null) throw new Error("the connection ended before an HTTP head was there");
  const [startLine = "", ...lines] = text.split("\r\n");
  const fields = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { startLine, fields };
}

/** The value of a field that stands once at most. */
export function field(head: HttpHead, name: string): string | undefined {
  const values = head.fields.filter(([key]) => key === name).map(([, value]) => value);
  if (values.length > 1) throw new Error(`${name} stands ${values.length} times: ${values.join(" | ")}`);
  return values[0];
}

/** [6455] 4.2.2, step 5.4 */
export function acceptFor(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
