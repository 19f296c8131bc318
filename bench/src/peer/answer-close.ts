import { encodeClose } from "../frame-encoding.js";
import type { Behaviour } from "./behaviour.js";

const closeFrame = encodeClose(false);

/** Takes the first bytes that come for the client's close frame: answers it and ends the connection. */
export const answerClose: Behaviour = (socket) => {
  socket.once("data", () => socket.end(closeFrame));
};
