import { defaultClientConditions, defineConfig } from "vite";

/** The page is built from the sources of the packages it shows, into the files that the server brings along. */
export default defineConfig({
  base: "./",
  resolve: { conditions: ["@quorate/source", ...defaultClientConditions] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../server/dist/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // Vite's own plugins take their time on a busy machine; we have none that could be made faster.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
