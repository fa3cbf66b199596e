// node bench/core/size.mjs: what @quorate/core weighs when an application bundles all of it.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { root, say } from "../../scripts/prepare.mjs";

/** The whole of the core's public API as one minified ES module. */
export async function bundleCore() {
  const result = await build({
    logLevel: "silent",
    configFile: false,
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: { entry: join(root, "packages", "core", "dist", "index.js"), formats: ["es"] },
    },
  });
  const [{ output }] = Array.isArray(result) ? result : [result];
  return output[0].code;
}

if (process.argv[1]?.endsWith("size.mjs")) {
  const code = await bundleCore();
  const zipped = gzipSync(code, { level: 9 }).length;
  say(
    `@quorate/core: ${(code.length / 1000).toFixed(1)} kB minified, ${(zipped / 1000).toFixed(1)} kB gzipped`,
  );
  if (zipped > 40_000) {
    say("That is over the 40 kB it may have.");
    process.exit(1);
  }
}
