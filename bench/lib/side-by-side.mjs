// Three members of Quorate and three of etcd on the same machine, loaded in turn by the same generator.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster, QUORATE_PROGRAM } from "../../scripts/local-cluster.mjs";
import { cpuSeconds } from "./process.mjs";

const QUORATE_PORT = 27_000;
const ETCD_PORT = 27_100;
/** etcd refuses writes at 2 GiB by default, which a long run reaches. */
const QUOTA_BYTES = 8 * 1024 ** 3;

/** Starts both clusters, runs `work({ systems })`, and stops and removes both whatever happens. */
export async function withBothSystems(work, { only } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "quorate-bench-"));
  const flags = [`--quota-backend-bytes=${QUOTA_BYTES}`];
  const systems = [
    { name: "quorate", program: QUORATE_PROGRAM, basePort: QUORATE_PORT, extraFlags: flags },
    {
      name: "etcd",
      program: ["etcd"],
      basePort: ETCD_PORT,
      extraFlags: [...flags, "--logger=zap", "--log-level=warn"],
    },
  ]
    .filter(({ name }) => only === undefined || only === name)
    .map((system) => ({
      name: system.name,
      cluster: new LocalCluster({ ...system, folder: join(folder, system.name), token: "bench" }),
    }));
  try {
    for (const { cluster } of systems) cluster.startAll();
    await Promise.all(systems.map(({ cluster }) => cluster.allReady()));
    return await work({ systems, folder });
  } finally {
    await Promise.all(systems.map(({ cluster }) => cluster.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU seconds each member has used so far. */
export function memberCpu(cluster) {
  return cluster.members.map((member) => cpuSeconds(cluster.pidOf(member)));
}
