import { expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";

/** Start lines and environments as people have them for etcd, with the binary's name left out. */
const LINES: Readonly<
  Record<string, { readonly line: string; readonly variables?: Readonly<Record<string, string>> }>
> = {
  "a static cluster, from etcd's own guide": {
    line: "--name infra0 --initial-advertise-peer-urls http://10.0.1.10:2380 --listen-peer-urls http://10.0.1.10:2380 --listen-client-urls http://10.0.1.10:2379,http://127.0.0.1:2379 --advertise-client-urls http://10.0.1.10:2379 --initial-cluster-token etcd-cluster-1 --initial-cluster infra0=http://10.0.1.10:2380,infra1=http://10.0.1.11:2380,infra2=http://10.0.1.12:2380 --initial-cluster-state new",
  },
  "a static pod of kubeadm, but for its certificates": {
    line: "--advertise-client-urls=http://192.168.1.10:2379 --data-dir=/var/lib/etcd --experimental-initial-corrupt-check=true --experimental-watch-progress-notify-interval=5s --initial-advertise-peer-urls=http://192.168.1.10:2380 --initial-cluster=cp=http://192.168.1.10:2380 --listen-client-urls=http://127.0.0.1:2379,http://192.168.1.10:2379 --listen-metrics-urls=http://127.0.0.1:2381 --listen-peer-urls=http://192.168.1.10:2380 --name=cp --snapshot-count=10000",
  },
  "Debian's unit, from its environment file": {
    line: "",
    variables: {
      ETCD_NAME: "node",
      ETCD_DATA_DIR: "/var/lib/etcd/default",
      ETCD_LISTEN_CLIENT_URLS: "http://localhost:2379",
      ETCD_ADVERTISE_CLIENT_URLS: "http://localhost:2379",
      ETCD_MAX_SNAPSHOTS: "5",
      ETCD_ELECTION_TIMEOUT: "1000",
    },
  },
  "a container with one dash, auto-compaction and a larger quota": {
    line: "-advertise-client-urls=http://127.0.0.1:2379 -listen-client-urls http://0.0.0.0:2379 -data-dir /etcd -auto-compaction-mode=revision -auto-compaction-retention=1000 -quota-backend-bytes=4294967296 -snapshot-count=50000",
  },
  "what etcd's end-to-end tests pass": {
    line: "--name=test-0 --listen-client-urls=http://localhost:20000 --advertise-client-urls=http://localhost:20000 --listen-peer-urls=http://localhost:20001 --initial-advertise-peer-urls=http://localhost:20001 --initial-cluster-token=new --data-dir=/tmp/x --snapshot-count=10000 --initial-cluster=test-0=http://localhost:20001,test-1=http://localhost:20006 --initial-cluster-state=new --logger=zap --feature-gates=InitialCorruptCheck=true --max-learners=2 --warning-unary-request-duration=5s --compaction-batch-limit=10",
  },
  "with tuning flags that have nothing to tune here": {
    line: "--backend-batch-interval=10ms --backend-bbolt-freelist-type=map --grpc-keepalive-min-time=5s --max-wals=5 --wal-dir=/wal --pre-vote=false --strict-reconfig-check=false --enable-pprof --log-outputs=stderr --log-level=warn",
  },
};

test.each(Object.entries(LINES))("%s", (_, { line, variables = {} }) => {
  const request = loadSettings(
    line.split(" ").filter((word) => word !== ""),
    variables,
  );
  expect(request.wants).toBe("serve");
  if (request.wants !== "serve") return;
  // Nothing is unknown; what has no effect is said.
  for (const warning of request.warnings)
    expect(warning).toMatch(/^these settings of etcd are accepted/);
  const name = /-?-name[= ](\S+)/.exec(line)?.[1] ?? variables["ETCD_NAME"] ?? "default";
  expect(request.settings.name).toBe(name);
});
