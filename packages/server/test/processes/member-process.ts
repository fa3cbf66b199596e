import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const PROGRAM: string = fileURLToPath(new URL("../../bin/quorate.js", import.meta.url));

/** Ports that nobody listened at a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, "close");
    }),
  );
  return ports;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One run of `quorate` as a process of its own, with the lines it has said. */
export class QuorateProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #waiting: { readonly text: string; readonly heard: () => void }[] = [];
  readonly ended: Promise<Ended>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface(stream).on("line", (line) => this.#hear(line));
    }
    this.ended = once(this.#child, "close").then(([code, signal]) => ({ code, signal }));
  }

  /** Resolves when a line contains `text`; rejects with the last words when the process ends before. */
  said(text: string): Promise<void> {
    if (this.lines.some((line) => line.includes(text))) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, heard: resolve });
      void this.ended.then(({ code }) =>
        reject(new Error(`it ended with ${code} before it said "${text}": ${this.lines.at(-1)}`)),
      );
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }

  #hear(line: string): void {
    this.lines.push(line);
    for (const { heard } of this.#waiting.filter(({ text }) => line.includes(text))) heard();
  }
}

export interface MemberPlace {
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly dataDir: string;
  readonly endpoint: string;
}

/** A cluster of member processes in a folder of its own. */
export class ProcessCluster {
  readonly members: readonly MemberPlace[];
  readonly folder: string;
  readonly #scheme: "http" | "https";
  readonly #extra: readonly string[];
  readonly #running = new Map<string, QuorateProcess>();

  private constructor(
    folder: string,
    members: readonly MemberPlace[],
    scheme: "http" | "https",
    extra: readonly string[],
  ) {
    this.folder = folder;
    this.members = members;
    this.#scheme = scheme;
    this.#extra = extra;
  }

  /** `extra` are flags for every member; they may name files of the cluster's folder. */
  static async create(
    size: number,
    scheme: "http" | "https" = "http",
    extra: (folder: string) => readonly string[] = () => [],
  ): Promise<ProcessCluster> {
    const folder = mkdtempSync(join(tmpdir(), "quorate-cluster-"));
    const ports = await freePorts(2 * size);
    const members = Array.from({ length: size }, (_, place): MemberPlace => {
      const clientPort = ports[2 * place] ?? 0;
      return {
        name: `n${place + 1}`,
        clientPort,
        peerPort: ports[2 * place + 1] ?? 0,
        dataDir: join(folder, `n${place + 1}`),
        endpoint: `127.0.0.1:${clientPort}`,
      };
    });
    return new ProcessCluster(folder, members, scheme, extra(folder));
  }

  get endpoints(): readonly string[] {
    return this.members.map(({ endpoint }) => endpoint);
  }

  member(place: number): MemberPlace {
    const member = this.members[place];
    if (member === undefined) throw new Error(`there is no member ${place}`);
    return member;
  }

  /** The start line, as etcd has it. */
  flags({ name, clientPort, peerPort, dataDir }: MemberPlace): readonly string[] {
    const url = (port: number): string => `${this.#scheme}://127.0.0.1:${port}`;
    const cluster = this.members.map((member) => `${member.name}=${url(member.peerPort)}`);
    return [
      "serve",
      `--name=${name}`,
      `--listen-client-urls=${url(clientPort)}`,
      `--advertise-client-urls=${url(clientPort)}`,
      `--listen-peer-urls=${url(peerPort)}`,
      `--initial-advertise-peer-urls=${url(peerPort)}`,
      "--initial-cluster-token=new",
      "--data-dir",
      dataDir,
      "--snapshot-count=10000",
      `--initial-cluster=${cluster.join(",")}`,
      "--initial-cluster-state=new",
      ...this.#extra,
    ];
  }

  start(place: number): QuorateProcess {
    const member = this.member(place);
    const running = new QuorateProcess(this.flags(member));
    this.#running.set(member.name, running);
    return running;
  }

  process(place: number): QuorateProcess {
    const running = this.#running.get(this.member(place).name);
    if (running === undefined) throw new Error(`member ${place} was never started`);
    return running;
  }

  async startAll(): Promise<void> {
    const started = this.members.map((_, place) => this.start(place));
    await Promise.all(started.map((member) => member.said("ready to serve client requests")));
  }

  /** Kills what still runs and removes the data. */
  async remove(): Promise<void> {
    await Promise.all([...this.#running.values()].map((member) => member.stop("SIGKILL")));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
