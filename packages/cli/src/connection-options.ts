import type { Command } from "commander";
import { collect } from "./option-values.js";

// The options that say how to connect, the same for each command that connects. What they come to is read by
// connection-target.ts, which is loaded only when a command runs.

/** What commander reads. */
export interface ConnectionFlags {
  readonly subprotocol?: readonly string[];
  readonly header?: readonly string[];
  readonly origin?: string;
  readonly auth?: string;
  readonly proxy?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: true;
  readonly http2?: true;
  /** False with `--no-deflate`. */
  readonly deflate: boolean;
}

export function addConnectionOptions(command: Command): Command {
  return addTargetOptions(
    command
      .optionsGroup("How to connect:")
      .option("-s, --subprotocol <name>", "ask for a subprotocol; may be repeated", collect),
  )
    .option("--proxy <url>", "http: or https: proxy to go through, or env for the environment's")
    .option("--http2", "WebSocket over HTTP/2")
    .option("--no-deflate", "don't offer compression");
}

/** Those that are about the server, and not about the client's own wishes. */
export function addTargetOptions(command: Command): Command {
  return command
    .optionsGroup("How to connect:")
    .option("-H, --header <line>", '"Name: value", or @FILE with one a line; may be repeated', collect)
    .option("--origin <origin>", "the Origin header, such as https://example.com")
    .option("--auth <user:password>", "log in (Basic), or @FILE that holds user:password")
    .option("--ca <file>", "PEM file of the authorities to trust")
    .option("--cert <file>", "PEM file of the client's certificate")
    .option("--key <file>", "PEM file of its private key, if it isn't in the same file")
    .option("--insecure", "take any certificate: for tests");
}
