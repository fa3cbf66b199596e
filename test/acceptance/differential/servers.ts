import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster } from "../../../scripts/local-cluster.mjs";
import { Subject } from "./subject.ts";

/** Passwords are made quickly here: how slowly is not what is compared. */
const FLAGS = ["--bcrypt-cost=4"];

/** The version of the etcd that is installed, or nothing. */
export function installedEtcd(): string | undefined {
  const { error, stdout } = spawnSync("etcd", ["--version"], { encoding: "utf8" });
  if (error !== undefined) return undefined;
  return /etcd Version: (\S+)/.exec(stdout)?.[1];
}

/** Both servers, freshly founded. */
export interface Servers {
  readonly etcd: Subject;
  readonly quorate: Subject;
  stop(): Promise<void>;
}

/** Ports from `basePort`: etcd takes two, three members of Quorate the thirty from 20 above. */
export async function startServers(basePort: number): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), "quorate-differential-"));
  const etcd = new LocalCluster({
    program: ["etcd"],
    folder: join(folder, "etcd"),
    basePort,
    size: 1,
    extraFlags: [...FLAGS, "--log-level=error"],
  });
  const quorate = new LocalCluster({
    folder: join(folder, "quorate"),
    basePort: basePort + 20,
    extraFlags: FLAGS,
  });
  const clusters = [etcd, quorate];
  const subjects: Subject[] = [];
  const stop = async (): Promise<void> => {
    for (const subject of subjects) subject.close();
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  for (const cluster of clusters) cluster.startAll();
  try {
    await Promise.all(clusters.map((cluster) => cluster.allReady()));
  } catch (error) {
    await stop();
    throw error;
  }
  const made = {
    etcd: new Subject("etcd", etcd.endpoints),
    quorate: new Subject("quorate", quorate.endpoints),
  };
  subjects.push(made.etcd, made.quorate);
  return { ...made, stop };
}
