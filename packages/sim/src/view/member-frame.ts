import type {
  Entry,
  HardState,
  LogIndex,
  LogPosition,
  MemberId,
  Membership,
  ProgressState,
  Role,
  Term,
} from "@quorate/core";
import type { ClusterMember } from "../cluster/cluster-member.ts";

/** What a leader knows about one member, as a table shows it. */
export interface ProgressFrame {
  readonly member: MemberId;
  readonly state: ProgressState;
  readonly match: LogIndex;
  readonly next: LogIndex;
  readonly isLearner: boolean;
  readonly isActive: boolean;
  readonly isPaused: boolean;
  readonly inflightMessages: number;
}

/** What a member's disk holds for good: all that is left of it after a power loss now. */
export interface DiskFrame extends HardState {
  readonly last: LogIndex;
  readonly snapshot: LogPosition;
}

/** One file on a disk, with what of it a power loss may take. */
export interface FileFrame {
  readonly path: string;
  readonly bytes: number;
  /** Sectors that were written and not made durable. */
  readonly unsyncedSectors: number;
}

/** One member at one moment, as plain data. Its entries are kept apart, see `changedEntries`. */
export interface MemberFrame {
  readonly id: MemberId;
  readonly power: "up" | "down" | "paused";
  /** `follower` while the process is down. */
  readonly role: Role;
  readonly term: Term;
  readonly vote: MemberId;
  readonly leader: MemberId;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  readonly first: LogIndex;
  readonly last: LogIndex;
  /** Last index its core was told to be durable. */
  readonly durable: LogIndex;
  readonly disk: DiskFrame;
  /** Entries on their way to the disk. */
  readonly entriesBeingWritten: number;
  readonly membership: Membership;
  /** Leader only; empty otherwise. */
  readonly progress: readonly ProgressFrame[];
  readonly electionElapsedTicks: number;
  readonly electionTimeoutTicks: number;
  readonly transferee: MemberId;
  readonly clockRate: number;
  readonly diskExtraMs: number;
  readonly values: ReadonlyMap<string, string>;
  readonly wasWiped: boolean;
  /** The broken invariant that stopped its core, if one did. */
  readonly stopped: string | undefined;
  /** Of whole nodes only: what is on the disk, file by file. */
  readonly files?: readonly FileFrame[] | undefined;
  readonly isDiskFull?: boolean | undefined;
}

/** The member as it is now. The very same object as `previous` when nothing changed, so that frames share memory. */
export function frameOf(member: ClusterMember, previous: MemberFrame | undefined): MemberFrame {
  const status = member.core?.status();
  const { disk, power } = member;
  const { hardState } = disk;
  const newest = disk.log.newestSnapshot;
  const held = status === undefined ? disk.log : undefined;
  const first = held?.firstIndex ?? (status?.last.index ?? 0) - countOf(member) + 1;
  const applied = status === undefined ? disk.checkpoint.index : member.applied;
  const isOld = previous !== undefined && previous.power === power && previous.applied === applied;
  const frame: MemberFrame = {
    id: member.id,
    power,
    role: status?.role ?? "follower",
    term: status?.term ?? hardState.term,
    vote: status?.vote ?? hardState.vote,
    leader: status?.leader ?? 0,
    commit: status?.commit ?? hardState.commit,
    applied,
    first,
    last: status?.last.index ?? disk.log.lastIndex,
    durable: status?.durable ?? disk.log.lastIndex,
    disk: sharedDisk(
      {
        term: hardState.term,
        vote: hardState.vote,
        commit: hardState.commit,
        last: disk.log.lastIndex,
        snapshot: { index: newest?.index ?? 0, term: newest?.term ?? 0 },
      },
      previous?.disk,
    ),
    entriesBeingWritten: member.entriesBeingWritten.length,
    membership: status?.membership ?? member.membership,
    progress: sharedProgress(status?.progress, previous?.progress),
    electionElapsedTicks: status?.electionElapsedTicks ?? 0,
    electionTimeoutTicks: status?.electionTimeoutTicks ?? 0,
    transferee: status?.transferee ?? 0,
    clockRate: member.clockRate,
    diskExtraMs: member.diskExtraMs,
    values: isOld ? previous.values : valuesOf(member),
    wasWiped: member.wasWiped,
    stopped: status?.stopped,
  };
  return previous !== undefined && isSame(previous, frame) ? previous : frame;
}

/**
 * The entries that are not what `known` remembers, newest first: what its log holds, with those on their way to the disk
 * in their places. Entries are never changed, so identity tells.
 */
export function changedEntries(
  member: ClusterMember,
  known: (index: LogIndex) => Entry | undefined,
): readonly Entry[] {
  const held = member.core === undefined ? member.disk.log.held : member.entries;
  const tail = tailOf(member.core === undefined ? [] : member.entriesBeingWritten);
  const start = tail[0]?.index ?? Number.POSITIVE_INFINITY;
  const changed: Entry[] = [];
  for (let at = tail.length - 1; at >= 0; at -= 1) {
    const entry = tail[at] as Entry;
    if (known(entry.index) === entry) return changed;
    changed.push(entry);
  }
  for (let at = held.length - 1; at >= 0; at -= 1) {
    const entry = held[at] as Entry;
    if (entry.index >= start) continue;
    if (known(entry.index) === entry) return changed;
    changed.push(entry);
  }
  return changed;
}

/** Later writes replace earlier ones at and after their place. */
function tailOf(writing: readonly Entry[]): readonly Entry[] {
  const tail: Entry[] = [];
  for (const entry of writing) {
    const first = tail[0]?.index ?? entry.index;
    tail.length = Math.max(0, Math.min(tail.length, entry.index - first));
    tail.push(entry);
  }
  return tail;
}

function countOf(member: ClusterMember): number {
  const tail = tailOf(member.entriesBeingWritten);
  const start = tail[0]?.index;
  const { entries } = member;
  const firstHeld = entries[0]?.index;
  if (start === undefined) return entries.length;
  return tail.length + (firstHeld === undefined ? 0 : Math.max(0, start - firstHeld));
}

function valuesOf(member: ClusterMember): ReadonlyMap<string, string> {
  return member.core === undefined
    ? member.disk.checkpoint.state.values
    : member.machine.state().values;
}

/** The previous one when nothing changed. */
export function sharedDisk(disk: DiskFrame, previous: DiskFrame | undefined): DiskFrame {
  if (previous === undefined) return disk;
  const isEqual =
    disk.term === previous.term &&
    disk.vote === previous.vote &&
    disk.commit === previous.commit &&
    disk.last === previous.last &&
    disk.snapshot.index === previous.snapshot.index &&
    disk.snapshot.term === previous.snapshot.term;
  return isEqual ? previous : disk;
}

const NO_PROGRESS: readonly ProgressFrame[] = [];

/** What a leader knows of the others; the previous one when nothing changed. */
export function sharedProgress(
  status: ReadonlyMap<MemberId, import("@quorate/core").ProgressStatus> | undefined,
  previous: readonly ProgressFrame[] | undefined,
): readonly ProgressFrame[] {
  if (status === undefined || status.size === 0) return NO_PROGRESS;
  const progress = [...status].map(
    ([member, { state, match, next, learner, active, paused, inflightMessages }]) => ({
      member,
      state,
      match,
      next,
      isLearner: learner,
      isActive: active,
      isPaused: paused,
      inflightMessages,
    }),
  );
  if (previous === undefined || previous.length !== progress.length) return progress;
  return progress.every((one, at) => isSame(one, previous[at] as ProgressFrame))
    ? previous
    : progress;
}

/** Fields are compared one by one; what is shared is the same object. */
export function isSame<T extends object>(left: T, right: T): boolean {
  for (const key in left) if (left[key] !== right[key]) return false;
  return true;
}
