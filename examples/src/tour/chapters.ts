import { WebSocket } from "openline";
import { expect } from "./expectations.js";
import { nextEvent, nextEventShown } from "./next-event.js";
import { chapter, code, say, table, value } from "./page.js";
import { unusedPort } from "./server.js";
import { show, showState } from "./show.js";

/** The exception that `run` throws. */
function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "no exception";
}

function showThrown(error: unknown): void {
  value("throws", nameOf(error));
  if (error instanceof Error) value("message", error.message);
}

export async function connecting(url: string): Promise<void> {
  chapter("Connecting");
  say("The constructor returns at once. The connection comes later, with an open event.");

  code(`const ws = new WebSocket("${url}/")`);
  const ws = new WebSocket(`${url}/`);
  value("ws.readyState", showState(ws));
  expect("readyState after the constructor", ws.readyState, ws.CONNECTING);

  code('ws.send("too early")');
  const early = thrownBy(() => ws.send("too early"));
  showThrown(early);
  expect("the exception of an early send", nameOf(early), "InvalidStateError");

  code('ws.addEventListener("open", show)');
  const event = await nextEventShown(ws, "open");
  value("ws.readyState", showState(ws));
  value("ws.url", show(ws.url));
  value("ws.extensions", show(ws.extensions));
  expect("readyState after open", ws.readyState, ws.OPEN);
  expect("isTrusted of open", event.isTrusted, true);
  expect("bubbles of open", event.bubbles, false);
  expect("cancelBubble of open", event.cancelBubble, false);
  ws.close();
  await nextEvent(ws, "close");
}

export async function messages(url: string): Promise<void> {
  chapter("Messages");
  say(
    "send takes a string, a Blob, an ArrayBuffer or any view. A string goes out as text, all the others as binary. The server sends each one back as it came.",
  );
  const ws = new WebSocket(`${url}/`);
  await nextEvent(ws, "open");

  code('ws.send("Good morning, Straße 7 ☀")');
  ws.send("Good morning, Straße 7 ☀");
  const first = await nextEventShown(ws, "message");
  expect("the text that came back", first.data, "Good morning, Straße 7 ☀");
  expect("isTrusted of message", first.isTrusted, true);

  code('ws.binaryType = "arraybuffer"');
  ws.binaryType = "arraybuffer";
  const bytes = new Uint8Array([104, 101, 108, 108, 111]);
  const sent = [
    ["a string", "hello"],
    ["new Blob([bytes])", new Blob([bytes])],
    ["bytes.buffer", bytes.buffer],
    ["bytes.subarray(1, 4)", bytes.subarray(1, 4)],
    ["new DataView(bytes.buffer, 3)", new DataView(bytes.buffer, 3)],
  ] as const;
  const rows: string[][] = [];
  for (const [name, data] of sent) {
    ws.send(data);
    const { data: back } = await nextEvent(ws, "message");
    rows.push([name, show(back)]);
    if (typeof data === "string") expect(name, back, data);
    else expect(name, Buffer.from(back as ArrayBuffer), await contentOf(data));
  }
  table(["ws.send(…)", "event.data"], rows);

  code('ws.binaryType = "blob"');
  ws.binaryType = "blob";
  ws.send(bytes);
  const { data } = await nextEvent(ws, "message");
  value("event.data", show(data));
  value("await event.data.text()", data instanceof Blob ? show(await data.text()) : "not a Blob");
  expect("whether blob gives a Blob", data instanceof Blob, true);
  ws.close();
  await nextEvent(ws, "close");
}

async function contentOf(data: Blob | ArrayBuffer | ArrayBufferView): Promise<Buffer> {
  if (data instanceof Blob) return Buffer.from(await data.arrayBuffer());
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

export async function handlers(url: string): Promise<void> {
  chapter("Two ways to listen");
  say(
    'ws.onmessage = f and ws.addEventListener("message", f) are the same thing: both listeners get the same event, ' +
      "in the order in which they were attached.",
  );
  const ws = new WebSocket(`${url}/`);
  await nextEvent(ws, "open");
  const calls: string[] = [];
  const events = new Set<Event>();

  code('ws.addEventListener("message", first); ws.onmessage = second');
  ws.addEventListener("message", (event) => {
    calls.push("first");
    events.add(event);
  });
  ws.onmessage = (event) => {
    calls.push("second");
    events.add(event);
  };
  ws.send("for both");
  await nextEvent(ws, "message");
  value("called", calls.join(", "));
  value("events", String(events.size));
  expect("the listeners called", calls, ["first", "second"]);
  expect("the events seen", events.size, 1);
  ws.close();
  await nextEvent(ws, "close");
}

export async function burst(url: string): Promise<void> {
  chapter("One task a message");
  say(
    "Five messages arrive in one packet. Each is dispatched in a task of its own, as in a browser, so a loop that " +
      "awaits one event after the other misses none.",
  );
  const ws = new WebSocket(`${url}/burst`);
  await nextEvent(ws, "open");

  code('for (let i = 0; i < 5; i++) await once(ws, "message")');
  ws.send("go");
  const received: unknown[] = [];
  for (let i = 0; i < 5; i++) received.push((await nextEvent(ws, "message")).data);
  value("received", received.join(", "));
  expect("the messages of the burst", received, ["number 1", "number 2", "number 3", "number 4", "number 5"]);
  ws.close();
  await nextEvent(ws, "close");
}

export async function subprotocol(url: string): Promise<void> {
  chapter("A subprotocol");
  say("The second argument lists the subprotocols that the client speaks. The server picks one.");

  code(`new WebSocket("${url}/", ["chat.v1", "chat.v2"])`);
  const ws = new WebSocket(`${url}/`, ["chat.v1", "chat.v2"]);
  value("before open: ws.protocol", show(ws.protocol));
  await nextEvent(ws, "open");
  value("after open:  ws.protocol", show(ws.protocol));
  expect("the subprotocol", ws.protocol, "chat.v2");
  ws.close();
  await nextEvent(ws, "close");
}

export async function closing(url: string): Promise<void> {
  chapter("Closing, from this side");
  say("close starts the closing handshake; the close event comes once it is through.");
  const ws = new WebSocket(`${url}/`);
  await nextEvent(ws, "open");

  code('ws.close(1000, "that was all")');
  ws.close(1000, "that was all");
  value("ws.readyState", showState(ws));
  expect("readyState after close()", ws.readyState, ws.CLOSING);
  const event = await nextEventShown(ws, "close");
  value("ws.readyState", showState(ws));
  expect("readyState at the end", ws.readyState, ws.CLOSED);
  expect("the close event", [event.code, event.reason, event.wasClean], [1000, "that was all", true]);
}

export async function closedByServer(url: string): Promise<void> {
  chapter("Closing, from the other side");
  say("A server may close too. Its code and reason stand in the event, and the end is just as clean.");
  const ws = new WebSocket(`${url}/goodbye`);
  await nextEvent(ws, "open");

  code('ws.send("may I stay?")');
  ws.send("may I stay?");
  const event = await nextEventShown(ws, "close");
  expect("the close event", [event.code, event.reason, event.wasClean], [4001, "closing time", true]);
}

export async function refused(): Promise<void> {
  chapter("When nobody answers");
  say(
    "An error event, then a close event with 1006. In a browser the error event says nothing; here it also has a " +
      "property error, whose code is made for programs and whose message for people.",
  );
  const port = await unusedPort();

  code(`new WebSocket("ws://127.0.0.1:${port}/")`);
  const ws = new WebSocket(`ws://127.0.0.1:${port}/`);
  const error = nextEventShown(ws, "error");
  const close = nextEventShown(ws, "close");
  const { error: reason } = await error;
  const event = await close;
  value("ws.readyState", showState(ws));
  expect("error.code of a refused connection", reason.code, "ECONNREFUSED");
  expect("the close event", [event.code, event.reason, event.wasClean], [1006, "", false]);
}

export async function exceptions(url: string): Promise<void> {
  chapter("What throws");
  say("Mistakes of the program are exceptions, with the standard's names and the value that was wrong.");
  const ws = new WebSocket(`${url}/`);
  await nextEvent(ws, "open");
  const mistakes = [
    ['new WebSocket("nowhere")', () => new WebSocket("nowhere"), "SyntaxError"],
    [`new WebSocket("ftp://127.0.0.1/")`, () => new WebSocket("ftp://127.0.0.1/"), "SyntaxError"],
    [`new WebSocket(url, ["chat", "chat"])`, () => new WebSocket(url, ["chat", "chat"]), "SyntaxError"],
    ["ws.close(1001)", () => ws.close(1001), "InvalidAccessError"],
    ['ws.close(1000, "…".repeat(50))', () => ws.close(1000, "…".repeat(50)), "SyntaxError"],
  ] as const;
  for (const [text, run, name] of mistakes) {
    const error = thrownBy(run);
    code(text);
    showThrown(error);
    expect(`the exception of ${text}`, nameOf(error), name);
  }
  ws.close();
  await nextEvent(ws, "close");
}

export async function constants(url: string): Promise<void> {
  chapter("The constants of readyState");
  say("They stand on the class, on its prototype and so on every object.");
  const ws = new WebSocket(`${url}/`);
  await nextEvent(ws, "open");
  ws.close();
  await nextEvent(ws, "close");
  const names = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"] as const;
  const rows = names.map((name, number) => {
    const places = [ws[name], WebSocket[name], WebSocket.prototype[name]];
    expect(name, places, [number, number, number]);
    return [name, ...places.map(String)];
  });
  table(["", "ws", "WebSocket", "WebSocket.prototype"], rows);
  value("ws.readyState === ws.CLOSED", String(ws.readyState === ws.CLOSED));
  expect("ws.readyState === ws.CLOSED", ws.readyState === ws.CLOSED, true);
}
