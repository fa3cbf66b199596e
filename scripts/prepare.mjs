// Brings a checkout to the point where it can run: the right Node, dependencies installed, sources built.
// Plain JavaScript without dependencies, because it is what runs before there are any.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const MIN_NODE = [20, 19];
const INSTALL_STAMP = join(root, "node_modules", ".installed-for");

// Whoever reads our output may stop reading, as in "npm run drill -- list | head".
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** Prints one plain line; every script speaks through it. */
export function say(line = "") {
  process.stdout.write(`${line}\n`);
}

/** Stops with one sentence and a non-zero exit code. */
export function fail(sentence, code = 1) {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return;
  fail(`Quorate needs Node ${MIN_NODE.join(".")} or newer; this is ${process.versions.node}.`);
}

/** Runs a program of the checkout with its output shown as it comes. Returns its exit code. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) fail(`Cannot run ${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** True when npm itself last wrote node_modules after the lockfile, as after a developer's own `npm install`. */
function installedByHand() {
  const written = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(written)) return false;
  return statSync(written).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

/** Installs what the lockfile names, when it was not yet or has changed since. */
export function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = existsSync(INSTALL_STAMP) ? readFileSync(INSTALL_STAMP, "utf8") : "";
  if (stamp === lock || installedByHand()) return;
  say(
    existsSync(join(root, "node_modules"))
      ? "Dependencies have changed: installing …"
      : "Installing dependencies (once, about a quarter of a minute) …",
  );
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const status = run(command, [...first, "ci", "--loglevel=error"]);
  if (status !== 0) fail("Installing the dependencies failed; npm's words are above.", status);
  mkdirSync(dirname(INSTALL_STAMP), { recursive: true });
  writeFileSync(INSTALL_STAMP, lock);
}

/** Compiles what is missing or stale; the compiler itself knows which. */
export function build() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  if (!existsSync(join(root, "packages", "server", "dist", "index.js"))) {
    say("Building (once, a few seconds) …");
  }
  const status = run(process.execPath, [tsc, "-b"]);
  if (status !== 0) fail("The build failed; the compiler's words are above.", status);
}

/** Packages whose sources the page is built from. */
const PAGE_PACKAGES = ["console", "core", "explain", "sim"];
const PAGE = join(root, "packages", "server", "dist", "page", "index.html");

/** Builds the page that every member serves, when one of its sources is newer than it. */
export function buildPage() {
  if (existsSync(PAGE) && !isNewerThan(statSync(PAGE).mtimeMs)) return;
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const folder = join(root, "packages", "console");
  const status = run(process.execPath, [vite, "build", "--logLevel=warn"], { cwd: folder });
  if (status !== 0) fail("Building the page failed; the words of its builder are above.", status);
}

function isNewerThan(builtMs) {
  const folder = (name) => join(root, "packages", name, "src");
  const page = ["index.html", "vite.config.mjs", "package.json"];
  const files = [
    ...page.map((name) => join(root, "packages", "console", name)),
    ...PAGE_PACKAGES.flatMap((name) =>
      readdirSync(folder(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    ),
  ];
  return files.some((file) => statSync(file).mtimeMs > builtMs);
}

/** Builds the one file that members start from, when what it is made of has changed. */
export function buildBundle() {
  const status = run(process.execPath, [join(root, "scripts", "bundle.mjs")]);
  if (status !== 0) fail("Bundling the server failed; the words are above.", status);
}

export function prepare() {
  checkNode();
  install();
  build();
  buildPage();
  buildBundle();
}
