// Everything that a member runs in one file, for a quick start: the files of dist are over eight hundred, and finding,
// reading and compiling each took six tenths of a second of every restart. V8's compiled code is kept beside it. A
// member checks that the bundle is of this build, and runs from dist itself where it is not.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = join(root, "packages", "server");
const FOLDER = join(server, "dist", "bundle");
const FILE = "serve.cjs";
const INPUTS = "inputs.json";
const LICENSES = "third-party-licenses.md";
/** Long enough for a member that is alone to serve, even on a busy machine; the code it did not come to is compiled later. */
const STARTING_MS = 1_500;

/** What the compiler knows about each package's sources, and what the lockfile says of everybody else's. */
function inputFiles() {
  const packages = join(root, "packages");
  const states = readdirSync(packages)
    .filter((name) => name !== "console")
    .map((name) => join(packages, name, "dist"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".tsbuildinfo"))
        .map((name) => join(folder, name)),
    );
  return [...states, join(root, "package-lock.json")].sort();
}

/** Digests of the inputs by their paths, seen from the bundle's folder. */
function digests() {
  const entries = inputFiles().map((file) => [
    relative(FOLDER, file),
    createHash("sha256").update(readFileSync(file)).digest("hex"),
  ]);
  return JSON.stringify(Object.fromEntries(entries), undefined, 1);
}

/** Makes the bundle when it is missing or of another build. */
export async function bundleServer() {
  const inputs = digests();
  const stamp = join(FOLDER, INPUTS);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) return;
  rmSync(FOLDER, { recursive: true, force: true });
  const { build } = await import("vite");
  await build({
    configFile: false,
    logLevel: "warn",
    root: server,
    // lmdb finds its native part beside its own files.
    ssr: { noExternal: true, external: ["lmdb"] },
    build: {
      ssr: "dist/cli/serve-here.js",
      outDir: FOLDER,
      minify: false,
      target: "node20",
      copyPublicDir: false,
      // The bundle is published, and has others' code in it.
      license: { fileName: LICENSES },
      rolldownOptions: {
        // Vite's own plugins take their time on a busy machine; we have none that could be made faster.
        checks: { bundlerTimings: false },
        output: { format: "cjs", codeSplitting: false, entryFileNames: FILE },
      },
    },
  });
  writeFileSync(stamp, inputs);
  keepCompiledCode();
}

/** What a member does until it serves is compiled already when the next one starts. */
function keepCompiledCode() {
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), "compile"],
    { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] },
  );
  if (status !== 0) process.stderr.write(`A start of the bundle failed: ${stderr}\n`);
}

/** Starts a member on ports of the system's choice, and stops it as soon as it serves. */
async function compileByStarting() {
  const { keepCompiled } = await import(join(server, "dist", "cli", "bundle.js"));
  const folder = mkdtempSync(join(tmpdir(), "quorate-bundle-"));
  try {
    await keepCompiled(FOLDER, async ({ serveHere }) => {
      const anywhere = "http://127.0.0.1:0";
      const ended = serveHere([
        `--data-dir=${join(folder, "data")}`,
        `--listen-client-urls=${anywhere}`,
        `--advertise-client-urls=${anywhere}`,
        `--listen-peer-urls=${anywhere}`,
      ]);
      await Promise.race([ended, sleep(STARTING_MS)]);
      process.kill(process.pid, "SIGTERM");
      await ended;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === "compile") await compileByStarting();
  else await bundleServer();
}
