import type * as openline from "openline/reconnecting";

// What Bun, Deno and Node.js run: one object over the runtime's own connections. Each line of its output is an event.
// Nothing is imported but what the first argument names, so that each runtime loads our files as they are.

const [module = "", url = ""] = process.argv.slice(2);
const { ReconnectingWebSocket } = (await import(module)) as typeof openline;
const { WebSocket } = globalThis as unknown as { WebSocket: openline.WebSocketConstructor };

const say = (...event: unknown[]) => console.log(JSON.stringify(event));

const socket = new ReconnectingWebSocket(url, ["numbers"], {
  WebSocket,
  minDelay: 5,
  maxDelay: 50,
  connectTimeout: 1000,
  idle: 300,
  timeout: 1500,
  keepSent: true,
  heartbeat: { message: "ping?", isReply: (data) => data === "pong!" },
  onOpen: (connection) => connection.send("hello"),
});
socket.binaryType = "arraybuffer";

let count = 0;
const sending = setInterval(() => {
  socket.send(String(count++));
  socket.send(new TextEncoder().encode(String(count++)));
}, 5);

for (const type of ["open", "up", "down", "reconnecting", "error"] as const) {
  socket.addEventListener(type, () => say(type, socket.readyState));
}
socket.onlost = ({ reason, messages }) => {
  const shown = messages.map((message) =>
    Number(typeof message === "string" ? message : new TextDecoder().decode(message as Uint8Array)),
  );
  say("lost", reason, shown);
};
socket.onclose = ({ code, wasClean }) => say("close", code, wasClean, socket.readyState, count);
socket.onmessage = ({ data }) => {
  if (data === "end") {
    clearInterval(sending);
    socket.close(3001, "as asked");
  } else say("message", data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data, socket.protocol);
};
