// `npm start`: from a fresh clone to a running three-member cluster with its first write and read.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { numberFrom, readCommandLine } from "./command-line.mjs";
import { LocalCluster } from "./local-cluster.mjs";
import { fail, prepare, root, say } from "./prepare.mjs";

const DEFAULT_PORT = 23790;
const RESTART_AFTER_MS = 5000;

const HELP = `npm start -- [options]

Starts three members of Quorate on this machine, as three processes, and keeps them running until Ctrl-C.

  --data <folder>   where the members keep their data (default .quorate/cluster)
  --port <number>   first client port; the others are 10 and 20 above, peer ports one above each (default ${DEFAULT_PORT})
  --once            stop again after the first write and read
  --help            this text`;

const chosen = readCommandLine(HELP, {
  data: { type: "string", default: join(root, ".quorate", "cluster") },
  port: { type: "string", default: String(DEFAULT_PORT) },
  once: { type: "boolean", default: false },
});
const basePort = numberFrom("port", chosen.port, { from: 1024, to: 65_000 });
prepare();

const colour =
  process.stdout.isTTY && process.env.CI !== "true" && process.env.NO_COLOR === undefined;
const bold = (text) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
const folder = resolve(chosen.data);
const isNew = !existsSync(join(folder, "n1"));
const portFile = join(folder, "port");
// The members know each other by their ports: with others they would not find each other again.
const portBefore = existsSync(portFile) ? readFileSync(portFile, "utf8") : String(basePort);
if (!isNew && portBefore !== String(basePort)) {
  fail(
    `The data in ${folder} belongs to ports from ${portBefore}: start it with --port ${portBefore}, or choose a new --data folder.`,
  );
}
let stopping = false;

const cluster = new LocalCluster({
  folder,
  basePort,
  onWaiting: (member, lastLines) => {
    say(`Still waiting for member ${member.name} (${member.endpoint}) to be ready …`);
    if (lastLines.length > 0) say(`  its last words: ${lastLines.at(-1)}`);
  },
  onExit: (member, code, signal, lastLines) => {
    if (stopping) return;
    say(
      `Member ${member.name} ended (${signal ?? `exit code ${code}`}). The other two go on; it starts again in ${RESTART_AFTER_MS / 1000} s.`,
    );
    if (signal === null && lastLines.length > 0) say(`  its last words: ${lastLines.at(-1)}`);
    setTimeout(() => {
      if (stopping) return;
      cluster.start(member);
      cluster.ready(member).then(
        () => say(`Member ${member.name} is back.`),
        (error) => say(`Member ${member.name} is not back: ${error.message}`),
      );
    }, RESTART_AFTER_MS).unref();
  },
});

const taken = await cluster.takenPort();
if (taken !== undefined) {
  fail(
    `Port ${taken} is already in use: stop what uses it, or choose other ports and another folder with npm start -- --port <number> --data <folder>.`,
  );
}

try {
  mkdirSync(folder, { recursive: true });
  writeFileSync(portFile, String(basePort));
} catch (error) {
  fail(
    `The members' data cannot be kept in ${folder}: ${error.message}. Choose another --data folder.`,
    2,
  );
}

let stopped;
/** Stops everything and ends the process; a second call waits for the first, so that nothing goes on meanwhile. */
function stop(exitCode) {
  stopped ??= (async () => {
    stopping = true;
    say("\nStopping the three members …");
    await cluster.stop();
    say(`Stopped. The data stays in ${folder}; the next npm start goes on with it.`);
    process.exit(exitCode);
  })();
  return stopped;
}
process.once("SIGINT", () => stop(0));
process.once("SIGTERM", () => stop(0));

say(`Starting three members (${isNew ? "new data" : "existing data"} in ${folder}) …`);
cluster.startAll();
try {
  await cluster.allReady();
} catch (error) {
  say(error.message);
  await stop(1);
}

const endpoints = cluster.endpoints.join(",");
const quorate = join(root, "packages", "server", "bin", "quorate.js");
function quorateSays(...args) {
  const result = spawnSync(process.execPath, [quorate, "--endpoints", endpoints, ...args], {
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(result.stderr.trim() || "the command failed");
  return result.stdout.trim();
}

try {
  const greeting = `written ${new Date().toISOString()}`;
  quorateSays("put", "hello", greeting);
  const read = quorateSays("get", "hello", "--value-only");
  say(`First write: hello = ${greeting}`);
  say(`First read:  hello = ${read}`);
  if (read !== greeting) throw new Error("the read did not return what was written");
} catch (error) {
  say(`The first write and read did not work: ${error.message}`);
  await stop(1);
}

if (chosen.once) await stop(0);

say();
say(bold("A three-member cluster is running."));
for (const member of cluster.members) {
  say(`  ${member.name}  clients ${member.endpoint}  process ${cluster.pidOf(member)}`);
}
say();
say(`Watch it:  ${cluster.members[0].clientUrl}/console/#live`);
say();
say("Try in another terminal:");
say(`  npx quorate --endpoints ${endpoints} status`);
say(`  npx quorate --endpoints ${endpoints} put greeting "hello world"`);
say(`  etcdctl --endpoints=${endpoints} get --prefix ""`);
say(
  `  kill -9 ${cluster.pidOf(cluster.members[0])}      # a member dies; the others elect a leader and go on`,
);
say();
say("Ctrl-C stops it; the data stays.");
setInterval(() => {}, 1 << 30);
