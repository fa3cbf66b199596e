import {
  type Environment,
  previewRecovery,
  QuorateError,
  type RecoverOptions,
  type RecoveryReport,
  unsafeRecover,
  verifyLog,
} from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { KvMachine } from "@quorate/kv";
import { LmdbStore } from "@quorate/kv/lmdb";
import { ConfigError } from "../config/config-error.ts";
import { idText, newClusterId } from "../directory/member-ids.ts";
import { MemberMachine } from "../directory/member-machine.ts";
import { isThere } from "./folders.ts";
import { type Identity, readIdentity, writeIdentity } from "./identity.ts";
import { GROUP, groupSpec, kvFolder, raftFolder } from "./open-group.ts";
import { whileUnused } from "./unused-folder.ts";

/** What an offline recovery of a member keeps, and whose it was. */
export interface MemberRecovery {
  readonly identity: Identity;
  readonly report: RecoveryReport;
}

/** Says what `recoverMember` would do. Rejects where it would. */
export async function previewMemberRecovery(dataDir: string): Promise<MemberRecovery> {
  const environment = nodeEnvironment();
  const identity = identityOf(dataDir);
  await refuseDamaged(environment, dataDir);
  return { identity, report: await preview(environment, dataDir, begun(identity, [])) };
}

/**
 * Makes the member in this folder the only one of a new cluster, with everything that it has. Rejects, before anything
 * is changed, with `ConfigError` for a folder without a member, DATA_LOCKED while a process uses it, CORRUPT_LOG when its
 * log is damaged. After a crash in the middle, run it again.
 */
export async function recoverMember(dataDir: string): Promise<MemberRecovery> {
  const environment = nodeEnvironment();
  const identity = identityOf(dataDir);
  await refuseDamaged(environment, dataDir);
  const { before, after } = await preview(environment, dataDir, begun(identity, []));
  const was = [...before.voters, ...before.outgoing, ...before.learners];
  const moving = begun(
    identity,
    was.filter((member) => !after.voters.includes(member)),
  );
  // Before the group changes: a second run after a crash must go to the same cluster, and know whom it lost.
  writeIdentity(dataDir, moving);
  const options = recoverOptions(environment, dataDir, moving);
  const machine = openMachine(environment, dataDir);
  const report = await unsafeRecover(options, groupSpec(machine), "I accept data loss");
  const recovered = { ...moving, clusterId: moving.recovery.clusterId };
  writeIdentity(dataDir, recovered);
  return { identity: recovered, report };
}

type Moving = Identity & { readonly recovery: NonNullable<Identity["recovery"]> };

/** On the way to its new cluster, which a first run may have chosen already. */
function begun(identity: Identity, lost: readonly number[]): Moving {
  const { recovery, clusterId } = identity;
  const isUnfinished = recovery !== undefined && recovery.clusterId !== clusterId;
  const target = isUnfinished ? recovery.clusterId : newClusterId();
  const all = new Set([...(recovery?.lost ?? []), ...lost]);
  return { ...identity, recovery: { clusterId: target, lost: [...all] } };
}

function identityOf(dataDir: string): Identity {
  const identity = readIdentity(dataDir);
  if (identity?.hasBegun === true && isThere(raftFolder(dataDir))) return identity;
  throw new ConfigError(
    `There is no member's data in ${dataDir}: give the --data-dir of a member.`,
  );
}

/** What is damaged must not be taken for everything there is. */
async function refuseDamaged(environment: Environment, dataDir: string): Promise<void> {
  const directory = raftFolder(dataDir);
  const { summary, findings } = await whileUnused(environment, directory, () =>
    verifyLog(environment, directory, GROUP),
  );
  if (summary.verdict === "good" || summary.verdict === "tornTail") return;
  const reason = findings.at(-1)?.detail ?? `its log is ${summary.verdict}`;
  throw new QuorateError(
    "CORRUPT_LOG",
    `The log in ${dataDir} is damaged (${reason}), and a recovery would take what is left of it for everything there was: recover another member that is left, or restore a saved state (quorate snapshot restore).`,
    { outcome: "notApplied", retryable: false },
  );
}

function preview(
  environment: Environment,
  dataDir: string,
  moving: Moving,
): Promise<RecoveryReport> {
  const machine = openMachine(environment, dataDir);
  return previewRecovery(recoverOptions(environment, dataDir, moving), groupSpec(machine));
}

function recoverOptions(
  environment: Environment,
  dataDir: string,
  { clusterId, id, recovery }: Moving,
): RecoverOptions {
  return {
    environment,
    directory: raftFolder(dataDir),
    clusterId: idText(clusterId),
    newClusterId: idText(recovery.clusterId),
    hostId: id,
  };
}

function openMachine(environment: Environment, dataDir: string): MemberMachine {
  const store = LmdbStore.open({ directory: kvFolder(dataDir) });
  return new MemberMachine(new KvMachine({ store, defer: (run) => environment.defer(run) }));
}
