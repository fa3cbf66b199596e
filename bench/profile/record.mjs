// Profiles of running members, taken by the agent that was loaded into them.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const AGENT = fileURLToPath(new URL("agent.mjs", import.meta.url));
const ANSWER_TIMEOUT_MS = 30_000;

/** What Node is started with so that a member can be recorded. The member's QUORATE_PROFILE_FOLDER must be set. */
export function agentArguments() {
  return ["--import", pathToFileURL(AGENT).href];
}

const recordings = new Map();

async function appears(file) {
  const until = Date.now() + ANSWER_TIMEOUT_MS;
  while (!existsSync(file)) {
    if (Date.now() > until) throw new Error(`No profile was written to ${file}.`);
    await sleep(20);
  }
}

async function toggle(pids, folder, ending) {
  await Promise.all(
    pids.map((pid) => {
      process.kill(pid, "SIGUSR2");
      return appears(join(folder, `${pid}.${recordings.get(pid) ?? 0}.${ending}`));
    }),
  );
}

/** Runs `work` while these processes are recorded. */
export async function record(pids, folder, work) {
  mkdirSync(folder, { recursive: true });
  await toggle(pids, folder, "begun");
  const result = await work();
  await toggle(pids, folder, "json");
  const found = pids.map((pid) => {
    const count = recordings.get(pid) ?? 0;
    recordings.set(pid, count + 1);
    return JSON.parse(readFileSync(join(folder, `${pid}.${count}.json`), "utf8"));
  });
  return { result, recordings: found };
}
