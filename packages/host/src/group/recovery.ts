import type { SnapshotInfo } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import type { LogStore, RecoveredLog } from "../log/log-store.ts";
import type { StorageRefill } from "../refill/refill.ts";
import { Companion } from "../session/companion.ts";
import type { UserSessionLimits } from "../session/user-sessions.ts";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import type { GroupLimits } from "./group-spec.ts";
import { splitSnapshot } from "./snapshot-content.ts";
import type { OpenedState, StateMachine } from "./state-machine.ts";
import { writeSnapshot } from "./write-snapshot.ts";

/** The durable parts of one group on this host. */
export interface GroupStorage {
  readonly log: LogStore;
  readonly recovered: RecoveredLog;
  readonly snapshots: SnapshotStore;
  /** Set while a member whose log was damaged gets back what it lost. */
  readonly refill?: StorageRefill | undefined;
  /** Asks for a refill at the next start, where no snapshot can be read. Answers whether there will be one. */
  wantRefill?(): Promise<boolean>;
}

/** What a member goes on from. */
export interface RecoveredState {
  /** The host's state of the same moment as the machine's. */
  readonly companion: Companion;
  readonly recovered: RecoveredLog;
}

type AnyMachine = StateMachine<never, unknown, never, unknown>;

/**
 * Brings the machine to a state from which the log goes on without a gap: its own durable state if that reaches far
 * enough, otherwise the newest readable snapshot, otherwise nothing when the log begins at the beginning.
 */
export async function recoverState(
  machine: AnyMachine,
  storage: GroupStorage,
  limits: UserSessionLimits,
): Promise<RecoveredState> {
  const { recovered } = storage;
  const opened = await openMachine(machine);
  if (storage.refill !== undefined && opened.position.index > recovered.last.index) {
    return goOnFromMachine(machine, opened, storage, limits);
  }
  if (opened.position.index > 0) {
    checkPosition(opened, storage);
    if (opened.position.index >= storage.log.firstIndex - 1) {
      return { companion: ownState(opened, limits), recovered };
    }
  }
  for (const info of storage.recovered.snapshots) {
    if (info.index < storage.log.firstIndex - 1) break;
    const restored = await restoreSnapshot(machine, storage.snapshots, info, limits);
    if (restored instanceof Companion) return { companion: restored, recovered };
    if (restored.code !== "CORRUPT_SNAPSHOT") throw restored;
  }
  if (storage.log.firstIndex === 1) return { companion: Companion.empty(limits), recovered };
  if ((await storage.wantRefill?.()) === true) {
    throw new QuorateError(
      "CORRUPT_SNAPSHOT",
      `The log begins at ${storage.log.firstIndex} and there is no readable snapshot before it. Start this member again: it will then get everything from the other members.`,
      { outcome: "notApplied", retryable: true },
    );
  }
  throw new QuorateError(
    "CORRUPT_SNAPSHOT",
    `The log begins at ${storage.log.firstIndex} and there is no readable snapshot before it. Remove this member from the group and add its host under a new number.`,
    { outcome: "notApplied", retryable: false },
  );
}

/**
 * The machine's own durable state outlived the damaged log: what it holds was committed. A snapshot of it is what the
 * log goes on from.
 */
async function goOnFromMachine(
  machine: AnyMachine,
  opened: OpenedState,
  storage: GroupStorage,
  limits: UserSessionLimits,
): Promise<RecoveredState> {
  const companion = ownState(opened, limits);
  const { term, index } = companion.position;
  const id = `refill-${term}-${index}`;
  const info = await writeSnapshot(storage.snapshots, id, machine.beginSnapshot(), companion);
  const hardState = { ...storage.recovered.hardState, commit: index };
  const snapshot = { info, replacesLog: true };
  await storage.log.append({ hardState, entries: [], snapshot, sync: true });
  const recovered: RecoveredLog = {
    hardState,
    firstIndex: index + 1,
    last: { term, index },
    snapshots: [info],
    truncatedBytes: storage.recovered.truncatedBytes,
  };
  return { companion, recovered };
}

export function sessionLimits(limits: GroupLimits): UserSessionLimits {
  return { sessionsMax: limits.userSessionsMax, bytesMax: limits.userSessionBytesMax };
}

/** Replaces the machine's state by the snapshot's; the error is a value, so that an older one can be tried. */
export async function restoreSnapshot(
  machine: AnyMachine,
  snapshots: SnapshotStore,
  info: SnapshotInfo,
  limits: UserSessionLimits,
): Promise<Companion | QuorateError> {
  try {
    const content = await splitSnapshot(snapshots.read(info, 0));
    const companion = Companion.decode(content.companion, limits);
    if (companion.position.index !== info.index || companion.position.term !== info.term) {
      throw corrupt(info, "the host's part belongs to another position");
    }
    await machine.restore(info, content.machine, content.companion);
    return companion;
  } catch (error) {
    if (error instanceof QuorateError) return error;
    return corrupt(info, error instanceof Error ? error.message : String(error), error);
  }
}

function ownState(opened: OpenedState, limits: UserSessionLimits): Companion {
  try {
    const companion = Companion.decode(opened.companion, limits);
    if (companion.position.index === opened.position.index) return companion;
    throw machineFailed(
      `it is at ${opened.position.index}, its companion at ${companion.position.index}`,
    );
  } catch (error) {
    if (error instanceof QuorateError) throw error;
    throw machineFailed("its companion cannot be read", error);
  }
}

function checkPosition(opened: OpenedState, storage: GroupStorage): void {
  const { term, index } = opened.position;
  const { last } = storage.recovered;
  if (index > last.index) {
    throw machineFailed(`it is at ${index}, the log ends at ${last.index}`);
  }
  const logged = storage.log.term(index);
  if (typeof logged === "number" && logged !== term) {
    throw machineFailed(`it is at ${index} of term ${term}, the log has term ${logged} there`);
  }
}

async function openMachine(machine: AnyMachine): Promise<OpenedState> {
  try {
    return await machine.open();
  } catch (error) {
    if (error instanceof QuorateError) throw error;
    throw machineFailed("it could not be opened", error);
  }
}

function machineFailed(why: string, cause?: unknown): QuorateError {
  return new QuorateError(
    "STATE_MACHINE_FAILED",
    `The state machine does not fit the log: ${why}.`,
    { outcome: "notApplied", retryable: false, cause },
  );
}

function corrupt(info: SnapshotInfo, why: string, cause?: unknown): QuorateError {
  return new QuorateError("CORRUPT_SNAPSHOT", `Snapshot ${info.id} cannot be used: ${why}.`, {
    outcome: "notApplied",
    retryable: false,
    cause,
  });
}
