import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { type Browser, chromium } from "./playwright.js";
import { tarEntries } from "./tar-entries.js";

const inflate = promisify(brotliDecompress);

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why Chromium cannot run here, or `undefined`: the package carries one binary, for Linux on x64. */
export const cannotRun =
  process.platform === "linux" && process.arch === "x64"
    ? undefined
    : `@sparticuz/chromium has no binary for ${process.platform} ${process.arch}`;

/** @param flags of its command line, besides our own. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch(await chromiumProgram(flags));
}

/** How Chromium is started, by whatever drives it. */
export interface ChromiumProgram {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Another Chromium than the package's, which is a headless shell: a full one has a back-forward cache.
 */
export const fullChromium: string | undefined = process.env["CONFORMANCE_CHROMIUM"];

/** @param flags of its command line, besides our own. */
export async function chromiumProgram(flags: readonly string[] = []): Promise<ChromiumProgram> {
  if (fullChromium !== undefined) {
    return { executablePath: fullChromium, args: [...FLAGS, ...flags], env: process.env };
  }
  const home = await unpacked();
  const libraries = [join(home, "lib"), process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  return {
    executablePath: join(home, "chromium"),
    args: [...FLAGS, ...flags],
    // A bare machine has neither NSS nor a font; the package's own copies serve on every machine alike.
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: await fontsFile(home), HOME: home },
  };
}

/** Tells where the fonts are: the package's own file expects them where Amazon's machines have them. */
async function fontsFile(home: string): Promise<string> {
  const file = join(home, "openline-fonts.conf");
  if (existsSync(file)) return file;
  const preferred = (family: string, font: string) =>
    `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  const fresh = `${file}.${process.pid}`;
  await writeFile(
    fresh,
    [
      '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
      `<dir>${join(home, "fonts")}</dir><dir>/usr/share/fonts</dir><cachedir>${join(home, "fonts-cache")}</cachedir>`,
      preferred("system-ui", "Open Sans"),
      preferred("sans-serif", "Open Sans"),
      preferred("monospace", "DejaVu Sans Mono"),
      "</fontconfig>\n",
    ].join("\n"),
  );
  await rename(fresh, file);
  return file;
}

/**
 * The directory with the unpacked browser, made once for each version of the package.
 * The package's own `executablePath()` is not used: it hands out a half-written file when two processes start at
 * once, and leaves the shared libraries out on every machine but Amazon's.
 */
async function unpacked(): Promise<string> {
  const packageRoot = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..", "..");
  const { version } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  const cache = join(packageRoot, "..", "..", ".cache", "openline-chromium");
  const home = join(cache, version);
  if (existsSync(join(home, "chromium"))) return home;

  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, "unpacking-"));
  const packed = async (file: string) => inflate(await readFile(join(packageRoot, "bin", file)));
  await Promise.all([
    packed("chromium.br").then((binary) => writeFile(join(fresh, "chromium"), binary, { mode: 0o755 })),
    packed("al2023.tar.br").then((archive) => extract(archive, fresh)),
    packed("fonts.tar.br").then((archive) => extract(archive, fresh)),
  ]);
  try {
    await rename(fresh, home);
  } catch (error) {
    // Another process was faster; its copy is as good.
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(join(home, "chromium"))) throw error;
  }
  return home;
}

async function extract(archive: Buffer, directory: string): Promise<void> {
  for (const { name, executable, content } of tarEntries(archive)) {
    const path = join(directory, normalize(name));
    if (!path.startsWith(directory)) throw new Error(`tar entry outside of its directory: ${name}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: executable ? 0o755 : 0o644 });
  }
}
