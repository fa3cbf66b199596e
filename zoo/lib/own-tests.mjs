// Runs the tests of patched packages, for what no simulated run sees: code that is not simulated, or mistakes that need
// an input which no workload makes.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** What is not needed for tests, or would be the unpatched sources again. */
const LEFT_OUT = new Set(["node_modules", "dist", ".git"]);

/** The files that a patch changes, as `packages/<name>/src/…`. */
export function changedFiles(patch) {
  return [...readFileSync(patch, "utf8").matchAll(/^\+\+\+ (?:b\/)?(\S+)/gm)].map(
    ([, file]) => file,
  );
}

/** Folders of tests beside the changed sources first, then those of their whole packages. */
function foldersOf(root, files) {
  const near = new Set();
  const all = new Set();
  for (const file of files) {
    const [, name, part] = /^packages\/([^/]+)\/src\/(?:([^/]+)\/)?/.exec(file) ?? [];
    if (name === undefined || !existsSync(join(root, "packages", name, "test"))) continue;
    all.add(`packages/${name}/test`);
    const folder = `packages/${name}/test/${part}`;
    if (existsSync(join(root, folder))) near.add(folder);
  }
  return [[...near], [...all]].filter((folders) => folders.length > 0);
}

/** A copy of the whole checkout in which every package stands for itself. */
function copyCheckout(root, tree) {
  cpSync(root, tree, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(relative(root, source).split("/").at(-1)),
  });
  const modules = join(tree, "node_modules");
  mkdirSync(join(modules, "@quorate"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@quorate") symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  for (const name of readdirSync(join(root, "node_modules", "@quorate"))) {
    symlinkSync(join(tree, "packages", name), join(modules, "@quorate", name));
  }
}

/** Processor seconds and the first file that fails, if any, of at most `seconds` of each process. */
async function runTests(tree, paths, seconds) {
  const report = join(tree, "report.json");
  const line = `ulimit -t ${seconds}; "$@" >/dev/null 2>&1; times`;
  const command = [
    process.execPath,
    join(tree, "node_modules", "vitest", "vitest.mjs"),
    ...["run", ...paths, "--bail", "1", "--maxWorkers", "1"],
    ...["--reporter", "json", "--outputFile", report],
  ];
  const child = spawn("/bin/bash", ["-c", line, "bash", ...command], { cwd: tree });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  await new Promise((done) => {
    child.on("close", done);
  });
  const cpuSeconds = [...output.matchAll(/(\d+)m([\d.]+)s/g)]
    .slice(-2)
    .reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  const results = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
  const failed = results.find(({ status }) => status === "failed");
  const assertion = failed?.assertionResults?.find(({ status }) => status === "failed");
  return {
    cpuSeconds,
    failed: failed === undefined ? undefined : relative(tree, failed.name),
    why: assertion?.title ?? failed?.message ?? "",
  };
}

/**
 * Runs the tests of what `patch` changes until one fails that passes without it. Undefined `failed`: none does. Runs in
 * `tree`, which must not exist.
 */
export async function ownTests(root, patch, tree, seconds) {
  copyCheckout(root, tree);
  const apply = (...more) =>
    spawnSync(
      "patch",
      ["-p1", "--batch", "--fuzz=3", "--no-backup-if-mismatch", ...more, "-i", patch],
      {
        cwd: tree,
      },
    ).status === 0;
  if (!apply("--forward")) return { cpuSeconds: 0 };
  let cpuSeconds = 0;
  for (const folders of foldersOf(root, changedFiles(patch))) {
    const patched = await runTests(tree, folders, seconds);
    cpuSeconds += patched.cpuSeconds;
    if (patched.failed === undefined) continue;
    // A test that fails here for reasons of its own says nothing about the patch.
    apply("--reverse");
    const plain = await runTests(tree, [patched.failed], seconds);
    apply("--forward");
    if (plain.failed === undefined) return { cpuSeconds, failed: patched.failed, why: patched.why };
  }
  return { cpuSeconds };
}
