// A scratch build of the members with a mistake planted in it, to see whether the run notices.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../scripts/prepare.mjs";

/** Packages that a member is made of. */
const SCOPE = "@quorate";

/** Copies the packages, applies the patch, compiles. Resolves with how a member of that build is started. */
export function plant(patch, folder) {
  const tree = join(folder, "planted");
  mkdirSync(join(tree, "node_modules", SCOPE), { recursive: true });
  for (const name of ["package.json", "tsconfig.json", "tsconfig.base.json", "packages"]) {
    cpSync(join(root, name), join(tree, name), {
      recursive: true,
      // Time stamps tell the compiler what is up to date: only the patched file is not.
      preserveTimestamps: true,
      // A bundle is of the build without the mistake.
      filter: (source) => !/[\\/](test|node_modules|dist[\\/]bundle)$/.test(source),
    });
  }
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name === SCOPE) continue;
    symlinkSync(join(root, "node_modules", name), join(tree, "node_modules", name));
  }
  for (const name of readdirSync(join(root, "node_modules", SCOPE))) {
    symlinkSync(join(tree, "packages", name), join(tree, "node_modules", SCOPE, name));
  }
  run(
    "patch",
    ["-p1", "--batch", "--forward", "--no-backup-if-mismatch", "-i", resolve(patch)],
    tree,
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-b"], tree);
  return [process.execPath, join(tree, "packages", "server", "bin", "quorate.js"), "serve"];
}

function run(command, args, cwd) {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${stdout}${stderr}`.trim());
}
