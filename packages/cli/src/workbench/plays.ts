import { drained, pause, resume, type WebSocket } from "openline";
import type { Place } from "./control-protocol.js";

/** What the embedded server does with a connection, by the name of its place. */
export const plays: Readonly<Record<Place["name"], (socket: WebSocket) => void>> = {
  echo,
  ticker,
  binary,
  big,
  burst,
  closing,
};

/** Most bytes that wait for a peer that doesn't read. */
const mostBuffered = 8 * 2 ** 20;

/** Sends each message back as it came. */
function echo(socket: WebSocket): void {
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    socket.send(data as string | ArrayBuffer);
    if (socket.bufferedAmount > mostBuffered) void catchUp(socket);
  };
}

/** Reads nothing more until the peer has read. */
async function catchUp(socket: WebSocket): Promise<void> {
  pause(socket);
  await drained(socket).catch(() => {});
  resume(socket);
}

/** Made-up prices as JSON, twice a second. */
function ticker(socket: WebSocket): void {
  const prices: Record<string, number> = { OPEN: 120, LINE: 42, PING: 7.5 };
  every(socket, 500, (tick) => {
    const symbols = Object.keys(prices);
    const symbol = symbols[tick % symbols.length] ?? "OPEN";
    const last = prices[symbol] ?? 1;
    const price = Math.max(0.01, Math.round(last * (1 + (Math.random() - 0.5) / 50) * 100) / 100);
    prices[symbol] = price;
    const change = Math.round((price - last) * 100) / 100;
    socket.send(JSON.stringify({ symbol, price, change, at: new Date().toISOString() }));
  });
}

/** Binary messages that get longer, once a second; what comes is sent back with its bytes in reverse. */
function binary(socket: WebSocket): void {
  socket.binaryType = "arraybuffer";
  every(socket, 1000, (tick) => {
    socket.send(Uint8Array.from({ length: 2 ** (tick % 13) }, (_, index) => (index * (tick + 1)) & 0xff));
  });
  socket.onmessage = ({ data }) => {
    const bytes =
      typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data as ArrayBuffer);
    socket.send(bytes.reverse());
  };
}

/** Big messages at once: text that compresses well, and bytes that don't. The same again for each message. */
function big(socket: WebSocket): void {
  const send = () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => ({
      line: index,
      text: "All work and no play",
    }));
    socket.send(JSON.stringify(lines));
    socket.send(crypto.getRandomValues(new Uint8Array(65_536)));
  };
  send();
  socket.onmessage = () => {
    if (socket.bufferedAmount < mostBuffered) send();
  };
}

/** A number gets as many messages, at most a hundred thousand. */
function burst(socket: WebSocket): void {
  socket.onmessage = ({ data }) => {
    const count = typeof data === "string" ? Number(data) : Number.NaN;
    if (!Number.isInteger(count) || count < 1 || count > 100_000) {
      socket.send("Send a number from 1 to 100000, and as many messages come");
      return;
    }
    void sendNumbered(socket, count);
  };
  socket.send("Send a number from 1 to 100000, and as many messages come");
}

async function sendNumbered(socket: WebSocket, count: number): Promise<void> {
  try {
    for (let index = 1; index <= count; index++) {
      socket.send(`${index} of ${count}`);
      if (index % 1000 === 0) await drained(socket, 2 ** 16);
    }
  } catch {
    // The connection has ended before.
  }
}

/** A close code and a reason get a connection that ends with them. */
function closing(socket: WebSocket): void {
  const hint = "Send a code and a reason, such as: 4001 Goodbye";
  socket.onmessage = ({ data }) => {
    const [, code, reason = ""] = /^(\d{4})(?:\s+(.*))?$/s.exec(String(data)) ?? [];
    try {
      if (code === undefined) throw new TypeError(hint);
      socket.close(Number(code), reason);
    } catch (error) {
      socket.send((error as Error).message);
    }
  };
  socket.send(hint);
}

/** Until the connection ends, and never while the peer is too slow. */
function every(socket: WebSocket, milliseconds: number, act: (tick: number) => void): void {
  let tick = 0;
  const timer = setInterval(() => {
    if (socket.bufferedAmount === 0) act(tick++);
  }, milliseconds);
  socket.addEventListener("close", () => clearInterval(timer));
}
