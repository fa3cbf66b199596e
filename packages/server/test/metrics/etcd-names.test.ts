import { expect, test } from "vitest";
import { SERVERS } from "../../../../test/acceptance/client/servers.ts";
import { OneMember } from "../member/one-member.ts";

/** Names that etcd has and a member does not, with what would have to be there for them to mean anything. */
const WITHOUT_MEANING: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /^(go_|promhttp_|process_virtual_memory_max_bytes|etcd_server_go_version)/,
    "Go's runtime and its page of metrics",
  ],
  [/^etcd_debugging_store_/, "the store of the v2 API"],
  [/^etcd_grpc_proxy_/, "the gRPC proxy"],
  [
    /^etcd_debugging_disk_backend_|^etcd_disk_backend_(defrag|snapshot)|open_read_transactions|defrag/,
    "parts of bbolt's transactions",
  ],
  [
    /^etcd_debugging_mvcc_(db|index)_compaction_/,
    "pauses of compaction: ours runs between other work",
  ],
  [
    /^etcd_debugging_snap_|^etcd_snap_|snapshot_apply/,
    "etcd's snapshot files; ours are counted as quorate_snapshots_*",
  ],
  [
    /^etcd_debugging_mvcc_(put|delete|txn|range)_total|^etcd_debugging_mvcc_db_total_size/,
    "older names of etcd_mvcc_*",
  ],
  [
    /^etcd_debugging_mvcc_(events|pending_events)_total/,
    "events are batched per revision and not queued per watcher",
  ],
  [/^etcd_debugging_mvcc_total_put_size/, "values are not counted a second time"],
  [/^etcd_debugging_lease_ttl_total/, "a histogram of what clients ask for"],
  [/^etcd_mvcc_hash_/, "a hash is read from what is kept up to date, and takes no time"],
  [
    /^etcd_server_(slow_|heartbeat_send_failures|learner_promote)/,
    "thresholds of etcd's own loops",
  ],
];

const etcd = SERVERS.find(({ name }) => name === "etcd itself");
if (etcd?.installed !== true)
  process.stdout.write("etcd's metrics are not compared: etcd is not installed\n");

async function kinds(endpoint: string): Promise<ReadonlyMap<string, string>> {
  const page = await (await fetch(`http://${endpoint}/metrics`)).text();
  return new Map(
    [...page.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name = "", kind = ""]) => [name, kind]),
  );
}

test.skipIf(etcd?.installed !== true)(
  "every metric of etcd is there with its kind, or has no meaning here",
  async () => {
    const [theirs, ours] = await Promise.all([etcd?.start(), OneMember.start()]);
    if (theirs === undefined) throw new Error("etcd is installed and did not start");
    try {
      const known = await kinds(ours.endpoint);
      const missing: string[] = [];
      for (const [name, kind] of await kinds(theirs.endpoint)) {
        const isExcused = WITHOUT_MEANING.some(([names]) => names.test(name));
        if (!isExcused && known.get(name) !== kind)
          missing.push(`${name} ${kind}, not ${known.get(name)}`);
        // An excuse for what is there after all would hide the day it goes.
        if (isExcused && known.has(name)) missing.push(`${name} is there and excused`);
      }
      expect(missing).toEqual([]);
    } finally {
      await Promise.all([theirs.stop(), ours.stop()]);
    }
  },
);
