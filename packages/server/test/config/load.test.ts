import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/config/config-error.ts";
import { FLAGS, IGNORED_FLAGS } from "../../src/config/flags.ts";
import { loadSettings, type ServeRequest } from "../../src/config/load.ts";
import type { Settings } from "../../src/config/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Serve = Extract<ServeRequest, { readonly wants: "serve" }>;

function load(args: readonly string[], variables: Record<string, string> = {}): Serve {
  const request = loadSettings(args, variables);
  if (request.wants !== "serve") throw new Error(`wants ${request.wants}`);
  return request;
}

function settings(args: readonly string[], variables: Record<string, string> = {}): Settings {
  return load(args, variables).settings;
}

function refusal(args: readonly string[], variables: Record<string, string> = {}): string {
  try {
    loadSettings(args, variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "no error";
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("defaults", () => {
  test("nothing given makes a member on its own", () => {
    const alone = settings([]);
    expect(alone).toMatchObject({
      name: "default",
      dataDir: "default.quorate",
      initialClusterState: "new",
      heartbeatIntervalMs: 100,
      electionTimeoutMs: 1000,
      preVote: true,
      quotaBackendBytes: 2 * 1024 ** 3,
      maxRequestBytes: 1_572_864,
      autoCompaction: { mode: "off" },
      log: { level: "info", format: "json", outputs: ["default"] },
    });
    expect(alone.initialCluster).toEqual([
      { name: "default", urls: alone.initialAdvertisePeerUrls },
    ]);
    expect(alone.advertiseClientUrls.map(({ text }) => text)).toEqual(["http://localhost:2379"]);
  });

  test.each(FLAGS.filter(({ kind }) => kind !== "string" && kind !== "list"))(
    "--$name refuses text that is no $kind",
    ({ name }) => {
      expect(refusal([`--${name}=no such thing`])).toMatch(new RegExp(`^--${name} must be .+\\.$`));
    },
  );

  test("no flag acts and is ignored at the same time", () => {
    const names = FLAGS.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.filter((name) => IGNORED_FLAGS.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("sources", () => {
  test("etcd's usual start line", () => {
    const member = settings([
      "--name=n1",
      "--data-dir",
      "/data/n1",
      "-listen-client-urls=http://127.0.0.1:2379,http://[::1]:2379",
      "--advertise-client-urls=http://127.0.0.1:2379",
      "--listen-peer-urls=http://127.0.0.1:2380",
      "--initial-advertise-peer-urls=http://127.0.0.1:2380",
      "--initial-cluster=n1=http://127.0.0.1:2380,n2=http://127.0.0.1:2382,n2=http://10.0.0.1:2382",
      "--initial-cluster-token=new",
      "--strict-reconfig-check=false",
      "--pre-vote",
      "--snapshot-count=5",
    ]);
    expect(member.listenClientUrls.map(({ host, port }) => [host, port])).toEqual([
      ["127.0.0.1", 2379],
      ["::1", 2379],
    ]);
    expect(member.initialCluster.map(({ name, urls }) => [name, urls.length])).toEqual([
      ["n1", 1],
      ["n2", 2],
    ]);
    expect(member).toMatchObject({
      dataDir: "/data/n1",
      strictReconfigCheck: false,
      preVote: true,
    });
  });

  test("flags win over environment, our prefix over etcd's, environment over file", () => {
    const path = file(
      "order.yaml",
      "name: from-file\nheartbeat-interval: 50\nelection-timeout: 777\n",
    );
    const variables = {
      ETCD_NAME: "from-etcd",
      QUORATE_NAME: "from-quorate",
      ETCD_ELECTION_TIMEOUT: "888",
      ETCD_SNAPSHOT_COUNT: "",
    };
    expect(settings(["--config-file", path], {})).toMatchObject({ name: "from-file" });
    expect(settings(["--config", path], variables)).toMatchObject({
      name: "from-quorate",
      electionTimeoutMs: 888,
      heartbeatIntervalMs: 50,
      snapshotCount: 100_000,
    });
    expect(settings([`--config-file=${path}`, "--name=flag"], variables).name).toBe("flag");
    expect(settings([], { ETCD_CONFIG_FILE: path }).name).toBe("from-file");
  });

  test("the file may be JSON, hold lists, and etcd's sections for certificates", () => {
    const path = file(
      "member.json",
      JSON.stringify({
        name: "a",
        "listen-client-urls": ["https://127.0.0.1:1", "https://127.0.0.1:2"],
        "client-transport-security": {
          "cert-file": "c.pem",
          "key-file": "k.pem",
          "client-cert-auth": false,
        },
        "peer-transport-security": { "auto-tls": true },
        "wal-dir": "/wal",
      }),
    );
    const { settings: read, warnings } = load(["--config-file", path]);
    expect(read.listenClientUrls).toHaveLength(2);
    expect(read.clientTls).toMatchObject({ certFile: "c.pem", keyFile: "k.pem" });
    expect(read.peerTls.auto).toBe(true);
    expect(warnings).toEqual([
      "these settings of etcd are accepted and have no effect here: wal-dir",
    ]);
  });

  test("settings of etcd without effect are named in one warning", () => {
    const { warnings } = load(
      ["--wal-dir", "/x", "--enable-v2", "--experimental-corrupt-check-time=5s"],
      { ETCD_MAX_WALS: "5", ETCD_VERSION: "3.5", PATH: "/bin" },
    );
    expect(warnings).toEqual([
      "these settings of etcd are accepted and have no effect here: --wal-dir, --enable-v2, --experimental-corrupt-check-time, ETCD_MAX_WALS",
      "unrecognized environment variables: ETCD_VERSION",
    ]);
  });

  test("experimental spellings mean the same", () => {
    const member = settings(["--experimental-watch-progress-notify-interval=150ms"]);
    expect(member.watchProgressNotifyIntervalMs).toBe(150);
  });

  test("automatic compaction", () => {
    expect(settings(["--auto-compaction-retention=2"]).autoCompaction).toEqual({
      mode: "periodic",
      retentionMs: 7_200_000,
    });
    expect(settings(["--auto-compaction-retention=1h30m"]).autoCompaction).toEqual({
      mode: "periodic",
      retentionMs: 5_400_000,
    });
    expect(
      settings(["--auto-compaction-mode=revision", "--auto-compaction-retention=1000"])
        .autoCompaction,
    ).toEqual({ mode: "revision", retainedRevisions: 1000 });
  });

  test("help and version are wishes of their own", () => {
    expect(loadSettings(["--name", "x", "--help"], {}).wants).toBe("help");
    expect(loadSettings(["-h"], {}).wants).toBe("help");
    expect(loadSettings(["--version"], {}).wants).toBe("version");
  });
});

describe("one clear sentence", () => {
  const cluster = "--initial-cluster=n1=http://a:1,n2=http://b:1";

  test.each<[string, readonly string[], string]>([
    [
      "an unknown flag",
      ["--data-dirr=x"],
      "There is no flag --data-dirr. Did you mean --data-dir?",
    ],
    [
      "a flag like no other",
      ["--qqqqqqqqqqqqqq"],
      "There is no flag --qqqqqqqqqqqqqq. See quorate serve --help.",
    ],
    ["a word that is no flag", ["start"], '"start" is not a flag; quorate serve takes flags only.'],
    ["a flag without its value", ["--name"], "--name needs a value."],
    [
      "a number that is none",
      ["--election-timeout=soon"],
      '--election-timeout must be a whole number of milliseconds from 1 to 50000, not "soon".',
    ],
    [
      "a number that is too small where there is no largest",
      ["--max-txn-ops=0"],
      '--max-txn-ops must be a whole number, 1 or more, not "0".',
    ],
    [
      "a choice that does not exist, where none is the default",
      ["--tls-min-version=TLS1.9"],
      '--tls-min-version must be TLS1.2 or TLS1.3, not "TLS1.9".',
    ],
    [
      "a boolean that is none",
      ["--pre-vote=maybe"],
      '--pre-vote must be true or false, not "maybe".',
    ],
    [
      "a choice that does not exist",
      ["--initial-cluster-state=old"],
      '--initial-cluster-state must be new or existing, not "old".',
    ],
    [
      "a URL without a port",
      ["--listen-client-urls=http://localhost"],
      '--listen-client-urls must be a list of URLs, but "http://localhost" must name a host and a port.',
    ],
    [
      "a URL with a path",
      ["--listen-peer-urls=http://localhost:1/x"],
      '--listen-peer-urls must be a list of URLs, but "http://localhost:1/x" must not have a path.',
    ],
    [
      "a name that is not in the cluster",
      ["--name=n9", cluster],
      '--initial-cluster names n1, n2, but not this member, whose --name is "n9".',
    ],
    [
      "one URL for two members",
      ["--name=n1", "--initial-cluster=n1=http://a:1,n2=http://a:1"],
      "--initial-cluster gives http://a:1 to both n1 and n2.",
    ],
    [
      "a cluster entry without a name",
      ["--initial-cluster=http://a:1"],
      '--initial-cluster must be a list of name=url, but "http://a:1" is not name=url.',
    ],
    [
      "an election shorter than five heartbeats",
      ["--heartbeat-interval=300"],
      "--election-timeout (1000 ms) must be at least 5 times --heartbeat-interval (300 ms).",
    ],
    [
      "a certificate without its key",
      ["--cert-file=c"],
      "--cert-file is set, but --key-file is not.",
    ],
    [
      "https without a certificate",
      ["--listen-client-urls=https://127.0.0.1:1"],
      "--listen-client-urls has https://127.0.0.1:1, but there is no --cert-file and --key-file.",
    ],
    [
      "client certificates without an authority",
      ["--client-cert-auth"],
      "--client-cert-auth needs --trusted-ca-file to know whom to trust.",
    ],
    ["an empty name", ["--name="], "--name must not be empty."],
    [
      "revisions given as a time span",
      ["--auto-compaction-mode=revision", "--auto-compaction-retention=1h"],
      '--auto-compaction-retention must be a number of revisions in revision mode, not "1h".',
    ],
    [
      "a time span that is none",
      ["--auto-compaction-retention=long"],
      '--auto-compaction-retention must be a time span such as 1h or 30m, not "long".',
    ],
    [
      "a file that does not exist",
      ["--config-file=/nowhere/quorate.yaml"],
      "Cannot read the configuration file /nowhere/quorate.yaml: it does not exist.",
    ],
  ])("%s", (_, args, sentence) => {
    expect(refusal(args)).toBe(sentence);
  });

  test("names the variable or the file when the value came from there", () => {
    expect(refusal([], { QUORATE_BCRYPT_COST: "99" })).toBe(
      'QUORATE_BCRYPT_COST must be a whole number from 4 to 31, not "99".',
    );
    const path = file("wrong.yaml", "max-txn-ops: many\n");
    expect(refusal(["--config-file", path])).toBe(
      `max-txn-ops in ${path} must be a whole number, 1 or more, not "many".`,
    );
  });

  test.each([
    ["text that is no YAML", "name: [", /is neither YAML nor JSON at line \d+\.$/],
    ["a list", "- a\n", /must hold settings by name\.$/],
    ["an unknown setting", "nmae: x\n", /has a setting "nmae" that does not exist\.$/],
    [
      "a nested value",
      "name: {a: 1}\n",
      /must be text, a number, true, false, or a list of texts\.$/,
    ],
  ])("a configuration file with %s", (_, content, sentence) => {
    expect(refusal(["--config-file", file("bad.yaml", content)])).toMatch(sentence);
  });

  test("a folder instead of a file", () => {
    expect(refusal(["--config-file", folder])).toBe(
      `Cannot read the configuration file ${folder}: it is a folder.`,
    );
  });
});

describe("settings of etcd that there is nothing like here", () => {
  test.each([
    [["--force-new-cluster"], {}, "--force-new-cluster does not exist here. A lost majority"],
    [["--discovery=https://x"], {}, "--discovery does not exist here. Members are not discovered"],
    [[], { ETCD_FORCE_NEW_CLUSTER: "true" }, "ETCD_FORCE_NEW_CLUSTER does not exist here."],
  ] as const)("%j %j are refused", (args, variables, sentence) => {
    expect(() => loadSettings(args, variables)).toThrow(sentence);
  });

  test("are accepted where they ask for nothing", () => {
    const request = loadSettings(["--force-new-cluster=false"], { ETCD_DISCOVERY: "" });
    expect(request).toMatchObject({ wants: "serve", warnings: [] });
  });

  test("names of clients' certificates need somebody who vouches for them", () => {
    expect(() => loadSettings(["--client-cert-allowed-cn=ann"], {})).toThrow(
      "--client-cert-allowed-cn needs --trusted-ca-file",
    );
  });
});
