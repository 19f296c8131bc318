import type { WebSocket } from "openline";
import { FaultyProxy, RestartingServer } from "openline/testing";
import { type Contestant, type Library, libraries } from "./contestants.js";
import { type Scene, scenes } from "./scenes.js";

const eventTypes = ["open", "message", "error", "close", "lost"];

/** Plays a scene with a library, on a network and a server of their own. */
async function play(scene: Scene, library: Library): Promise<string> {
  const received: string[] = [];
  const accepted: WebSocket[] = [];
  const opened: Contestant[] = [];
  const server = await RestartingServer.start({
    onConnection: (socket) => {
      accepted.push(socket);
      socket.onmessage = ({ data }) => received.push(String(data));
    },
  });
  const proxy = await FaultyProxy.start({ port: server.port });
  try {
    return await scene.play({
      library,
      server,
      proxy,
      received,
      accepted,
      open(url = proxy.url) {
        const socket = library.open(url);
        opened.push(socket);
        const count: Record<string, number> = {};
        for (const type of eventTypes) {
          socket.addEventListener(type, () => {
            count[type] = (count[type] ?? 0) + 1;
          });
        }
        return Object.assign(socket, { count });
      },
    });
  } finally {
    for (const socket of opened) socket.close();
    await proxy.close();
    await server.crash();
  }
}

/** A table in Markdown: a line for each scene, a column for each library. */
export async function compare(): Promise<string> {
  const rows = [
    ["", ...libraries.map(({ name }) => `\`${name}\``)],
    ["---", ...libraries.map(() => "---")],
  ];
  // What a library leaves unhandled would end the process; that it does belongs into the table.
  let unhandled = 0;
  process.on("unhandledRejection", () => unhandled++);
  for (const scene of scenes) {
    const cells: string[] = [];
    for (const library of libraries) {
      unhandled = 0;
      const outcome = await play(scene, library);
      cells.push(unhandled > 0 ? `${outcome}, and an unhandled rejection` : outcome);
    }
    rows.push([scene.title, ...cells]);
  }
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
