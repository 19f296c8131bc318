import { connectionInfo, type WebSocket } from "openline";
import type { ReplayFlags } from "../commands/replay.js";
import { FailureError } from "../exit.js";
import { onInterruption } from "../interruption.js";
import { type Listener, listen } from "../serve/listener.js";
import { type Outcome, Player, type Tempo } from "./player.js";
import type { Report } from "./report.js";
import type { Scene } from "./scene.js";

/** What a recording says of the server besides its messages. */
export interface RecordedServer {
  /** Path and query of its URL. */
  readonly path: string;
  /** The one that it has chosen; undefined if it isn't known. */
  readonly subprotocol: string | undefined;
}

/** Tells a further client that the recording is being played to another. */
const busy = 4503;

/** Plays a recorded server to the first client that comes. */
export async function playServer(
  { port = 8080, host = "127.0.0.1", deflate }: ReplayFlags,
  { path, subprotocol }: RecordedServer,
  scene: Scene,
  tempo: Tempo,
  report: Report,
): Promise<Outcome> {
  const listener = await listen({
    host,
    port,
    certificate: undefined,
    subprotocols: subprotocol === undefined ? undefined : [subprotocol],
    origins: undefined,
    perMessageDeflate: deflate ? {} : false,
  });
  const playing = playToFirst(listener, scene, tempo, report);
  report.listening(new URL(path, listener.url).href);
  try {
    return await playing;
  } finally {
    await listener.close();
  }
}

function playToFirst({ server }: Listener, scene: Scene, tempo: Tempo, report: Report): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let player: Player | undefined;
    const stopListening = onInterruption(() => {
      if (player === undefined) reject(new FailureError("ended before a client came"));
      else player.interrupt();
    });
    server.on("connection", (socket: WebSocket) => {
      if (player !== undefined) {
        socket.close(busy, "The recording is being played to another client");
        return;
      }
      const { remoteAddress, remotePort } = connectionInfo(socket);
      report.opened(`${remoteAddress}:${remotePort}`, scene);
      player = new Player(socket, scene, tempo);
      void player.play().then((outcome) => {
        stopListening();
        resolve(outcome);
      }, reject);
    });
  });
}
