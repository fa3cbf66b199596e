// `npm run pack [folder]`: the packages as they are published, as tarballs. Only what the sources still make goes in, so
// that what an older build left in dist is not published.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readCommandLine } from "./command-line.mjs";
import { build, buildBundle, fail, root, say } from "./prepare.mjs";

/** What members start from, with the licences of what is in it. What V8 compiled of it is of one version and kind of processor. */
const BUNDLE_FILES = ["serve.cjs", "third-party-licenses.md"];

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
  buildBundle();
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
  stageBundle(from, to);
  return to;
}

/** The bundle is used where the manifest is the one it was published with: that pins every package that is in it. */
function stageBundle(from, to) {
  const [built, staged] = [from, to].map((place) => join(place, "dist", "bundle"));
  if (!existsSync(built)) return;
  mkdirSync(staged);
  for (const name of BUNDLE_FILES) cpSync(join(built, name), join(staged, name));
  const digest = createHash("sha256")
    .update(readFileSync(join(to, "package.json")))
    .digest("hex");
  writeFileSync(join(staged, "inputs.json"), JSON.stringify({ "../../package.json": digest }));
}

/** Whether a file of dist has a source. */
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
  const { positionals } = readCommandLine(
    `npm run pack -- [<folder>]

Packs the packages as they are published, into the folder or .quorate/packages.`,
    {},
    { positionals: true },
  );
  build();
  const folder = resolve(positionals[0] ?? join(root, ".quorate", "packages"));
  for (const [name, path] of packInto(folder)) say(`${name}: ${path}`);
}
