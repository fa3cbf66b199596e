// A lane: a scratch copy of the core, its tests and the conformance harness as plain JavaScript, which needs no runner.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Makes a lane in the folder for temporary files. Returns its path. */
export async function makeLane() {
  const lane = mkdtempSync(join(tmpdir(), "quorate-mutation-"));
  const sound = join(lane, "sound");
  for (const folder of ["packages/core/src", "packages/core/test", "test/conformance"]) {
    for (const path of filesBelow(join(root, folder))) {
      if (path.endsWith(".ts"))
        await plant(sound, relative(root, path), readFileSync(path, "utf8"));
    }
  }
  cpSync(join(root, "docs/spec"), join(sound, "docs/spec"), { recursive: true });
  provide(sound, "@quorate/core", 'export * from "../../../packages/core/src/index.js";\n');
  cpSync(join(root, "test/conformance/golden"), join(lane, "golden"), { recursive: true });
  cpSync(join(root, "bench/mutation/check.mjs"), join(lane, "check.mjs"));
  writeFileSync(join(lane, "package.json"), '{ "type": "module" }\n');
  provide(lane, "vitest", readFileSync(join(root, "bench/mutation/plain-vitest.mjs"), "utf8"));
  for (const name of ["fast-check", "chai", "@vitest"]) {
    symlinkSync(join(root, "node_modules", name), join(lane, "node_modules", name));
  }
  return lane;
}

/** A copy of everything in which one mutant can be planted: modules cannot be loaded twice from one place. */
export function copyOf(lane, number) {
  const copy = join(lane, `mutant-${number}`);
  cpSync(join(lane, "sound"), copy, { recursive: true });
  return copy;
}

/** Writes what a source compiles to. Throws when it cannot be compiled. */
export async function plant(folder, file, code) {
  const target = join(folder, file.replace(/\.ts$/, ".js"));
  const compiled = await transformWithOxc(code, file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, compiled.code.replace(/(from|import) "([^"]+)\.ts"/g, '$1 "$2.js"'));
}

export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function provide(into, name, code) {
  const folder = join(into, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(folder, "index.js"), code);
}
