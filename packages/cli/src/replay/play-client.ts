import { opened, WebSocket } from "openline";
import type { ReplayFlags } from "../commands/replay.js";
import { failureOf } from "../connect/failure.js";
import { shownUrl } from "../connect/shown-url.js";
import { readConnectionTarget } from "../connection-target.js";
import { onInterruption } from "../interruption.js";
import { type Outcome, Player, type Tempo } from "./player.js";
import type { Report } from "./report.js";
import type { Scene } from "./scene.js";

/**
 * Plays a recorded client against a server.
 * @param protocols what the recorded client has asked for.
 */
export async function playClient(
  against: string,
  flags: ReplayFlags,
  scene: Scene,
  protocols: readonly string[],
  tempo: Tempo,
  report: Report,
): Promise<Outcome> {
  const { url, options } = await readConnectionTarget(against, flags);
  const socket = new WebSocket(url, { protocols, ...options });
  const player = new Player(socket, scene, tempo);
  const stopListening = onInterruption(() => {
    // While it is still connecting, that ends the attempt.
    if (socket.readyState === WebSocket.CONNECTING) socket.close();
    else player.interrupt();
  });
  try {
    await opened(socket);
  } catch (error) {
    const course = { wasOpen: false, closeAsked: false };
    throw failureOf({ code: 1006, reason: "", wasClean: false, error: error as Error }, course);
  }
  report.opened(shownUrl(url), scene);
  const outcome = await player.play();
  stopListening();
  return outcome;
}
