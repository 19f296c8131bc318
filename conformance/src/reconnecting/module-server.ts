import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const folders: Readonly<Record<string, string>> = {
  openline: fileURLToPath(new URL(".", import.meta.resolve("openline/reconnecting"))),
  cases: fileURLToPath(new URL(".", import.meta.url)),
};

/** Serves the built modules as they are, and an empty page under every other path. */
export async function serveModules(): Promise<{ url: string; stop(): void }> {
  const server = createServer(async (request, response) => {
    const [, folder = "", file = ""] = /^\/(openline|cases)\/([\w.-]+\.js)$/.exec(request.url ?? "") ?? [];
    const root = folders[folder];
    if (root === undefined) {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>reconnecting</title>");
      return;
    }
    response.setHeader("content-type", "text/javascript").end(await readFile(`${root}${file}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
