// Plants small mistakes in packages/core/src, one at a time, and sees whether anything notices.
//   node bench/mutation/run.mjs [--report <file>] [part of a path…]
// Two judges: first conformance files and random schedules in a plain process, then, for those that pass, the unit tests.
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
// Read once: the working copy may go on while the mutants are judged.
const originals = new Map(
  sources.map((file) => [file, readFileSync(join(lanes[0], file), "utf8")]),
);
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
    const verdict =
      (await plant(lane, mutant.file, mutant.code)) ??
      (await judge(lane)) ??
      (await judgeByUnitTests(lane));
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
  writeFileSync(join(lane, file), code);
  try {
    writeFileSync(join(lane, "js", file.replace(/\.ts$/, ".js")), await compiled(file, code));
  } catch {
    return "does not compile";
  }
  return undefined;
}

async function compiled(file, code) {
  const result = await transformWithOxc(code, file);
  return result.code.replace(/(from|import) "([^"]+)\.ts"/g, '$1 "$2.js"');
}

/** The plain judge; returns what it noticed. */
function judge(lane) {
  return run([join(lane, "js/check.mjs")], join(lane, "js"));
}

function judgeByUnitTests(lane) {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const exclude = [
    "--exclude",
    "**/random-schedules.test.ts",
    "--exclude",
    "**/spec/invariants.test.ts",
  ];
  return run([vitest, "run", "packages/core", "--bail=1", "--reporter=dot", ...exclude], lane);
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

/** A copy of the core and its judges: TypeScript for the unit tests, JavaScript for the plain judge. */
async function scratchCopy() {
  const lane = mkdtempSync(join(tmpdir(), "quorate-mutation-"));
  for (const file of ["package.json", "vitest.config.ts", "tsconfig.base.json"]) {
    cpSync(join(root, file), join(lane, file));
  }
  cpSync(join(root, "packages/core"), join(lane, "packages/core"), {
    recursive: true,
    filter: (path) => !/\/(dist|node_modules)(\/|$)/.test(path),
  });
  cpSync(join(root, "docs/spec"), join(lane, "docs/spec"), { recursive: true });
  cpSync(join(root, "test/conformance"), join(lane, "test/conformance"), { recursive: true });
  mkdirSync(join(lane, "node_modules/@quorate"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@quorate")
      symlinkSync(join(root, "node_modules", name), join(lane, "node_modules", name));
  }
  symlinkSync(join(lane, "packages/core"), join(lane, "node_modules/@quorate/core"));

  const js = join(lane, "js");
  for (const folder of ["packages/core/src", "packages/core/test/support", "test/conformance"]) {
    for (const path of filesBelow(join(lane, folder))) {
      if (!path.endsWith(".ts") || path.endsWith(".test.ts")) continue;
      const file = relative(lane, path);
      const target = join(js, file.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, await compiled(file, readFileSync(path, "utf8")));
    }
  }
  cpSync(join(root, "test/conformance/golden"), join(js, "golden"), { recursive: true });
  cpSync(join(root, "bench/mutation/check.mjs"), join(js, "check.mjs"));
  writeFileSync(join(js, "package.json"), '{ "type": "module" }\n');
  const own = join(js, "node_modules/@quorate/core");
  mkdirSync(own, { recursive: true });
  writeFileSync(
    join(own, "package.json"),
    JSON.stringify({ name: "@quorate/core", type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(own, "index.js"), 'export * from "../../../packages/core/src/index.js";\n');
  return lane;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
