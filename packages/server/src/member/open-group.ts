import { join } from "node:path";
import {
  createHost,
  type Environment,
  type GroupSpec,
  type Host,
  type HostEvent,
  QuorateError,
} from "@quorate/host";
import { type KvAnswer, KvMachine, type KvQuery, kvCommandCodec } from "@quorate/kv";
import { LmdbStore } from "@quorate/kv/lmdb";
import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { hostAndPort } from "../config/url.ts";
import { idText } from "../directory/member-ids.ts";
import {
  type MemberCommand,
  MemberMachine,
  type MemberResult,
  memberCommandCodec,
} from "../directory/member-machine.ts";
import { timedStore } from "../metrics/timed-storage.ts";
import { type Founding, peerAddress } from "./founding.ts";
import { writeIdentity } from "./identity.ts";
import type { MemberReplica } from "./replicated-store.ts";

/** There is one group per cluster. */
export const GROUP = 1;

/** Bookkeeping of a command around the request it carries. */
const COMMAND_OVERHEAD_BYTES = 512;

/** What runs below the services. */
export interface OpenedGroup {
  readonly host: Host;
  readonly replica: MemberReplica;
  readonly kv: KvMachine;
  readonly machine: MemberMachine;
}

export interface OpenGroupOptions {
  readonly settings: Settings;
  readonly founding: Founding;
  readonly environment: Environment;
  readonly requestTimeoutMs: number;
  readonly onEvent: (event: HostEvent) => void;
  /** Hears how long each write of the store took, in seconds. */
  readonly onStoreWrite: (seconds: number) => void;
  /** The key-value store failed, and the memory of this process is not to be trusted any more. */
  readonly onStoreFailed: (error: unknown) => void;
}

/** Opens this member's data and takes part in its group. Throws `ConfigError` for what an operator can mend. */
export async function openGroup(options: OpenGroupOptions): Promise<OpenedGroup> {
  const { settings, founding, environment } = options;
  try {
    const host = await createHost(hostOptions(options));
    const kv = new KvMachine({
      store: timedStore(
        LmdbStore.open({
          directory: kvFolder(settings.dataDir),
          onFailedCommit: options.onStoreFailed,
        }),
        options.onStoreWrite,
      ),
      defer: (run) => environment.defer(run),
      after: (delayMs, run) => void environment.setTimer(delayMs, run),
      tokenTtlMs: settings.authTokenTtlSeconds * 1000,
      leaseClock: { checkpointIntervalMs: settings.leaseCheckpointIntervalMs },
    });
    const machine = new MemberMachine(kv);
    try {
      const replica = await takePart(host, machine, options);
      beginElection(replica, founding);
      writeIdentity(settings.dataDir, { ...founding.identity, hasBegun: true });
      return { host, replica, kv, machine };
    } catch (error) {
      await host.close();
      throw error;
    }
  } catch (error) {
    throw withWayOut(asConfigError(error), options);
  }
}

function hostOptions(options: OpenGroupOptions): Parameters<typeof createHost>[0] {
  const { settings, founding, environment, onEvent } = options;
  const { identity } = founding;
  const [listenUrl] = settings.listenPeerUrls;
  const [advertiseUrl] = settings.initialAdvertisePeerUrls;
  return {
    environment,
    directory: raftFolder(settings.dataDir),
    clusterId: idText(identity.clusterId),
    hostId: identity.id,
    hostName: identity.name,
    listenAddress: listenUrl === undefined ? "" : hostAndPort(listenUrl),
    advertiseAddress: advertiseUrl === undefined ? undefined : hostAndPort(advertiseUrl),
    tickMs: settings.heartbeatIntervalMs,
    core: {
      heartbeatTicks: 1,
      electionTicks: Math.round(settings.electionTimeoutMs / settings.heartbeatIntervalMs),
      preVote: settings.preVote,
    },
    onEvent,
  };
}

async function takePart(
  host: Host,
  machine: MemberMachine,
  { settings, founding, requestTimeoutMs }: OpenGroupOptions,
): Promise<MemberReplica> {
  const spec = {
    ...groupSpec(machine),
    snapshotPolicy: {
      entriesMax: settings.snapshotCount,
      keepEntries: settings.snapshotCatchupEntries,
    },
    limits: {
      commandBytesMax: settings.maxRequestBytes + COMMAND_OVERHEAD_BYTES,
      requestTimeoutMs,
    },
  };
  if (await host.hasGroup(GROUP)) return host.openGroup(spec);
  const { identity, founders, contacts } = founding;
  if (identity.hasBegun) {
    throw new ConfigError(
      `${settings.dataDir} belongs to member ${identity.name}, but its data is gone: remove this member from the cluster and add a new one with an empty folder.`,
    );
  }
  if (contacts.length > 0) {
    const addresses = contacts.map((member) => ({
      id: member.id,
      name: member.name,
      address: peerAddress(member),
    }));
    return host.joinGroup(spec, addresses);
  }
  const names = new Map(
    [...settings.initialCluster]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name }, place) => [place + 1, name]),
  );
  const initial = founders.map((member) => ({
    id: member.id,
    name: names.get(member.id) ?? "",
    address: peerAddress(member),
  }));
  return host.createGroup(spec, initial);
}

/**
 * Whether anything of the cluster is here yet. Its first command names the members: without it the store is empty because
 * nothing has come, not because there is nothing.
 */
export function hasState({ machine }: Pick<OpenedGroup, "machine">): boolean {
  return machine.directory.members().length > 0;
}

/** Whether this member has never taken anything from a leader: neither its store nor its log holds what could be lost. */
export function isBlank(group: OpenedGroup): boolean {
  return !hasState(group) && group.replica.status().core.last.term <= FOUNDING_TERM;
}

/** The term of the entries that a group is founded with; every leader has a later one. */
const FOUNDING_TERM = 1;

/** The group as its data is written, whatever the settings are. */
export function groupSpec(
  machine: MemberMachine,
): Pick<
  GroupSpec<MemberCommand, MemberResult, KvQuery, KvAnswer>,
  "groupId" | "machine" | "commands"
> {
  return { groupId: GROUP, machine, commands: memberCommandCodec(kvCommandCodec) };
}

/** Where in a member's folder the host keeps its data. */
export function raftFolder(dataDir: string): string {
  return join(dataDir, "raft");
}

/** Where in a member's folder the key-value machine keeps its data. */
export function kvFolder(dataDir: string): string {
  return join(dataDir, "kv");
}

/**
 * Whoever is alone, or the first of those that found a cluster, need not wait until a leader is missed: there cannot be
 * one. Should the others not be there yet, nothing comes of it.
 */
function beginElection(replica: MemberReplica, { identity, founders }: Founding): void {
  const { voters } = replica.status().core.membership;
  const isAlone = voters.length === 1 && voters[0] === identity.id;
  const isFirst = !identity.hasBegun && founders[0]?.id === identity.id;
  if (isAlone || isFirst) replica.campaign();
}

/** Data that cannot be mended here: the general advice, and what that comes to for this member. */
function withWayOut(error: unknown, { settings, founding }: OpenGroupOptions): unknown {
  if (!(error instanceof QuorateError) || error.retryable) return error;
  if (error.code !== "CORRUPT_LOG" && error.code !== "CORRUPT_SNAPSHOT") return error;
  const { name, dataDir, initialAdvertisePeerUrls } = settings;
  const urls = initialAdvertisePeerUrls.map(({ text }) => text).join(",");
  const ask = "quorate --endpoints <another member>";
  const steps = [
    `${ask} member remove ${idText(founding.identity.publicId)}`,
    `rm -r ${dataDir}`,
    `${ask} member add ${name} --peer-urls ${urls}`,
  ];
  return new QuorateError(
    error.code,
    `${error.message} That is: ${steps.join("; ")}; then start it with the settings that this prints.`,
    { outcome: error.outcome, retryable: false, cause: error },
  );
}

/** Failures that an operator can mend, as one sentence; everything else stays what it is. */
function asConfigError(error: unknown): unknown {
  if (!(error instanceof QuorateError)) return error;
  switch (error.code) {
    case "DATA_LOCKED":
    case "CLUSTER_MISMATCH":
    case "IDENTITY_MISSING":
    case "ADDRESS_IN_USE":
    case "INVALID_ARGUMENT":
    case "UNSUPPORTED_VERSION":
      return new ConfigError(error.message, { cause: error });
    default:
      return error;
  }
}
