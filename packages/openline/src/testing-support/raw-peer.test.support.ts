import type { Socket } from "node:net";
import { closeCode, type Frame, FrameReader } from "./frames.test.support.js";
import { within } from "./guard.test.support.js";

/** The start line and the headers of an HTTP message, in the order and case of the wire. */
export class HttpHead {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];

  constructor(text: string) {
    const [startLine = "", ...lines] = text.split("\r\n");
    this.startLine = startLine;
    this.headers = lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
  }

  /** Every value of `name`, without regard to case. */
  all(name: string): string[] {
    return this.headers
      .filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
  }

  /** The only value of `name`; undefined where it is missing, an error where it is repeated. */
  get(name: string): string | undefined {
    const values = this.all(name);
    if (values.length > 1) throw new Error(`${name} stands ${values.length} times`);
    return values[0];
  }
}

/** The other end of a connection, byte by byte: an HTTP head, then frames. Nothing is answered by itself. */
export class RawPeer {
  readonly socket: Socket;
  /** The HTTP head that the other side sent. */
  readonly head: Promise<HttpHead>;
  /** What followed the head while no frames are read: the body of an HTTP answer. */
  body = "";
  /** Resolves when the other side has ended or cut the connection. */
  readonly ended: Promise<void>;
  readonly #reader = new FrameReader();
  readonly #frames: Frame[] = [];
  readonly #waiting: ((frame: Frame | undefined) => void)[] = [];
  #gone = false;

  constructor(socket: Socket) {
    this.socket = socket;
    let resolve: (head: HttpHead) => void = () => {};
    let reject: (error: Error) => void = () => {};
    this.head = new Promise((fulfil, fail) => {
      resolve = fulfil;
      reject = fail;
    });
    // Not every test looks at the head.
    this.head.catch(() => {});
    let gathered = Buffer.alloc(0);
    let inHead = true;
    socket.on("data", (chunk: Buffer) => {
      if (!inHead) {
        this.#take(chunk);
        return;
      }
      gathered = Buffer.concat([gathered, chunk]);
      const end = gathered.indexOf("\r\n\r\n");
      if (end < 0) return;
      inHead = false;
      const headText = gathered.subarray(0, end).toString("latin1");
      const rest = gathered.subarray(end + 4);
      if (/^HTTP\/1\.1 (?!101)/.test(headText)) {
        this.body = rest.toString();
        socket.removeAllListeners("data");
        socket.on("data", (more: Buffer) => {
          this.body += more.toString();
        });
      } else {
        this.#take(rest);
      }
      resolve(new HttpHead(headText));
    });
    socket.on("error", () => {});
    this.ended = new Promise((done) => {
      const finish = () => {
        this.#gone = true;
        reject(new Error("the connection ended before a whole HTTP head was there"));
        for (const waiting of this.#waiting.splice(0)) waiting(undefined);
        done();
      };
      socket.once("end", finish);
      socket.once("close", finish);
    });
  }

  /** Writes all `parts` in one go, so that they share a packet as far as loopback allows. */
  send(...parts: Uint8Array[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  async nextFrame(): Promise<Frame> {
    const frame = await this.nextFrameOrEnd();
    if (frame === undefined) throw new Error("the connection ended instead of sending a frame");
    return frame;
  }

  async nextFrameOrEnd(): Promise<Frame | undefined> {
    const ready = this.#frames.shift();
    if (ready !== undefined) return ready;
    if (this.#gone) return undefined;
    return within(new Promise<Frame | undefined>((resolve) => this.#waiting.push(resolve)), "a frame");
  }

  /** All frames up to the end of the connection. */
  async framesToEnd(): Promise<Frame[]> {
    const frames: Frame[] = [];
    for (;;) {
      const frame = await this.nextFrameOrEnd();
      if (frame === undefined) return frames;
      frames.push(frame);
    }
  }

  /** Skips to the other side's close frame and gives its code; undefined for an empty body. */
  async nextCloseCode(): Promise<number | undefined> {
    for (;;) {
      const frame = await this.nextFrame();
      if (frame.opcode === 0x8) return closeCode(frame);
    }
  }

  #take(bytes: Buffer): void {
    for (const frame of this.#reader.push(bytes)) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#frames.push(frame);
      else waiting(frame);
    }
  }
}
