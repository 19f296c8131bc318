import { defineTests } from "./define-tests.js";
import { undiciAndOurServer } from "./pair.js";

defineTests("the client of undici, our server", undiciAndOurServer, { clientEchoesReason: false });
