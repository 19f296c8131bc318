import { fileURLToPath } from "node:url";
import { build } from "vite";

const page = fileURLToPath(new URL("../../page/", import.meta.url));

/** A module of the page that needs no browser, bundled for Node.js. @param path below page/src */
export async function pageModule<T>(path: string): Promise<T> {
  const result = await build({
    root: page,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: { ssr: `src/${path}`, write: false, target: "node20" },
  });
  const [built] = Array.isArray(result) ? result : [result];
  const code = built !== undefined && "output" in built ? built.output[0].code : "";
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as T;
}
