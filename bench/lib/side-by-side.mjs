// Members of Quorate and of etcd on the same machine, in turn under the same load.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster, QUORATE_PROGRAM } from "../../scripts/local-cluster.mjs";
import { fail } from "../../scripts/prepare.mjs";
import { cpuSeconds } from "./process.mjs";

const QUORATE_PORT = Number(process.env.QUORATE_BENCH_PORT ?? 27_000);
const ETCD_PORT = QUORATE_PORT + 100;
/** etcd refuses writes at 2 GiB by default, which a long run reaches. */
const QUOTA_BYTES = 8 * 1024 ** 3;

/** The programs compared, with `flags` for both and flags of each by name. */
export function systemsOf({ only, flags = [], quorateFlags = [], etcdFlags = [] } = {}) {
  if (only !== undefined && only !== "quorate" && only !== "etcd") {
    fail(`--only wants quorate or etcd, not "${only}".`, 2);
  }
  const shared = [`--quota-backend-bytes=${QUOTA_BYTES}`, ...flags];
  return [
    {
      name: "quorate",
      program: QUORATE_PROGRAM,
      basePort: QUORATE_PORT,
      extraFlags: [...shared, ...quorateFlags],
    },
    {
      name: "etcd",
      program: ["etcd"],
      basePort: ETCD_PORT,
      extraFlags: [...shared, "--logger=zap", "--log-level=warn", ...etcdFlags],
    },
  ].filter(({ name }) => only === undefined || only === name);
}

/** A folder for the length of `work`. */
export async function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "quorate-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One cluster for the length of `work`. A signal stops it as well. */
export async function withCluster({ name: _, ...description }, work) {
  const cluster = new LocalCluster({
    token: "bench",
    onExit: (member, code, signal, lines) => {
      process.stderr.write(
        `Member ${member.name} ended by itself (${signal ?? code}): ${lines.at(-1) ?? "no word"}\n`,
      );
    },
    ...description,
  });
  const taken = await cluster.takenPort();
  if (taken !== undefined) {
    fail(`Port ${taken} is in use; set QUORATE_BENCH_PORT to the first of 200 that are free.`);
  }
  const stopAtSignal = () => {
    const end = () => process.exit(130);
    cluster.stop().then(end, end);
  };
  process.once("SIGINT", stopAtSignal);
  process.once("SIGTERM", stopAtSignal);
  try {
    cluster.startAll();
    await cluster.allReady();
    return await work(cluster);
  } finally {
    await cluster.stop();
    process.off("SIGINT", stopAtSignal);
    process.off("SIGTERM", stopAtSignal);
  }
}

/** Both clusters at once for `work({ systems, folder })`, which loads one at a time. */
export function withBothSystems(work, { only, size, ...flags } = {}) {
  return withFolder(async (folder) => {
    const start = async (left, running) => {
      const [next, ...rest] = left;
      if (next === undefined) return work({ systems: running, folder });
      const description = { ...next, size, folder: join(folder, next.name) };
      return withCluster(description, (cluster) =>
        start(rest, [...running, { name: next.name, cluster }]),
      );
    };
    return start(systemsOf({ only, ...flags }), []);
  });
}

/** CPU seconds each member has used so far. */
export function memberCpu(cluster) {
  return cluster.members
    .filter((member) => cluster.isRunning(member))
    .map((member) => cpuSeconds(cluster.pidOf(member)));
}
