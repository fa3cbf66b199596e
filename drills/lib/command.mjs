// The quorate command as an operator runs it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../../scripts/prepare.mjs";

const PROGRAM = join(root, "packages", "server", "bin", "quorate.js");

/** Resolves with the exit code and everything that was printed, when the command has ended. */
export function quorate(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text: text.trim() }));
  });
}
