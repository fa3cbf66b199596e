import { readJwtKeys } from "../auth/jwt-settings.ts";
import { ConfigError } from "./config-error.ts";
import { type GivenSettings, nameOf } from "./given.ts";
import type { Settings } from "./settings.ts";
import { isTls, type Url } from "./url.ts";

const HEARTBEATS_PER_ELECTION_MIN = 5;

/** Refuses settings that are fine by themselves and contradict each other. */
export function checkSettings(settings: Settings, given: GivenSettings): void {
  checkTimes(settings, given);
  checkCluster(settings, given);
  checkLists(settings, given);
  readJwtKeys(settings.authToken);
  checkTls(settings, given, "", "listen-client-urls", settings.listenClientUrls);
  checkTls(settings, given, "", "listen-metrics-urls", settings.listenMetricsUrls);
  checkTls(settings, given, "", "listen-client-http-urls", settings.listenClientHttpUrls);
  checkTls(settings, given, "peer-", "listen-peer-urls", settings.listenPeerUrls);
}

function checkTimes(settings: Settings, given: GivenSettings): void {
  const { electionTimeoutMs, heartbeatIntervalMs } = settings;
  if (electionTimeoutMs >= HEARTBEATS_PER_ELECTION_MIN * heartbeatIntervalMs) return;
  throw new ConfigError(
    `${nameOf(given, "election-timeout")} (${electionTimeoutMs} ms) must be at least ${HEARTBEATS_PER_ELECTION_MIN} times ${nameOf(given, "heartbeat-interval")} (${heartbeatIntervalMs} ms).`,
  );
}

function checkCluster({ name, initialCluster, join }: Settings, given: GivenSettings): void {
  if (name === "") throw new ConfigError(`${nameOf(given, "name")} must not be empty.`);
  const setting = nameOf(given, "initial-cluster");
  if (join.length > 0 && given.has("initial-cluster")) {
    throw new ConfigError(
      `${nameOf(given, "join")} and ${setting} exclude each other: a member that joins learns who the others are.`,
    );
  }
  if (!initialCluster.some((entry) => entry.name === name)) {
    const names = initialCluster.map((entry) => entry.name).join(", ");
    throw new ConfigError(
      `${setting} names ${names}, but not this member, whose ${nameOf(given, "name")} is "${name}".`,
    );
  }
  const owners = new Map<string, string>();
  for (const entry of initialCluster) {
    for (const { text } of entry.urls) {
      const other = owners.get(text);
      if (other !== undefined) {
        throw new ConfigError(`${setting} gives ${text} to both ${other} and ${entry.name}.`);
      }
      owners.set(text, entry.name);
    }
  }
}

function checkLists(settings: Settings, given: GivenSettings): void {
  const lists: readonly (readonly [string, readonly Url[]])[] = [
    ["listen-client-urls", settings.listenClientUrls],
    ["listen-peer-urls", settings.listenPeerUrls],
    ["initial-advertise-peer-urls", settings.initialAdvertisePeerUrls],
  ];
  for (const [name, urls] of lists) {
    if (urls.length === 0) throw new ConfigError(`${nameOf(given, name)} must name a URL.`);
  }
}

function checkTls(
  settings: Settings,
  given: GivenSettings,
  prefix: "" | "peer-",
  flag: string,
  listened: readonly Url[],
): void {
  const tls = prefix === "" ? settings.clientTls : settings.peerTls;
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    const [has, lacks] = tls.certFile === undefined ? ["key", "cert"] : ["cert", "key"];
    throw new ConfigError(
      `${nameOf(given, `${prefix}${has}-file`)} is set, but --${prefix}${lacks}-file is not.`,
    );
  }
  const secure = listened.find(isTls);
  if (secure !== undefined && tls.certFile === undefined && !tls.auto) {
    throw new ConfigError(
      `${nameOf(given, flag)} has ${secure.text}, but there is no --${prefix}cert-file and --${prefix}key-file.`,
    );
  }
  const names = prefix === "" ? "client-cert-allowed" : "peer-cert-allowed";
  const named = [`${names}-cn`, `${names}-hostname`].find((setting) => given.has(setting));
  if (named !== undefined && tls.trustedCaFile === undefined) {
    throw new ConfigError(
      `${nameOf(given, named)} needs --${prefix}trusted-ca-file: without it nobody has to show a certificate.`,
    );
  }
  if (tls.clientCertAuth && tls.trustedCaFile === undefined) {
    throw new ConfigError(
      `${nameOf(given, `${prefix}client-cert-auth`)} needs --${prefix}trusted-ca-file to know whom to trust.`,
    );
  }
}
