// Everything that judges the sources without running the product: types, lint and format, lockfile, dependencies' reasons.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCommandLine } from "./command-line.mjs";
import { prepare, root, run, say } from "./prepare.mjs";

readCommandLine(
  `npm run check

Judges the sources without running the product: types, lint and format, the lockfile, dependencies. There are no options.`,
  {},
);
prepare();

const bin = (name, file) => join(root, "node_modules", name, ...file);
const read = (path) => readFileSync(join(root, path), "utf8");

function lockfileNamesNoHost() {
  const hosts = [...read("package-lock.json").matchAll(/"resolved": "(https?:[^"]+)"/g)];
  for (const [, address] of hosts) say(`package-lock.json records a download address: ${address}`);
  return hosts.length === 0;
}

function everyDependencyHasAReason() {
  const reasons = read("docs/dependencies.md");
  const manifests = [
    "package.json",
    ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`),
  ];
  let complete = true;
  for (const manifest of manifests) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(manifest));
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      if (name.startsWith("@quorate/") || name === "quorate" || reasons.includes(`\`${name}\``))
        continue;
      say(`docs/dependencies.md gives no reason for ${name}, which ${manifest} asks for`);
      complete = false;
    }
  }
  return complete;
}

const CHECKS = [
  [
    "types of sources, tests and tools",
    () =>
      run(process.execPath, [bin("typescript", ["bin", "tsc"]), "-p", "tsconfig.check.json"]) === 0,
  ],
  [
    "lint and format",
    () =>
      run(process.execPath, [
        bin("@biomejs/biome", ["bin", "biome"]),
        "check",
        "--error-on-warnings",
        ".",
      ]) === 0,
  ],
  ["lockfile names no host", lockfileNamesNoHost],
  ["every dependency has its reason", everyDependencyHasAReason],
];

let failed = 0;
for (const [name, holds] of CHECKS) {
  const ok = holds();
  say(`${ok ? "ok    " : "FAILED"} ${name}`);
  if (!ok) failed += 1;
}
say(`${CHECKS.length - failed} checks passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
