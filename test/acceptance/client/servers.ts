import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { OneMember } from "../../../packages/server/test/member/one-member.ts";
import { freePorts } from "../../../packages/server/test/processes/member-process.ts";

/** A cluster of one that a client talks to. */
export interface Served {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** What the client is held against: our own member, and the real thing where it is installed. */
export const SERVERS: readonly {
  readonly name: string;
  readonly installed: boolean;
  start(): Promise<Served>;
}[] = [
  { name: "a member of Quorate", installed: true, start: () => OneMember.start() },
  {
    name: "etcd itself",
    installed: spawnSync("etcd", ["--version"]).error === undefined,
    start: startEtcd,
  },
];

async function startEtcd(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "quorate-etcd-"));
  const [client, peer] = await freePorts(2);
  const urls = { client: `http://127.0.0.1:${client}`, peer: `http://127.0.0.1:${peer}` };
  const child = spawn(
    "etcd",
    [
      "--name=solo",
      `--data-dir=${join(folder, "data")}`,
      `--listen-client-urls=${urls.client}`,
      `--advertise-client-urls=${urls.client}`,
      `--listen-peer-urls=${urls.peer}`,
      `--initial-advertise-peer-urls=${urls.peer}`,
      `--initial-cluster=solo=${urls.peer}`,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface(child.stderr);
    lines.on("line", (line) => {
      if (line.includes("ready to serve client requests")) resolve();
    });
    void ended.then(() => reject(new Error("etcd ended before it was ready")));
  });
  return {
    endpoint: `127.0.0.1:${client}`,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
