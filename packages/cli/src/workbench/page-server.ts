import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { WebSocket } from "openline";
import { WebSocketServer } from "openline/server";
import { FailureError } from "../exit.js";
import { Access, type Caller, isSame, newSecret } from "./access.js";
import type { PageFiles } from "./page-files.js";

/** Most bytes of one message from the page: 16 MiB to be sent, in base64. */
export const maxControlMessage = 24 * 2 ** 20;

/** Milliseconds for a browser to start. */
const invitationLifetime = 60_000;

/** What `PageServer.start` takes. */
export interface PageServerOptions {
  readonly port: number;
  readonly files: PageFiles;
  /** Answers a GET for what isn't a file. @returns whether there is such a thing. */
  readonly serve: (path: string, query: URLSearchParams, response: ServerResponse) => Promise<boolean>;
  /** Gets each control connection. */
  readonly onPage: (socket: WebSocket) => void;
}

/**
 * The local HTTP server that the page comes from. It answers nothing but its own page: all lies behind a secret in the
 * path, and whoever comes without it, by another name or from another site gets an empty refusal.
 */
export class PageServer {
  readonly #http: Server;
  readonly #control = new WebSocketServer({
    noServer: true,
    maxPayload: maxControlMessage,
    perMessageDeflate: false,
    // A page that hangs mustn't hold the end up.
    closeTimeout: 1000,
  });
  readonly #options: PageServerOptions;
  readonly #token = newSecret();
  readonly #access: Access;
  /** The path that leads to the page once, and never again. */
  #invitation: string | undefined;

  private constructor(http: Server, options: PageServerOptions) {
    this.#http = http;
    this.#options = options;
    this.#access = new Access(this.#token, this.#port);
    this.#control.on("connection", options.onPage);
    http.on("request", (request, response) => {
      this.#answer(request, response).catch(() => {
        if (response.headersSent) response.destroy();
        else refuse(response, 500);
      });
    });
    http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Listens on 127.0.0.1. @throws FailureError where the port can't be had. */
  static async start(options: PageServerOptions): Promise<PageServer> {
    const http = createServer();
    try {
      await once(http.listen(options.port, "127.0.0.1"), "listening");
    } catch (error) {
      const { code = "error" } = error as NodeJS.ErrnoException;
      throw new FailureError(`Can't listen on port ${options.port} of 127.0.0.1: ${code}`, { cause: error });
    }
    return new PageServer(http, options);
  }

  /** The page's address, with the token. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/${this.#token}/`;
  }

  /** Where browsers may have the page from. */
  get origins(): readonly string[] {
    return this.#access.origins;
  }

  /**
   * A URL that leads to the page once. To start a browser, its command line has to hold a URL, and other users of the
   * machine can read command lines.
   */
  invite(): string {
    const invitation = newSecret();
    this.#invitation = invitation;
    // Nobody may find it later, should no browser have come.
    setTimeout(() => {
      if (this.#invitation === invitation) this.#invitation = undefined;
    }, invitationLifetime).unref();
    return `http://127.0.0.1:${this.#port}/${invitation}`;
  }

  /** Ends the control connections with 1001, and all others. */
  async close(): Promise<void> {
    const stopped = new Promise((resolve) => this.#http.close(resolve));
    await this.#control.close();
    this.#http.closeAllConnections();
    await stopped;
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A body is never asked for, and never read.
    request.resume();
    const caller = callerOf(request);
    const { pathname, query } = targetOf(request);
    if (!this.#access.isOwnHost(caller.host) || this.#access.isForeign(caller)) return refuse(response, 403);
    if (this.#invitation !== undefined && isSame(pathname.slice(1), this.#invitation)) {
      this.#invitation = undefined;
      return redirect(response, `/${this.#token}/`);
    }
    const path = this.#access.behindToken(pathname);
    if (path === undefined) return refuse(response, 404);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
    if (path === "") return redirect(response, `/${this.#token}/`);
    for (const [name, value] of Object.entries(headersFor(caller.host))) response.setHeader(name, value);
    const file = await this.#options.files.read(path === "/" ? "index.html" : path.slice(1));
    if (file !== undefined) {
      response.writeHead(200, { "Content-Type": file.type, "Content-Length": file.content.length });
      response.end(request.method === "HEAD" ? undefined : file.content);
    } else if (request.method === "HEAD" || !(await this.#options.serve(path.slice(1), query, response))) {
      refuse(response, 404);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const { host, origin } = callerOf(request);
    const path = this.#access.behindToken(targetOf(request).pathname);
    if (!this.#access.isOwnOrigin(origin, host)) refuseUpgrade(socket, "403 Forbidden");
    else if (path !== "/control") refuseUpgrade(socket, "404 Not Found");
    else this.#control.handleUpgrade(request, socket, head);
  }
}

function callerOf({ headers }: IncomingMessage): Caller {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    host: headers.host,
    origin: headers.origin,
    site: one("sec-fetch-site"),
    destination: one("sec-fetch-dest"),
  };
}

function targetOf({ url = "" }: IncomingMessage): { pathname: string; query: URLSearchParams } {
  const [pathname = "", search = ""] = url.split(/\?(.*)/s, 2);
  return { pathname, query: new URLSearchParams(search) };
}

/** @param host one of our own names. */
function headersFor(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    // The page's own connections all go through lines, which are on this machine.
    `connect-src 'self' ws://${host} ws://127.0.0.1:*`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return { ...commonHeaders, "Content-Security-Policy": policy.join("; ") };
}

const commonHeaders = {
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...commonHeaders, Location: location }).end();
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...commonHeaders, Connection: "close" }).end();
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
