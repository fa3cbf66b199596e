// Plants small mistakes in packages/core/src, one at a time, and sees whether anything notices.
//   node bench/mutation/run.mjs [--report <file>] [part of a path…]
// The judge is one plain process for each: unit tests, conformance files, random schedules (check.mjs).
import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";
import { mutantsOf } from "./mutants.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Longer than any sound core takes, even on a busy machine: a mutant that hangs is killed. */
const JUDGE_MS = 60_000;
const LANES = 2;

const args = process.argv.slice(2);
const reportAt = args.indexOf("--report");
const reportFile = reportAt === -1 ? undefined : args.splice(reportAt, 2)[1];

const sources = filesBelow(join(root, "packages/core/src"))
  .map((file) => relative(root, file))
  .filter((file) => args.length === 0 || args.some((part) => file.includes(part)));

const lanes = await Promise.all(Array.from({ length: LANES }, scratchCopy));
// Read once: the sources may change while the mutants are judged.
const originals = new Map(sources.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const queue = sources.flatMap((file) =>
  mutantsOf(originals.get(file)).map((mutant) => ({ file, ...mutant })),
);
const total = queue.length;
console.log(`${total} mutants in ${sources.length} files`);
for (const lane of lanes) {
  const verdict = await judge(lane);
  if (verdict !== undefined) throw new Error(`the core itself does not pass: ${verdict}`);
}
const survivors = [];
let done = 0;
await Promise.all(lanes.map(work));
survivors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
const killed = total - survivors.length;
const lines = [
  `${killed} of ${total} mutants killed (${((100 * killed) / total).toFixed(1)} %)`,
  ...survivors.map(({ file, line, change }) => `${file}:${line}  ${change}`),
];
console.log(lines.join("\n"));
if (reportFile !== undefined) writeFileSync(reportFile, `${lines.join("\n")}\n`);
for (const lane of lanes) rmSync(lane, { recursive: true });

async function work(lane) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const verdict = (await plant(lane, mutant.file, mutant.code)) ?? (await judge(lane));
    await plant(lane, mutant.file, originals.get(mutant.file));
    done++;
    if (verdict === undefined) {
      survivors.push(mutant);
      console.log(`[${done}/${total}] survives  ${mutant.file}:${mutant.line}  ${mutant.change}`);
    }
  }
}

/** Writes a source and what it compiles to. Returns why it cannot be compiled. */
async function plant(lane, file, code) {
  try {
    writeFileSync(join(lane, file.replace(/\.ts$/, ".js")), await compiled(file, code));
  } catch {
    return "does not compile";
  }
  return undefined;
}

async function compiled(file, code) {
  const result = await transformWithOxc(code, file);
  return result.code.replace(/(from|import) "([^"]+)\.ts"/g, '$1 "$2.js"');
}

/** Returns what the judge noticed. */
function judge(lane) {
  return run([join(lane, "check.mjs")], lane);
}

function run(command, cwd) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), JUDGE_MS);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? undefined : output.trim().split("\n").at(-1) || "killed");
    });
  });
}

/** A copy of the core and its tests as JavaScript. */
async function scratchCopy() {
  const lane = mkdtempSync(join(tmpdir(), "quorate-mutation-"));
  for (const folder of ["packages/core/src", "packages/core/test", "test/conformance"]) {
    for (const path of filesBelow(join(root, folder))) {
      if (!path.endsWith(".ts")) continue;
      const file = relative(root, path);
      const target = join(lane, file.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, await compiled(file, readFileSync(path, "utf8")));
    }
  }
  cpSync(join(root, "docs/spec"), join(lane, "docs/spec"), { recursive: true });
  cpSync(join(root, "test/conformance/golden"), join(lane, "golden"), { recursive: true });
  cpSync(join(root, "bench/mutation/check.mjs"), join(lane, "check.mjs"));
  writeFileSync(join(lane, "package.json"), '{ "type": "module" }\n');
  provide(lane, "@quorate/core", 'export * from "../../../packages/core/src/index.js";\n');
  provide(lane, "vitest", readFileSync(join(root, "bench/mutation/plain-vitest.mjs"), "utf8"));
  for (const name of ["fast-check", "chai", "@vitest"]) {
    symlinkSync(join(root, "node_modules", name), join(lane, "node_modules", name));
  }
  return lane;
}

function provide(lane, name, code) {
  const folder = join(lane, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(folder, "index.js"), code);
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
