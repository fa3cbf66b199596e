// The client: a lock with a fencing token, a watch that survives a broken connection, a write that happens exactly once.
// Run it against any cluster: node examples/client.mjs 127.0.0.1:2379
// Without an address it starts a member of its own and stops it at the end: node examples/client.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client, ClientError, jsonCodec, putting } from "@quorate/client";

/** The example's own member, when it is not told where a cluster is; a number is the first of its ports. */
async function ownMember(port) {
  const folder = mkdtempSync(join(tmpdir(), "quorate-client-"));
  const program = fileURLToPath(new URL("../packages/server/bin/quorate.js", import.meta.url));
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];
  const flags = [
    "--name=only",
    `--data-dir=${join(folder, "data")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=only=${peer}`,
  ];
  const child = spawn(process.execPath, [program, "serve", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        if (line.includes("ready to serve client requests")) resolve();
      });
    }
    child.once("exit", () => reject(new Error("The member did not start.")));
  });
  return {
    address: `127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const argument = process.argv[2] ?? "7200";
const member = /^\d+$/.test(argument) ? await ownMember(Number(argument)) : undefined;
const client = new Client({ endpoints: (member?.address ?? argument).split(",") });
const app = client.namespace(`example-${process.pid}/`);

// A watch is told of every change, in order, once, whatever member dies meanwhile.
const reports = app.watch("reports/", { prefix: true });
await reports.begun;
const printed = (async () => {
  for await (const { events, revision } of reports) {
    for (const { kv } of events) {
      console.log(
        `watch: ${Buffer.from(kv.key)} = ${Buffer.from(kv.value)} at revision ${revision}`,
      );
    }
    if (events.some(({ kv }) => Buffer.from(kv.key).toString() === "reports/last")) return;
  }
})();

// Two workers want the same lock. Each write carries the condition that its lock is still held.
const writeUnder = (lock, text) =>
  app.transact().when(lock.held).do(putting("reports/today", text)).commit();
const first = await app.lock("reporter");
console.log(`The first worker holds the lock with token ${first.token}.`);
const waiting = app.lock("reporter");
await writeUnder(first, "by the first");
await first.release();
const second = await waiting;
console.log(`The second holds it now; its token is larger: ${second.token > first.token}.`);
await writeUnder(second, "by the second");
const late = await writeUnder(first, "by the first, too late");
console.log(`A late write of the first is refused: ${!late.succeeded}.`);
await second.release();

// Writes of a session are applied exactly once, also when an answer is lost and the write is sent again.
const session = await app.openSession();
for (let n = 0; n < 10; n += 1) await session.put("counted", `${n}`);
console.log(`Ten writes, version ${(await app.find("counted")).version}.`);
await session.close();

// Typed values; `update` reads, changes and writes back until nobody got in between.
const stock = app.collection("stock/", jsonCodec());
await Promise.all(
  [1, 2, 3].map(() => stock.update("tea", (value) => ({ boxes: (value?.boxes ?? 0) + 1 }))),
);
console.log(`Boxes of tea: ${(await stock.get("tea")).value.boxes}.`);

// Every failure says whether the request may have taken effect.
try {
  await app.put("", "a key has to have a name");
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  console.log(`${error.code}, ${error.outcome}: ${error.message}`);
}

await app.put("reports/last", "done");
await printed;
await app.delete("", { prefix: true });
client.close();
await member?.stop();
