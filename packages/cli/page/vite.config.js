import { defineConfig } from "vite";

export default defineConfig({
  // The page lies under a path with a secret in it, so nothing may be addressed from the root.
  base: "./",
  build: { outDir: "../dist/page", emptyOutDir: true, target: "es2022", modulePreload: false },
  // Vite puts these in the page only.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
