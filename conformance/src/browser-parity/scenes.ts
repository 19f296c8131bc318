import { closeArgumentScenes } from "./close-arguments.scenes.js";
import { closingScenes } from "./closing.scenes.js";
import { constructorScenes } from "./constructor.scenes.js";
import { deflateScenes } from "./deflate.scenes.js";
import { eventScenes } from "./events.scenes.js";
import { framingScenes } from "./framing.scenes.js";
import { handlerScenes } from "./handlers.scenes.js";
import { handshakeScenes } from "./handshake.scenes.js";
import { interfaceScenes } from "./interface.scenes.js";
import { messageDataScenes } from "./message-data.scenes.js";
import { messageScenes } from "./messages.scenes.js";
import type { Scene } from "./scene.js";
import { sendingScenes } from "./sending.scenes.js";
import { serverClosingScenes } from "./server-closing.scenes.js";
import { urlScenes } from "./url.scenes.js";

export const scenes: readonly Scene[] = [
  ...constructorScenes,
  ...urlScenes,
  ...interfaceScenes,
  ...handlerScenes,
  ...eventScenes,
  ...messageScenes,
  ...messageDataScenes,
  ...sendingScenes,
  ...closingScenes,
  ...closeArgumentScenes,
  ...serverClosingScenes,
  ...handshakeScenes,
  ...framingScenes,
  ...deflateScenes,
];
