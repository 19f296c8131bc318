import { writeFileSync } from "node:fs";
import process from "node:process";
import { onOutputClosed } from "../closed-output.js";
import type { ServeFlags } from "../commands/serve.js";
import { whyUnreadable } from "../connection-target.js";
import { exitCode, UsageError } from "../exit.js";
import { onInterruption } from "../interruption.js";
import { broadcast, echo } from "./behaviours.js";
import type { Certificate } from "./certificate.js";
import { checkFlags } from "./check-flags.js";
import type { Behaviour, Client, ReceivedData } from "./client.js";
import { type Listener, listen } from "./listener.js";
import { Log } from "./log.js";
import { loadScript, ScriptBehaviour } from "./script.js";

/** `openline serve` */
export async function serve(flags: ServeFlags): Promise<void> {
  checkFlags(flags);
  const clients = new Set<Client>();
  const log = new Log(flags.quiet ? "nothing" : flags.json ? "json" : "lines");
  const behaviour = await chooseBehaviour(flags, clients, log);
  const certificate = await chooseCertificate(flags);
  const listener = await listen({
    host: flags.host,
    port: flags.port,
    certificate,
    subprotocols: flags.subprotocol,
    origins: flags.allowOrigin,
    perMessageDeflate: flags.deflate ? {} : false,
  });
  attend(listener, clients, behaviour, log);
  const ended = untilInterrupted();
  log.listening(listener.url, certificate?.fingerprint);
  const problem = await ended;
  await listener.close();
  log.end();
  if (problem !== undefined) log.complain(`stdout: ${problem.message}`);
  // A script may have left timers behind.
  process.exit(problem === undefined ? exitCode.clean : exitCode.failed);
}

async function chooseBehaviour(
  { broadcast: toAll, script }: ServeFlags,
  clients: ReadonlySet<Client>,
  log: Log,
): Promise<Behaviour> {
  if (script !== undefined) {
    return new ScriptBehaviour(await loadScript(script), script, (message, client) => {
      log.complain(
        `script ${script}${client === undefined ? "" : `, connection #${client.number}`}: ${message}`,
      );
    });
  }
  return toAll ? broadcast(clients) : echo;
}

async function chooseCertificate({ tls, saveCert, host }: ServeFlags): Promise<Certificate | undefined> {
  if (!tls) return undefined;
  const { makeCertificate } = await import("./certificate.js");
  const certificate = await makeCertificate(host);
  if (saveCert !== undefined) saveCertificate(saveCert, certificate);
  return certificate;
}

function saveCertificate(path: string, { cert }: Certificate): void {
  try {
    writeFileSync(path, cert);
  } catch (error) {
    throw new UsageError(`--save-cert "${path}": can't be written (${whyUnreadable(error)})`);
  }
}

function attend({ server }: Listener, clients: Set<Client>, behaviour: Behaviour, log: Log): void {
  let count = 0;
  server.on("connection", (socket, request) => {
    count += 1;
    const client: Client = { number: count, socket, request };
    clients.add(client);
    log.connected(client);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("close", () => clients.delete(client));
    behaviour.onConnection?.(client);
    socket.addEventListener("message", ({ data }) => behaviour.onMessage(client, data as ReceivedData));
  });
}

/** Until a signal comes, or stdout can't be written to any more: with what is wrong with it, if something is. */
function untilInterrupted(): Promise<Error | undefined> {
  return new Promise((resolve) => {
    onInterruption(() => resolve(undefined));
    onOutputClosed(resolve);
  });
}
