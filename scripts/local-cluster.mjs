// Members of a cluster as processes on the loopback interface: start, watch, kill, stop. Used by `npm start`, by the
// drills and by the benchmarks; plain JavaScript so that it runs before anything else does.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const READY_TIMEOUT_MS = 30_000;
/** Whoever waits for a member longer than this is told which one it is. */
const TELL_AFTER_MS = 3000;
const POLL_INTERVAL_MS = 50;
const STOP_TIMEOUT_MS = 10_000;

/** How a member of Quorate is started; the flags that follow are those etcd knows, so `["etcd"]` works as well. */
export const QUORATE_PROGRAM = [
  process.execPath,
  join(root, "packages", "server", "bin", "quorate.js"),
  "serve",
];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** True when nothing listens on the port. */
export function portIsFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}

/** Three (or `size`) members with client ports `basePort`, `basePort + 10`, … and peer ports one above each. */
export function describeMembers({ folder, basePort, size = 3 }) {
  return Array.from({ length: size }, (_, place) => {
    const clientPort = basePort + place * 10;
    return {
      name: `n${place + 1}`,
      clientPort,
      peerPort: clientPort + 1,
      clientUrl: `http://127.0.0.1:${clientPort}`,
      peerUrl: `http://127.0.0.1:${clientPort + 1}`,
      endpoint: `127.0.0.1:${clientPort}`,
      dataDir: join(folder, `n${place + 1}`),
    };
  });
}

/**
 * A cluster of member processes. A member may have a command that puts its process somewhere (`enter`) and variables of its
 * own (`env`). `onExit(member, code, signal)` hears of every end that `stop` and `kill` did not ask for,
 * `onWaiting(member, lastLines)` when a member takes long to be ready.
 */
export class LocalCluster {
  #processes = new Map();
  #stopping = false;
  /** Places given out so far: a place is never given twice, also when its member is gone. */
  #described;

  constructor({
    program = QUORATE_PROGRAM,
    folder,
    basePort,
    size,
    token = "local",
    extraFlags = [],
    env = {},
    onLine,
    onExit,
    onWaiting,
  }) {
    this.program = program;
    this.folder = folder;
    this.basePort = basePort;
    this.members = describeMembers({ folder, basePort, size });
    this.#described = this.members.length;
    this.token = token;
    this.extraFlags = extraFlags;
    this.env = env;
    this.onLine = onLine ?? (() => {});
    this.onExit = onExit ?? (() => {});
    this.onWaiting = onWaiting ?? (() => {});
  }

  /** One more place, for a member that joins those of `known`, which have been told of it. */
  addMember(known) {
    this.#described += 1;
    const { folder, basePort } = this;
    const member = describeMembers({ folder, basePort, size: this.#described }).at(-1);
    member.initialCluster = [...known, member];
    member.flags = ["--initial-cluster-state=existing"];
    this.members.push(member);
    return member;
  }

  get endpoints() {
    return this.members.map((member) => member.endpoint);
  }

  /** The first port of this cluster that something else already uses, or undefined. */
  async takenPort() {
    for (const member of this.members) {
      for (const port of [member.clientPort, member.peerPort]) {
        if (!(await portIsFree(port))) return port;
      }
    }
    return undefined;
  }

  flagsOf(member) {
    return [
      `--name=${member.name}`,
      `--data-dir=${member.dataDir}`,
      `--listen-client-urls=${member.clientUrl}`,
      `--advertise-client-urls=${member.clientUrl}`,
      `--listen-peer-urls=${member.peerUrl}`,
      `--initial-advertise-peer-urls=${member.peerUrl}`,
      `--initial-cluster=${(member.initialCluster ?? this.members).map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(",")}`,
      `--initial-cluster-token=${this.token}`,
      ...this.extraFlags,
      ...(member.flags ?? []),
    ];
  }

  start(member) {
    mkdirSync(this.folder, { recursive: true });
    const [command, ...first] = [...(member.enter ?? []), ...this.program];
    const child = spawn(command, [...first, ...this.flagsOf(member)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.env, ...member.env },
    });
    const entry = { child, expected: false, lastLines: [] };
    this.#processes.set(member.name, entry);
    const hear = (chunk) => {
      for (const line of String(chunk).split("\n")) {
        if (line === "") continue;
        entry.lastLines.push(line);
        if (entry.lastLines.length > 20) entry.lastLines.shift();
        this.onLine(member, line);
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    entry.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        resolve({ code, signal });
        if (!entry.expected && !this.#stopping) this.onExit(member, code, signal, entry.lastLines);
      });
    });
    return child;
  }

  startAll() {
    for (const member of this.members) this.start(member);
  }

  pidOf(member) {
    return this.#processes.get(member.name)?.child.pid;
  }

  isRunning(member) {
    const entry = this.#processes.get(member.name);
    return entry !== undefined && entry.child.exitCode === null && entry.child.signalCode === null;
  }

  /** Resolves once the member's own `/health` says yes; rejects with the member's last words if it ends before. */
  async ready(member, timeoutMs = READY_TIMEOUT_MS) {
    const startedAt = Date.now();
    const until = startedAt + timeoutMs;
    let told = false;
    while (Date.now() < until) {
      if (!told && Date.now() - startedAt > TELL_AFTER_MS) {
        told = true;
        this.onWaiting(member, this.#processes.get(member.name)?.lastLines ?? []);
      }
      const entry = this.#processes.get(member.name);
      if (!this.isRunning(member)) {
        throw new Error(
          `Member ${member.name} ended at its start: ${entry?.lastLines.at(-1) ?? "no output"}`,
        );
      }
      try {
        const answer = await fetch(`${member.clientUrl}/health`, {
          signal: AbortSignal.timeout(1000),
        });
        if (answer.ok) return;
      } catch {
        // Not listening yet: the loop's deadline bounds how often we ask.
      }
      await sleep(POLL_INTERVAL_MS);
    }
    throw new Error(`Member ${member.name} was not ready within ${timeoutMs} ms.`);
  }

  async allReady(timeoutMs) {
    await Promise.all(this.members.map((member) => this.ready(member, timeoutMs)));
  }

  /** Resolves with how the member ended by itself, which is what it should do, and its last words. */
  async itsEnd(member) {
    const entry = this.#processes.get(member.name);
    entry.expected = true;
    return { ...(await entry.ended), lastLines: entry.lastLines };
  }

  /** Sends a signal on purpose and waits for the end of the process. */
  async kill(member, signal = "SIGKILL") {
    const entry = this.#processes.get(member.name);
    if (entry === undefined || !this.isRunning(member)) return;
    entry.expected = true;
    entry.child.kill(signal);
    await entry.ended;
  }

  /** Asks every member, also one that is none of `members` any more, to stop in order; what has not stopped in time is killed, which loses nothing. */
  async stop() {
    this.#stopping = true;
    await Promise.all(
      [...this.#processes.values()].map(async ({ child, ended }) => {
        child.kill("SIGTERM");
        const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
        await ended;
        clearTimeout(timer);
      }),
    );
    this.#stopping = false;
  }
}
