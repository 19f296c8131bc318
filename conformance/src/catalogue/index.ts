import type { WireCase } from "../case.js";
import { closing } from "./closing.js";
import { compression } from "./compression.js";
import { compressionParameters } from "./compression-parameters.js";
import { controlFrames } from "./control-frames.js";
import { fragmentation } from "./fragmentation.js";
import { framing } from "./framing.js";
import { limits } from "./limits.js";
import { masking } from "./masking.js";
import { opcodes } from "./opcodes.js";
import { reservedBits } from "./reserved-bits.js";
import { utf8 } from "./utf8.js";

/** All wire cases, by subject. The opening handshake has catalogues of its own, one for each role. */
export const catalogue: readonly WireCase[] = [
  ...framing,
  ...masking,
  ...reservedBits,
  ...opcodes,
  ...controlFrames,
  ...fragmentation,
  ...utf8,
  ...closing,
  ...limits,
  ...compression,
  ...compressionParameters,
];
