import type { KvAnswer } from "@quorate/kv";
import { bytesOf, textOf } from "../oracles/reference-store.ts";
import {
  type FileFrame,
  isSame,
  type MemberFrame,
  sharedDisk,
  sharedProgress,
} from "../view/member-frame.ts";
import type { SimNode } from "../world/sim-node.ts";
import type { NodeMirror } from "./node-mirror.ts";

/** The node as it is now. The very same object as `previous` when nothing changed. */
export function nodeFrame(
  node: SimNode,
  mirror: NodeMirror,
  previous: MemberFrame | undefined,
): MemberFrame {
  const { id, record, clock, disk, life } = node;
  const status = record.core?.status();
  const { durableHardState, durablePrints } = record;
  const snapshot = life?.replica.status().newestSnapshot ?? mirror.snapshot;
  const isDown = node.power === "down" || node.power === "failed";
  const applied = record.applied;
  const isOld = previous !== undefined && (isDown || previous.applied === applied);
  const frame: MemberFrame = {
    id,
    power: isDown ? "down" : node.isPaused ? "paused" : "up",
    role: status?.role ?? "follower",
    term: status?.term ?? durableHardState.term,
    vote: status?.vote ?? durableHardState.vote,
    leader: status?.leader ?? 0,
    commit: status?.commit ?? durableHardState.commit,
    applied,
    first: mirror.first,
    last: status?.last.index ?? durablePrints.last,
    durable: status?.durable ?? durablePrints.last,
    disk: sharedDisk(
      {
        ...durableHardState,
        last: durablePrints.last,
        snapshot: { index: snapshot.index, term: snapshot.term },
      },
      previous?.disk,
    ),
    entriesBeingWritten: isDown ? 0 : mirror.beingWritten,
    membership: status?.membership ?? previous?.membership ?? record.membership,
    progress: sharedProgress(status?.progress, previous?.progress),
    electionElapsedTicks: status?.electionElapsedTicks ?? 0,
    electionTimeoutTicks: status?.electionTimeoutTicks ?? 0,
    transferee: status?.transferee ?? 0,
    clockRate: clock.rate,
    diskExtraMs: disk.extraMs,
    values: isOld ? previous.values : valuesOf(node),
    wasWiped: record.isGhost,
    stopped: isDown ? node.failure : undefined,
    files: sharedFiles(filesOf(node), previous?.files),
    isDiskFull: disk.files.freeBytes <= 0,
  };
  return previous !== undefined && isSame(previous, frame) ? previous : frame;
}

const NOTHING: ReadonlyMap<string, string> = new Map();
const ALL_KEYS = { type: "range", key: bytesOf("\0"), rangeEnd: bytesOf("\0") } as const;

function valuesOf({ life }: SimNode): ReadonlyMap<string, string> {
  const answer = life?.machine.query(ALL_KEYS) as KvAnswer | undefined;
  if (answer?.type !== "range") return NOTHING;
  return new Map(answer.kvs.map(({ key, value }) => [textOf(key), textOf(value)]));
}

function filesOf({ disk }: SimNode): readonly FileFrame[] {
  const files: FileFrame[] = [];
  for (const path of disk.files.paths()) {
    const node = disk.files.node(path);
    if (node?.kind !== "file") continue;
    const { content } = node;
    const unsyncedSectors = content.hasPending ? Math.max(1, content.pending().sectors.size) : 0;
    files.push({ path, bytes: content.size, unsyncedSectors });
  }
  return files;
}

function sharedFiles(
  files: readonly FileFrame[],
  previous: readonly FileFrame[] | undefined,
): readonly FileFrame[] {
  if (previous === undefined || previous.length !== files.length) return files;
  return files.every((file, at) => isSame(file, previous[at] as FileFrame)) ? previous : files;
}
