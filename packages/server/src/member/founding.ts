import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { hostAndPort, parseUrl, type Url } from "../config/url.ts";
import type { DirectoryMember } from "../directory/directory.ts";
import { clusterIdOf, idText, memberIdOf, numbered } from "../directory/member-ids.ts";
import type { Logger } from "../log/logger.ts";
import { PeerCallError } from "../peer/peer-calls.ts";
import type { PeerCluster, PeerMember, PeerQuestions } from "../peer/peer-routes.ts";
import { type Identity, readIdentity, writeIdentity } from "./identity.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** How this start begins, decided before anything is opened. */
export interface Founding {
  readonly identity: Identity;
  /** Members the cluster began with, as the settings name them. */
  readonly founders: readonly DirectoryMember[];
  /** Members to join, for one that is not a founder and has no data yet. */
  readonly contacts: readonly DirectoryMember[];
}

/** One round of asking the members for the one that is to join. */
const ASK_TIMEOUT_MS = 2000;
const ASK_PAUSE_MS = 500;
/** As long as etcd tries before it gives up. */
const JOIN_TIMEOUT_MS = 30_000;
/** A member that was added a moment ago may not be known everywhere yet; one that was not is told soon. */
const UNKNOWN_TIMEOUT_MS = 3000;

export interface FoundingContext {
  readonly settings: Settings;
  readonly questions: PeerQuestions;
  readonly logger: Logger;
  /** Ends the waiting for members to join; what is thrown then is its reason. */
  readonly signal: AbortSignal;
}

/** Finds out who this member is. Throws `ConfigError` when settings and data, or settings and cluster, disagree. */
export async function decideFounding(context: FoundingContext): Promise<Founding> {
  const { settings } = context;
  const known = readIdentity(settings.dataDir);
  const founders = settings.initialClusterState === "new" ? foundersOf(settings) : [];
  if (known !== undefined) checkOwner(known, settings);
  if (known?.hasBegun === true) return { identity: known, founders, contacts: [] };
  checkAdvertised(settings);
  if (settings.initialClusterState === "existing") return join(context);
  const identity = founderIdentity(settings, founders);
  writeIdentity(settings.dataDir, identity);
  return { identity, founders, contacts: [] };
}

/** A folder of another member or cluster must not be taken over: its votes and its log are not ours. */
export function checkOwner(
  known: Identity,
  { name, initialClusterToken, dataDir }: Settings,
): void {
  if (known.recovery !== undefined && known.recovery.clusterId !== known.clusterId) {
    throw new ConfigError(
      `The recovery of ${dataDir} without its majority was begun and not finished: run quorate unsafe-recover ${dataDir} again.`,
    );
  }
  if (known.name !== name) {
    throw new ConfigError(
      `${dataDir} (--data-dir) holds the data of member "${known.name}", not of "${name}": give this member a folder of its own.`,
    );
  }
  if (known.token !== initialClusterToken) {
    throw new ConfigError(
      `${dataDir} (--data-dir) belongs to the cluster with the token "${known.token}", not "${initialClusterToken}" (--initial-cluster-token): give this member a folder of its own.`,
    );
  }
}

/** Members as the settings name the beginning of a cluster, numbered from 1 by their names. */
export function foundersOf(settings: Settings): readonly DirectoryMember[] {
  return numbered(settings.initialCluster).map(({ urls }, place) => {
    const peerUrls = urls.map(({ text }) => text);
    const publicId = memberIdOf(peerUrls, settings.initialClusterToken);
    return { id: place + 1, publicId, name: "", peerUrls, clientUrls: [], isLearner: false };
  });
}

/** Throws `ConfigError`. */
export function founderIdentity(
  settings: Settings,
  founders: readonly DirectoryMember[],
): Identity {
  const { name } = settings;
  const place = numbered(settings.initialCluster).findIndex((entry) => entry.name === name);
  const own = founders[place];
  if (own === undefined) throw new ConfigError(`--initial-cluster does not name ${name}.`);
  const clusterId = clusterIdOf(founders.map(({ publicId }) => publicId));
  const token = settings.initialClusterToken;
  return { name, id: own.id, publicId: own.publicId, clusterId, token, hasBegun: false };
}

async function join(context: FoundingContext): Promise<Founding> {
  const { settings, signal } = context;
  const { name, initialCluster, dataDir } = settings;
  const contacts =
    settings.join.length > 0
      ? settings.join.map(({ text }) => text)
      : initialCluster
          .filter((entry) => entry.name !== name)
          .flatMap(({ urls }) => urls.map(({ text }) => text));
  if (contacts.length === 0) {
    throw new ConfigError(
      "--initial-cluster-state=existing needs the other members in --initial-cluster: there is nobody to join.",
    );
  }
  const until = Date.now() + JOIN_TIMEOUT_MS;
  let answeredAtMs: number | undefined;
  for (;;) {
    const asked = await unlessAborted(signal, firstAnswer(contacts, context));
    const cluster = "problem" in asked ? undefined : asked;
    const own = cluster?.members.find((member) => isOwn(member, settings));
    if (cluster !== undefined && own !== undefined) {
      const { clusterId } = cluster;
      const token = settings.initialClusterToken;
      const { number: id, id: publicId } = own;
      const identity = { name, id, publicId, clusterId, token, hasBegun: false };
      writeIdentity(dataDir, identity);
      return { identity, founders: [], contacts: otherMembers(cluster, own) };
    }
    answeredAtMs ??= cluster === undefined ? undefined : Date.now();
    const isUnknown = answeredAtMs !== undefined && Date.now() > answeredAtMs + UNKNOWN_TIMEOUT_MS;
    if (isUnknown || Date.now() > until) throw cannotJoin(settings, contacts, asked);
    await unlessAborted(signal, new Promise((resolve) => setTimeout(resolve, ASK_PAUSE_MS)));
  }
}

async function firstAnswer(
  contacts: readonly string[],
  { settings, questions, logger, signal }: FoundingContext,
): Promise<PeerCluster | { readonly problem: string }> {
  let problem = "";
  for (const url of contacts) {
    try {
      if (settings.join.length === 0) return await questions.members(url, ASK_TIMEOUT_MS);
      const own = settings.initialAdvertisePeerUrls.map(({ text }) => text);
      return await questions.join(url, own, JOIN_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof PeerCallError)) throw error;
      if (signal.aborted) break;
      logger.warn("a member of the cluster to join did not answer", {
        url,
        error: error.message,
      });
      problem = error.message;
    }
  }
  return { problem };
}

function isOwn(member: PeerMember, settings: Settings): boolean {
  const own = settings.initialAdvertisePeerUrls.map(({ text }) => text);
  return member.peerUrls.some((url) => own.includes(url));
}

function otherMembers(cluster: PeerCluster, own: PeerMember): readonly DirectoryMember[] {
  return cluster.members
    .filter(({ number }) => number !== own.number)
    .map((member) => ({
      id: member.number,
      publicId: member.id,
      name: member.name,
      peerUrls: member.peerUrls,
      clientUrls: member.clientUrls,
      isLearner: member.isLearner,
    }));
}

function cannotJoin(
  settings: Settings,
  contacts: readonly string[],
  asked: PeerCluster | { readonly problem: string },
): ConfigError {
  const own = settings.initialAdvertisePeerUrls.map(({ text }) => text).join(", ");
  if ("problem" in asked) {
    const why = asked.problem === "" ? "" : ` The last one said: ${asked.problem}.`;
    return new ConfigError(
      `No member of the cluster to join lets this one in: ${contacts.join(", ")}.${why}`,
    );
  }
  return new ConfigError(
    `Cluster ${idText(asked.clusterId)} has no member with the peer URL ${own}: add it first (quorate member add).`,
  );
}

/** What the others are told to dial must be what they have been told already. */
function checkAdvertised(settings: Settings): void {
  const entry = settings.initialCluster.find(({ name }) => name === settings.name);
  const named = textsOf(entry?.urls ?? []);
  const advertised = textsOf(settings.initialAdvertisePeerUrls);
  if (named !== advertised) {
    throw new ConfigError(
      `--initial-cluster gives ${settings.name} the URL ${named}, but --initial-advertise-peer-urls is ${advertised}.`,
    );
  }
}

function textsOf(urls: readonly Url[]): string {
  return urls
    .map(({ text }) => text)
    .sort()
    .join(",");
}

/** Where the host dials a member. */
export function peerAddress(member: DirectoryMember): string {
  const url = parseUrl(member.peerUrls[0] ?? "");
  if ("problem" in url) throw new ConfigError(`The peer URL of a member ${url.problem}.`);
  return hostAndPort(url);
}
