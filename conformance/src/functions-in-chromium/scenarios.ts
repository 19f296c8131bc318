import type { Scenario } from "./scenario.js";

const hundred = Array.from({ length: 100 }, (_, i) => String(i));

export const scenarios: readonly Scenario[] = [
  {
    name: "opened resolves with the open event, and again for an object that is OPEN",
    server: "echo",
    client: async ({ WebSocket, opened, closed, url }) => {
      const socket = new WebSocket(url);
      const first = await opened(socket);
      const states = [socket.readyState, first.target === socket, (await opened(socket)).type];
      socket.close();
      await closed(socket);
      return states;
    },
    expected: [1, true, "open"],
  },
  {
    name: "opened rejects where the handshake is refused",
    server: "refuse",
    client: async ({ WebSocket, opened, url }) => {
      const socket = new WebSocket(url);
      return opened(socket).then(
        () => "opened",
        (error) => error instanceof Error,
      );
    },
    expected: true,
  },
  {
    name: "closed resolves with the close event",
    server: "close",
    client: async ({ WebSocket, closed, url }) => {
      const { code, reason, wasClean } = await closed(new WebSocket(url));
      return { code, reason, wasClean };
    },
    expected: { code: 3001, reason: "enough", wasClean: true },
  },
  {
    name: "closed asked within the error event",
    server: "refuse",
    client: async ({ WebSocket, closed, url }) => {
      const socket = new WebSocket(url);
      const event = await new Promise<{ code: number }>((resolve) => {
        socket.addEventListener("error", () => resolve(closed(socket)));
      });
      return event.code;
    },
    expected: 1006,
  },
  {
    name: "messages called while CONNECTING gets all, and ends at a clean close",
    server: "count",
    client: async ({ WebSocket, messages, url }) => {
      const got: unknown[] = [];
      for await (const data of messages(new WebSocket(url))) got.push(data);
      return got;
    },
    expected: hundred,
  },
  {
    name: "messages loses nothing to a slow loop",
    server: "count",
    client: async ({ WebSocket, messages, url }) => {
      const got: unknown[] = [];
      for await (const data of messages(new WebSocket(url), { highWaterMark: 100 })) {
        got.push(data);
        if (got.length % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return got;
    },
    expected: hundred,
  },
  {
    name: "messages throws after the last message where the connection is cut",
    server: "count-and-cut",
    client: async ({ WebSocket, ClosedError, messages, url }) => {
      const got: unknown[] = [];
      try {
        for await (const data of messages(new WebSocket(url))) got.push(data);
      } catch (error) {
        // undici's error event says itself what was wrong; then it is that.
        const isReason = error instanceof ClosedError ? error.closeCode === 1006 : error instanceof TypeError;
        return { got, isReason };
      }
      return "ended";
    },
    expected: { got: hundred, isReason: true },
  },
  {
    name: "messages throws where the connection never opens",
    server: "refuse",
    client: async ({ WebSocket, messages, url }) =>
      messages(new WebSocket(url))
        .next()
        .then(
          () => "ended",
          (error) => error instanceof Error,
        ),
    expected: true,
  },
  {
    name: "messages: binary data as binaryType says",
    server: "echo",
    client: async ({ WebSocket, opened, messages, url }) => {
      const socket = new WebSocket(url);
      const loop = messages(socket);
      await opened(socket);
      socket.send(new Uint8Array([1, 2, 3]));
      const { value: blob } = await loop.next();
      socket.binaryType = "arraybuffer";
      socket.send(new Uint8Array([4, 5]));
      const { value: buffer } = await loop.next();
      socket.close();
      const { done } = await loop.next();
      return [
        blob instanceof Blob && blob.size,
        buffer instanceof ArrayBuffer && [...new Uint8Array(buffer)],
        done,
      ];
    },
    expected: [3, [4, 5], true],
  },
  {
    name: "messages: calls of next() overlap",
    server: "echo",
    client: async ({ WebSocket, opened, messages, url }) => {
      const socket = new WebSocket(url);
      const loop = messages(socket);
      await opened(socket);
      const steps = [loop.next(), loop.next(), loop.next()];
      socket.send("a");
      socket.send("b");
      const got = await Promise.all(steps.slice(0, 2));
      socket.close();
      return [...got, await steps[2]].map((result) => result?.value ?? "done");
    },
    expected: ["a", "b", "done"],
  },
  {
    name: "messages: break leaves the connection open",
    server: "echo",
    client: async ({ WebSocket, opened, messages, closed, url }) => {
      const socket = new WebSocket(url);
      await opened(socket);
      socket.send("a");
      const seen: unknown[] = [];
      for await (const data of messages(socket)) {
        seen.push(data);
        break;
      }
      seen.push(socket.readyState);
      const loop = messages(socket);
      socket.send("b");
      seen.push((await loop.next()).value);
      socket.close();
      seen.push((await closed(socket)).wasClean);
      return seen;
    },
    expected: ["a", 1, "b", true],
  },
  {
    name: "drained waits until the bytes have left",
    server: "slow",
    client: async ({ WebSocket, opened, drained, closed, url }) => {
      const socket = new WebSocket(url);
      await drained(socket);
      await opened(socket);
      const chunk = new Uint8Array(1024 * 1024);
      for (let i = 0; i < 32; i++) socket.send(chunk);
      const before = socket.bufferedAmount;
      await drained(socket, 8 * chunk.length);
      const between = socket.bufferedAmount;
      await drained(socket);
      const after = socket.bufferedAmount;
      socket.close();
      await closed(socket);
      return [before > 8 * chunk.length, between <= 8 * chunk.length, after];
    },
    expected: [true, true, 0],
  },
];
