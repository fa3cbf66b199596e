import type { DecisionSamples } from "./decision-samples.ts";
import { perCase } from "./samples.ts";

export const READ_SAMPLES: Pick<
  DecisionSamples,
  | "readQueued"
  | "readStarted"
  | "readConfirmed"
  | "readForwarded"
  | "readRefused"
  | "readsAbandoned"
> = {
  readQueued: [
    { type: "readQueued", id: 1, term: 5, requestId: 71, from: 1 },
    { type: "readQueued", id: 1, term: 5, requestId: 71, from: 2 },
  ],
  readStarted: [
    { type: "readStarted", id: 1, term: 5, requestId: 71, from: 2, index: 33, readSequence: 8 },
  ],
  readConfirmed: perCase({ quorum: true, lease: true, leaderReply: true }, (by) => ({
    type: "readConfirmed",
    id: 1,
    term: 5,
    requestId: 71,
    from: by === "quorum" ? 2 : 1,
    index: 33,
    by,
  })),
  readForwarded: [{ type: "readForwarded", id: 2, term: 5, requestId: 71, leader: 1 }],
  readRefused: [
    ...perCase(
      { noLeader: true, notLeader: true, leaseUnavailable: true, quotaExceeded: true },
      (reason) =>
        ({
          type: "readRefused",
          id: 2,
          term: 5,
          requestId: 71,
          from: reason === "notLeader" ? 3 : 2,
          mode: reason === "leaseUnavailable" ? "lease" : "quorum",
          reason,
          leader: reason === "notLeader" ? 1 : 0,
        }) as const,
    ),
    {
      type: "readRefused",
      id: 2,
      term: 5,
      requestId: 71,
      from: 3,
      mode: "quorum",
      reason: "notLeader",
      leader: 0,
    },
  ],
  readsAbandoned: [
    { type: "readsAbandoned", id: 1, term: 5, count: 12 },
    { type: "readsAbandoned", id: 1, term: 5, count: 1 },
  ],
};
