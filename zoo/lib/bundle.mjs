// Makes one plain JavaScript file out of a set of sources, so that any copy of them runs without being installed.
import { join } from "node:path";
import { build } from "vite";

export const PORTABLE_PACKAGES = ["core", "explain", "host", "kv", "sim"];

/** Folders of these packages that only Node has: no run reaches them. */
const NODE_ONLY = /^packages\/(host\/src\/node|kv\/src\/lmdb)\//;

/** Whether a source file, as `packages/<name>/src/…`, is part of what is simulated. */
export function isBundled(file) {
  const [, name] = /^packages\/([^/]+)\/src\//.exec(file) ?? [];
  return name !== undefined && PORTABLE_PACKAGES.includes(name) && !NODE_ONLY.test(file);
}

/** `#field` as `$field` in the core: the exhaustive checker tells states apart by everything that they hold. */
const openFields = {
  name: "open-fields",
  transform(code, id) {
    if (!id.includes("/packages/core/src/")) return undefined;
    return { code: code.replace(/(^|[^\w"'`&])#([A-Za-z_]\w*)/g, "$1$$$2"), map: null };
  },
};

/**
 * Bundles `packages/sim` of the tree at `root`, with the packages it stands on, into `outFile`.
 * @throws Error with the bundler's words when the sources are not even valid.
 */
export async function bundle(root, outFile) {
  const alias = PORTABLE_PACKAGES.map((name) => ({
    find: new RegExp(`^@quorate/${name}$`),
    replacement: join(root, "packages", name, "src", "index.ts"),
  }));
  await build({
    root,
    configFile: false,
    logLevel: "silent",
    resolve: { alias },
    plugins: [{ ...openFields, enforce: "pre" }],
    ssr: { noExternal: true },
    build: {
      ssr: join(root, "packages", "sim", "src", "index.ts"),
      write: true,
      emptyOutDir: false,
      minify: false,
      outDir: join(outFile, ".."),
      rollupOptions: { output: { entryFileNames: outFile.split("/").at(-1), format: "es" } },
    },
  });
}
