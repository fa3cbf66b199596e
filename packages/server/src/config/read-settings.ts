import { z } from "zod";
import { checkSettings } from "./check-settings.ts";
import { ConfigError } from "./config-error.ts";
import { parseDuration } from "./duration.ts";
import { duration, flag, list, oneOf, optionalText, text, urls, wholeNumber } from "./fields.ts";
import { type GivenSettings, nameOf } from "./given.ts";
import type { AutoCompaction, ClusterEntry, LogLevel, Settings, TlsSettings } from "./settings.ts";
import { parseUrl, type Url } from "./url.ts";

const ANY = Number.MAX_SAFE_INTEGER;
const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

const TLS_VERSIONS = ["", "TLS1.2", "TLS1.3"] as const;
const LOG_LEVELS = ["debug", "info", "warn", "error", "dpanic", "panic", "fatal"] as const;

/** etcd's own bound of the election time-out. */
const ELECTION_TIMEOUT_MS_MAX = 50_000;
/** What etcd takes when the quota is not set. */
const DEFAULT_QUOTA_BYTES = 2 * 1024 * MIB;

/** Settings by their flags' names, read one by one. */
const schema = z.object({
  name: text("default"),
  "data-dir": optionalText(),
  "listen-client-urls": urls(["http://localhost:2379"]),
  "listen-client-http-urls": urls([]),
  "listen-peer-urls": urls(["http://localhost:2380"]),
  "heartbeat-interval": wholeNumber(100, 1, ELECTION_TIMEOUT_MS_MAX, "milliseconds"),
  "election-timeout": wholeNumber(1000, 1, ELECTION_TIMEOUT_MS_MAX, "milliseconds"),
  "pre-vote": flag(true),
  "snapshot-count": wholeNumber(100_000, 1, ANY),
  "snapshot-catchup-entries": wholeNumber(10_000, 0, ANY),
  "advertise-client-urls": urls([]),
  "initial-advertise-peer-urls": urls(["http://localhost:2380"]),
  "initial-cluster": list([]),
  "initial-cluster-state": oneOf(["new", "existing"], "new"),
  join: urls([]),
  "initial-cluster-token": text("etcd-cluster"),
  "strict-reconfig-check": flag(true),
  "max-learners": wholeNumber(1, 0, 1000),
  "cert-file": optionalText(),
  "key-file": optionalText(),
  "trusted-ca-file": optionalText(),
  "client-cert-auth": flag(false),
  "client-crl-file": optionalText(),
  "client-cert-allowed-cn": list([]),
  "client-cert-allowed-hostname": list([]),
  "allow-public-plaintext": flag(false),
  "auto-tls": flag(false),
  "peer-cert-file": optionalText(),
  "peer-key-file": optionalText(),
  "peer-trusted-ca-file": optionalText(),
  "peer-client-cert-auth": flag(false),
  "peer-auto-tls": flag(false),
  "peer-cert-allowed-cn": list([]),
  "peer-cert-allowed-hostname": list([]),
  "peer-crl-file": optionalText(),
  "cipher-suites": list([]),
  "tls-min-version": oneOf(TLS_VERSIONS, ""),
  "tls-max-version": oneOf(TLS_VERSIONS, ""),
  "auth-token": text("simple"),
  "auth-token-ttl": wholeNumber(300, 1, ANY, "seconds"),
  "bcrypt-cost": wholeNumber(10, 4, 31),
  cors: list(["*"]),
  "host-whitelist": list(["*"]),
  "quota-backend-bytes": wholeNumber(0, -ANY, ANY, "bytes"),
  "max-request-bytes": wholeNumber(1.5 * MIB, 1, 1024 * MIB, "bytes"),
  "max-txn-ops": wholeNumber(128, 1, ANY),
  "max-watches-per-stream": wholeNumber(100_000, 1, ANY),
  "max-concurrent-streams": wholeNumber(0xffff_ffff, 1, 0xffff_ffff),
  "auto-compaction-mode": oneOf(["periodic", "revision"], "periodic"),
  "auto-compaction-retention": text("0"),
  "watch-progress-notify-interval": duration(600_000, 100),
  "lease-checkpoint-interval": duration(300_000, 100),
  "listen-metrics-urls": urls([]),
  metrics: oneOf(["basic", "extensive"], "basic"),
  "log-level": oneOf(LOG_LEVELS, "info"),
  "log-format": oneOf(["json", "console"], "json"),
  "log-outputs": list(["default"]),
});

type Values = z.output<typeof schema>;

/** Reads and checks everything that was given. Throws `ConfigError` at the first setting that cannot be. */
export function readSettings(given: GivenSettings): Settings {
  const parsed = schema.safeParse(
    Object.fromEntries([...given].map(([name, { value }]) => [name, value])),
  );
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0] ?? "");
    const problem = issue?.message ?? "is not valid";
    const shown = problem.includes(", but ")
      ? ""
      : `, not ${JSON.stringify(given.get(name)?.value)}`;
    throw new ConfigError(`${nameOf(given, name)} ${problem}${shown}.`);
  }
  const settings = settingsOf(parsed.data, given);
  checkSettings(settings, given);
  return settings;
}

function settingsOf(values: Values, given: GivenSettings): Settings {
  const advertised = values["advertise-client-urls"];
  const quota = values["quota-backend-bytes"];
  const initialCluster = clusterEntries(values, given);
  const own = initialCluster.find(({ name }) => name === values.name);
  const advertisesPeers = given.has("initial-advertise-peer-urls") || own === undefined;
  return {
    name: values.name,
    dataDir: values["data-dir"] ?? `${values.name}.quorate`,
    listenClientUrls: values["listen-client-urls"],
    listenClientHttpUrls: values["listen-client-http-urls"],
    listenPeerUrls: values["listen-peer-urls"],
    allowPublicPlaintext: values["allow-public-plaintext"],
    advertiseClientUrls: advertised.length > 0 ? advertised : values["listen-client-urls"],
    initialAdvertisePeerUrls: advertisesPeers ? values["initial-advertise-peer-urls"] : own.urls,
    initialCluster,
    initialClusterState: values.join.length > 0 ? "existing" : values["initial-cluster-state"],
    join: values.join,
    initialClusterToken: values["initial-cluster-token"],
    strictReconfigCheck: values["strict-reconfig-check"],
    maxLearners: values["max-learners"],
    heartbeatIntervalMs: values["heartbeat-interval"],
    electionTimeoutMs: values["election-timeout"],
    preVote: values["pre-vote"],
    snapshotCount: values["snapshot-count"],
    snapshotCatchupEntries: values["snapshot-catchup-entries"],
    clientTls: clientTls(values),
    peerTls: peerTls(values),
    authToken: values["auth-token"],
    authTokenTtlSeconds: values["auth-token-ttl"],
    bcryptCost: values["bcrypt-cost"],
    corsOrigins: values.cors,
    hostWhitelist: values["host-whitelist"],
    quotaBackendBytes: quota === 0 ? DEFAULT_QUOTA_BYTES : quota,
    maxRequestBytes: values["max-request-bytes"],
    maxTxnOps: values["max-txn-ops"],
    maxWatchesPerStream: values["max-watches-per-stream"],
    maxConcurrentStreams: values["max-concurrent-streams"],
    autoCompaction: autoCompaction(values, given),
    watchProgressNotifyIntervalMs: values["watch-progress-notify-interval"],
    leaseCheckpointIntervalMs: values["lease-checkpoint-interval"],
    listenMetricsUrls: values["listen-metrics-urls"],
    metrics: values.metrics,
    log: {
      level: logLevel(values["log-level"]),
      format: values["log-format"],
      outputs: values["log-outputs"],
    },
  };
}

function clusterEntries(values: Values, given: GivenSettings): readonly ClusterEntry[] {
  const parts = values["initial-cluster"];
  if (parts.length === 0) {
    return [{ name: values.name, urls: values["initial-advertise-peer-urls"] }];
  }
  const entries = new Map<string, Url[]>();
  for (const part of parts) {
    const at = part.indexOf("=");
    const url = parseUrl(part.slice(at + 1));
    const wrong = at < 1 ? `"${part}" is not name=url` : "problem" in url ? url.problem : undefined;
    if (wrong !== undefined || "problem" in url) {
      const setting = nameOf(given, "initial-cluster");
      throw new ConfigError(`${setting} must be a list of name=url, but ${wrong}.`);
    }
    const name = part.slice(0, at);
    entries.set(name, [...(entries.get(name) ?? []), url]);
  }
  return [...entries].map(([name, all]) => ({ name, urls: all }));
}

function autoCompaction(values: Values, given: GivenSettings): AutoCompaction {
  const retention = values["auto-compaction-retention"];
  const setting = nameOf(given, "auto-compaction-retention");
  const number = /^\d+$/.test(retention) ? Number(retention) : undefined;
  if (number === 0) return { mode: "off" };
  if (values["auto-compaction-mode"] === "revision") {
    if (number !== undefined) return { mode: "revision", retainedRevisions: number };
    throw new ConfigError(
      `${setting} must be a number of revisions in revision mode, not "${retention}".`,
    );
  }
  const retentionMs = number === undefined ? parseDuration(retention) : number * HOUR_MS;
  if (retentionMs === undefined) {
    throw new ConfigError(`${setting} must be a time span such as 1h or 30m, not "${retention}".`);
  }
  return retentionMs === 0 ? { mode: "off" } : { mode: "periodic", retentionMs };
}

function clientTls(values: Values): TlsSettings {
  return {
    certFile: values["cert-file"],
    keyFile: values["key-file"],
    trustedCaFile: values["trusted-ca-file"],
    clientCertAuth: values["client-cert-auth"],
    crlFile: values["client-crl-file"],
    auto: values["auto-tls"],
    allowedNames: values["client-cert-allowed-cn"],
    allowedHostnames: values["client-cert-allowed-hostname"],
    cipherSuites: values["cipher-suites"],
    minVersion: values["tls-min-version"],
    maxVersion: values["tls-max-version"],
  };
}

function peerTls(values: Values): TlsSettings {
  return {
    certFile: values["peer-cert-file"],
    keyFile: values["peer-key-file"],
    trustedCaFile: values["peer-trusted-ca-file"],
    clientCertAuth: values["peer-client-cert-auth"],
    crlFile: values["peer-crl-file"],
    auto: values["peer-auto-tls"],
    allowedNames: values["peer-cert-allowed-cn"],
    allowedHostnames: values["peer-cert-allowed-hostname"],
    cipherSuites: values["cipher-suites"],
    minVersion: values["tls-min-version"],
    maxVersion: values["tls-max-version"],
  };
}

/** The levels above error differ only in what the process does after logging; ours stops by itself. */
function logLevel(level: (typeof LOG_LEVELS)[number]): LogLevel {
  return level === "dpanic" || level === "panic" ? "fatal" : level;
}
