import process from "node:process";
import {
  burst,
  closedByServer,
  closing,
  connecting,
  constants,
  exceptions,
  handlers,
  messages,
  refused,
  subprotocol,
} from "./tour/chapters.js";
import { verdict } from "./tour/expectations.js";
import { ending, nextStep, say, title } from "./tour/page.js";
import { startServer } from "./tour/server.js";

// A guard: should an event not come, the tour must end all the same.
const guard = setTimeout(() => {
  ending(false, "The tour has waited 30 seconds for something that does not come.");
  process.exit(1);
}, 30_000);

// Who reads only the beginning (`| head`) has seen enough.
process.stdout.on("error", () => process.exit(0));

const { server, url } = await startServer();

title("openline: a tour of the WebSocket object", `Node.js ${process.version}`);
say(
  "A client in this terminal talks to a server in the same process, over a real socket. Each line of the program is " +
    "followed by what it sees.",
);

await connecting(url);
await messages(url);
await handlers(url);
await burst(url);
await subprotocol(url);
await closing(url);
await closedByServer(url);
await refused();
await exceptions(url);
await constants(url);

await server.close();
clearTimeout(guard);

const { checked, wrong } = verdict();
if (wrong === 0)
  ending(true, `That was the tour: ${checked} values looked at, all as the standard has them.`);
else ending(false, `${wrong} of ${checked} values are not as they should be.`);
nextStep("See a connection in the browser, and break it:", "npx openline workbench");
process.exitCode = wrong === 0 ? 0 : 1;
