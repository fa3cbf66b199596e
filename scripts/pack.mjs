// `npm run pack [folder]`: the packages as they are published, as tarballs. Only what the sources still make goes in, so
// that what an older build left in dist is not published.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, fail, root, say } from "./prepare.mjs";

/** Folders of the packages that are published. */
export function publishedPackages() {
  return readdirSync(join(root, "packages")).filter((name) => {
    const manifest = join(root, "packages", name, "package.json");
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).private !== true;
  });
}

/** Writes one tarball per package into the folder; their paths by the packages' names. */
export function packInto(folder) {
  mkdirSync(folder, { recursive: true });
  const staging = mkdtempSync(join(tmpdir(), "quorate-pack-"));
  try {
    const paths = publishedPackages().map((name) =>
      stage(join(root, "packages", name), join(staging, name)),
    );
    const packed = pack(paths, folder);
    return new Map(packed.map(({ name, filename }) => [name, join(folder, filename)]));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function stage(from, to) {
  const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  mkdirSync(to, { recursive: true });
  for (const part of ["package.json", "README.md", ...(manifest.files ?? [])]) {
    if (part.startsWith("!") || !existsSync(join(from, part))) continue;
    cpSync(join(from, part), join(to, part), {
      recursive: true,
      filter: (path) => part !== "dist" || isStillMade(path, from),
    });
  }
  cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
  return to;
}

/** Whether a file of dist has a source. The bundle has others' code in it, and stays where it was built. */
function isStillMade(path, from) {
  if (path === join(from, "dist", "bundle")) return false;
  const made = /^(.*)\.(?:js|d\.ts)(?:\.map)?$/.exec(path);
  if (made === null) return !path.endsWith(".tsbuildinfo");
  const source = made[1].replace(join(from, "dist"), join(from, "src"));
  return existsSync(`${source}.ts`) || existsSync(`${source}.tsx`);
}

function pack(paths, folder) {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...paths];
  const packed = spawnSync(command, [...first, ...args], { cwd: folder, encoding: "utf8" });
  if (packed.status !== 0) fail(`npm pack failed: ${packed.stderr}`);
  return JSON.parse(packed.stdout);
}

if (process.argv[1] === import.meta.filename) {
  build();
  const folder = resolve(process.argv[2] ?? join(root, ".quorate", "packages"));
  for (const [name, path] of packInto(folder)) say(`${name}: ${path}`);
}
