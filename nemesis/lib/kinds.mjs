// Every kind of fault: which lane it runs in, how long one lasts, and what the machine must be able to do for it.

/**
 * Faults of one lane follow each other, those of different lanes overlap. Whatever starts or stops member processes is in
 * the lane `process`, so that no two faults fight over one process.
 */
export const LANES = ["process", "network", "operations"];

/**
 * `needs` are names of `probeMeans`. `spanMs` is the shortest and longest time between injection and healing.
 */
export const KINDS = [
  { id: "kill", lane: "process", spanMs: [300, 2_000], needs: [], says: "kill -9 of one member" },
  {
    id: "kill-all",
    lane: "process",
    spanMs: [200, 800],
    needs: [],
    says: "kill -9 of every member at once",
  },
  {
    id: "pause",
    lane: "process",
    spanMs: [800, 3_500],
    needs: [],
    says: "SIGSTOP, later SIGCONT",
  },
  {
    id: "power-loss",
    lane: "process",
    spanMs: [300, 1_500],
    needs: ["ext4"],
    says: "forced shutdown of one member's file system: what was not synced is gone",
  },
  {
    id: "power-loss-all",
    lane: "process",
    spanMs: [200, 800],
    needs: ["ext4"],
    says: "the same for all members at one moment",
  },
  {
    id: "slow-disk",
    lane: "process",
    spanMs: [1_500, 4_000],
    needs: ["shim"],
    says: "every sync takes 20 to 200 ms longer",
  },
  {
    id: "failing-sync",
    lane: "process",
    spanMs: [800, 2_500],
    needs: ["shim"],
    says: "fsync and fdatasync answer EIO; the member is started again afterwards",
  },
  {
    id: "full-disk",
    lane: "process",
    spanMs: [800, 2_500],
    needs: ["shim"],
    says: "no file can grow (ENOSPC)",
  },
  {
    id: "clock-shift",
    lane: "process",
    spanMs: [1_500, 4_000],
    needs: ["faketime"],
    says: "one member's wall clock jumps by up to an hour and back",
  },
  {
    id: "cpu-quota",
    lane: "process",
    spanMs: [1_500, 4_000],
    needs: [],
    says: "one member gets 15 % of a processor",
  },
  {
    id: "rolling-restart",
    lane: "process",
    spanMs: [200, 600],
    needs: [],
    says: "every member is stopped in order and started again, one after the other",
  },
  {
    id: "half-open",
    lane: "process",
    spanMs: [1_500, 3_500],
    needs: [],
    says: "a member falls silent without a FIN or RST and is killed and started again behind it",
  },
  {
    id: "partition-halves",
    lane: "network",
    spanMs: [1_500, 5_000],
    needs: [],
    says: "minority and majority do not hear each other",
  },
  {
    id: "leader-alone",
    lane: "network",
    spanMs: [1_500, 5_000],
    needs: [],
    says: "the leader hears no other member, clients reach it",
  },
  {
    id: "one-way",
    lane: "network",
    spanMs: [1_500, 5_000],
    needs: [],
    says: "what one member sends to the others is lost, or what they send to it",
  },
  {
    id: "non-transitive",
    lane: "network",
    spanMs: [1_500, 5_000],
    needs: [],
    says: "two members hear each other only through the rest",
  },
  {
    id: "flapping",
    lane: "network",
    spanMs: [2_000, 5_000],
    needs: [],
    says: "a partition that comes and goes several times a second",
  },
  {
    id: "clients-cut",
    lane: "network",
    spanMs: [1_500, 4_000],
    needs: ["namespaces"],
    says: "packets between clients and one member vanish",
  },
  {
    id: "slow-link",
    lane: "network",
    spanMs: [2_000, 5_000],
    needs: [],
    says: "20 to 150 ms delay and jitter between all members",
  },
  {
    id: "lossy-link",
    lane: "network",
    spanMs: [2_000, 5_000],
    needs: [],
    says: "Raft's messages are lost, doubled and overtaken, up to 20 % each",
  },
  {
    id: "corrupt-frames",
    lane: "network",
    spanMs: [1_500, 4_000],
    needs: [],
    says: "one byte in some frames is another",
  },
  {
    id: "transfer",
    lane: "operations",
    spanMs: [200, 800],
    needs: [],
    says: "leadership is handed to another member",
  },
  {
    id: "compaction",
    lane: "operations",
    spanMs: [200, 600],
    needs: [],
    says: "history is compacted, a member defragmented, a whole snapshot read, all under load",
  },
  {
    id: "membership",
    lane: "operations",
    spanMs: [1_000, 3_000],
    needs: [],
    says: "a further member joins, gets its vote, and is removed again",
  },
];

/** Those that this machine can do, and the others with the reason why not. */
export function availableKinds(means, only) {
  const chosen = only === undefined ? KINDS : KINDS.filter(({ id }) => only.includes(id));
  const available = [];
  const skipped = [];
  for (const kind of chosen) {
    const missing = kind.needs.find((need) => !means[need].available);
    if (missing === undefined) available.push(kind);
    else skipped.push({ kind: kind.id, reason: means[missing].reason });
  }
  return { available, skipped };
}
