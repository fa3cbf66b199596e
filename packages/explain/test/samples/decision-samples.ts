import type { DecisionType } from "@quorate/core";
import type { DecisionByType } from "../../src/decisions/decision-telling.ts";
import { ELECTION_SAMPLES } from "./election-decisions.ts";
import { LOG_SAMPLES, SNAPSHOT_SAMPLES } from "./log-decisions.ts";
import { MEMBERSHIP_SAMPLES } from "./membership-decisions.ts";
import { READ_SAMPLES } from "./read-decisions.ts";
import { REPLICATION_SAMPLES } from "./replication-decisions.ts";
import { at, type Some, THREE_VOTERS, WITH_LEARNERS } from "./samples.ts";
import { TRANSFER_SAMPLES } from "./transfer-decisions.ts";

export type DecisionSamples = { readonly [T in DecisionType]: Some<DecisionByType[T]> };

const LIFECYCLE_SAMPLES: Pick<
  DecisionSamples,
  "created" | "messageMalformed" | "peerUnknown" | "stopped"
> = {
  created: [
    {
      type: "created",
      id: 1,
      term: 3,
      membership: WITH_LEARNERS,
      commit: 10,
      applied: 9,
      last: at(3, 12),
    },
    {
      type: "created",
      id: 1,
      term: 0,
      membership: THREE_VOTERS,
      commit: 0,
      applied: 0,
      last: at(0, 0),
    },
  ],
  messageMalformed: [
    {
      type: "messageMalformed",
      id: 1,
      term: 3,
      from: 2,
      message: "append",
      detail: "entries not consecutive",
    },
    {
      type: "messageMalformed",
      id: 1,
      term: 3,
      from: 0,
      message: "unknown",
      detail: "no message",
    },
  ],
  peerUnknown: [{ type: "peerUnknown", id: 1, term: 3, from: 9, message: "heartbeatOk" }],
  stopped: [
    {
      type: "stopped",
      id: 1,
      term: 3,
      invariant: "commit within log",
      detail: "commit beyond last",
    },
  ],
};

/** Samples of every kind of decision: a new kind does not compile until it has one. */
export const DECISION_SAMPLES: DecisionSamples = {
  ...LIFECYCLE_SAMPLES,
  ...ELECTION_SAMPLES,
  ...TRANSFER_SAMPLES,
  ...REPLICATION_SAMPLES,
  ...LOG_SAMPLES,
  ...SNAPSHOT_SAMPLES,
  ...MEMBERSHIP_SAMPLES,
  ...READ_SAMPLES,
};
