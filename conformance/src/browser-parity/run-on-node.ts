import { CloseEvent, MessageEvent, WebSocket, WebSocketError, WebSocketStream } from "openline";
import type { Peer } from "./peer.js";
import type { Scene } from "./scene.js";
import { createStage, type RecordingStage } from "./stage.js";
import type { Platform } from "./web-interface.js";

/** Calls the client with openline's objects and gives its part of the transcript, as JSON. */
export class NodeRunner {
  #stage: RecordingStage | undefined;

  async run(scene: Scene, peer: Peer): Promise<string> {
    const classes = { WebSocket, WebSocketStream, WebSocketError, CloseEvent, MessageEvent };
    const platform = classes as unknown as Platform;
    const recording = createStage(platform, peer.port, {
      tell: (step) => peer.reached.reach(step),
      told: (step) => peer.told.wait(step),
    });
    this.#stage = recording;
    // A page reports a handler's exception to `window`; Node would end the process.
    process.setUncaughtExceptionCaptureCallback(null);
    process.setUncaughtExceptionCaptureCallback(recording.uncaught);
    try {
      await scene.client(recording.stage);
      return await recording.transcript();
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
    }
  }

  async soFar(): Promise<string> {
    return (await this.#stage?.transcript()) ?? "";
  }
}
