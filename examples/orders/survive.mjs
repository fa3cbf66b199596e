// Three members as processes, orders without pause, kill -9 again and again: no accepted order is lost.
// Run it: node examples/orders/survive.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const KILLS = 3;
const basePort = Number(process.argv[2] ?? 7100);
const program = fileURLToPath(new URL("member.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quorate-orders-"));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let leader = 1;
const processes = new Map();
function start(id) {
  const child = spawn(process.execPath, [program, `${id}`, folder, `${basePort}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.on("data", (text) => {
    if (String(text).includes("is leader")) leader = id;
  });
  child.once("exit", (code) => {
    // Killed ones have no code: this one could not start, and has said why.
    if (code !== null && code !== 0) process.exit(code);
  });
  processes.set(id, child);
}

function kill(id) {
  const child = processes.get(id);
  child.kill("SIGKILL");
  return new Promise((resolve) => child.once("exit", resolve));
}

/** Asks one member after the other until one has answered. Orders have ids: asking again is safe. */
async function ask(order, method, query = "") {
  for (let attempt = 0; ; attempt += 1) {
    const port = basePort + 11 + ((order + attempt) % 3);
    try {
      const url = `http://127.0.0.1:${port}/orders/${order}${query}`;
      const answer = await fetch(url, { method, signal: AbortSignal.timeout(6_000) });
      if (answer.ok) return await answer.json();
    } catch {
      // Killed, or not started yet: the next one is asked.
    }
    await pause(20);
  }
}

const place = (order) => ask(order, "PUT", "?item=tea&quantity=1");

for (const id of [1, 2, 3]) start(id);
await place(0);
console.log("Three members run and have accepted the first order.");

let placed = 1;
let stop = false;
const customer = (async () => {
  while (!stop) {
    await place(placed);
    placed += 1;
  }
})();

for (let n = 1; n <= KILLS; n += 1) {
  const before = placed;
  const victim = leader;
  await kill(victim);
  const killedAt = performance.now();
  while (placed < before + 5) await pause(5);
  const after = Math.round(performance.now() - killedAt);
  console.log(`kill -9 of the leader, member ${victim}: five more orders within ${after} ms.`);
  start(victim);
}
stop = true;
await customer;

await Promise.all([1, 2, 3].map(kill));
console.log(`${placed} orders accepted. All three members killed at once and started again.`);
for (const id of [1, 2, 3]) start(id);
await place(placed);

let missing = 0;
for (let order = 0; order <= placed; order += 1) {
  const found = await ask(order, "GET");
  if (found?.item !== "tea") missing += 1;
}
console.log(`${placed + 1} orders read back, ${missing} missing.`);

for (const child of processes.values()) child.kill("SIGTERM");
await Promise.all(
  [...processes.values()].map((child) => new Promise((resolve) => child.once("exit", resolve))),
);
rmSync(folder, { recursive: true, force: true });
process.exitCode = missing === 0 ? 0 : 1;
