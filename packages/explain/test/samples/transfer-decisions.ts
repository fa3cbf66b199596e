import type { DecisionSamples } from "./decision-samples.ts";
import { perCase } from "./samples.ts";

export const TRANSFER_SAMPLES: Pick<
  DecisionSamples,
  | "transferStarted"
  | "transferRefused"
  | "transferAborted"
  | "transferForwarded"
  | "timeoutNowSent"
  | "timeoutNowReceived"
  | "timeoutNowIgnored"
> = {
  transferStarted: [
    { type: "transferStarted", id: 1, term: 5, target: 2, upToDate: true },
    { type: "transferStarted", id: 1, term: 5, target: 2, upToDate: false },
  ],
  transferRefused: perCase(
    {
      noLeader: true,
      notMember: true,
      targetIsLearner: true,
      targetIsLeader: true,
      alreadyRunning: true,
    },
    (reason) => ({ type: "transferRefused", id: 1, term: 5, target: 4, reason }),
  ),
  transferAborted: perCase({ replaced: true, timedOut: true, targetNotVoter: true }, (reason) => ({
    type: "transferAborted",
    id: 1,
    term: 5,
    target: 4,
    reason,
  })),
  transferForwarded: [{ type: "transferForwarded", id: 2, term: 5, target: 3, leader: 1 }],
  timeoutNowSent: perCase({ upToDate: true, caughtUp: true }, (reason) => ({
    type: "timeoutNowSent",
    id: 1,
    term: 5,
    to: 2,
    reason,
  })),
  timeoutNowReceived: [{ type: "timeoutNowReceived", id: 2, term: 5, from: 1 }],
  timeoutNowIgnored: perCase(
    { follower: true, preCandidate: true, candidate: true, leader: true },
    (role) => ({ type: "timeoutNowIgnored", id: 2, term: 5, from: 1, role }),
  ),
};
