/** Every kind of fault that a run can inject. A kind that never happened was never tested. */
export const FAULT_KINDS = [
  // Messages between cores.
  "messageLost",
  "messageDuplicated",
  "messageLate",
  "messageCut",
  // Links.
  "linkCutBothWays",
  "linkCutOneWay",
  "partitionHalves",
  "partitionLeaderAlone",
  "partitionBridge",
  "partitionRing",
  "linkFlapping",
  "linkSlow",
  "linksClogged",
  // Streams between nodes.
  "frameLost",
  "frameDuplicated",
  "frameReordered",
  "bytesCorrupted",
  "bytesSplit",
  "streamStalled",
  "streamThrottled",
  "connectionReset",
  "connectionHalfOpen",
  "connectRefused",
  "garbageConnection",
  // Processes.
  "memberCrashed",
  "memberCrashedInOperation",
  "allCrashed",
  "memberRestarted",
  "memberStoppedInOrder",
  "memberPaused",
  "memberSuspended",
  "memberSlow",
  "membersRestartedInTurn",
  "memberLeftBehind",
  "machineSlow",
  "memberWiped",
  // Disks.
  "powerLostInWrite",
  "powerLostAfterNameChange",
  "unsyncedLost",
  "unsyncedReordered",
  "sectorTorn",
  "nameChangeLost",
  "syncFailed",
  "writeFailed",
  "writeShort",
  "diskFull",
  "diskSlow",
  "diskStalled",
  "machineStoreSlow",
  "bitRot",
  "writeMisdirected",
  "writeIgnored",
  // Clocks.
  "clockRate",
  "wallClockJump",
  // Groups.
  "membershipChanged",
  "leadershipTransferred",
  "campaignForced",
  "snapshotForced",
  // Clients.
  "answerLost",
  "requestRepeated",
] as const;

/** The name of a fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Counts what really happened, per kind of fault. */
export class FaultCounters {
  readonly #counts: Map<FaultKind, number> = new Map();

  count(kind: FaultKind, times: number = 1): void {
    if (times > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  get(kind: FaultKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  add(other: FaultCounters): void {
    for (const [kind, count] of other.#counts) this.count(kind, count);
  }

  /** In the order of `FAULT_KINDS`, kinds that never happened included. */
  entries(): readonly (readonly [kind: FaultKind, count: number])[] {
    return FAULT_KINDS.map((kind) => [kind, this.get(kind)] as const);
  }
}
