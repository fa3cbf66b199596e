import type { MembershipChange } from "@quorate/core";
import type { DecisionSamples } from "./decision-samples.ts";
import { JOINT, perCase, THREE_VOTERS, WITH_LEARNERS } from "./samples.ts";

const NO_CONTEXT = new Uint8Array(0);

const PROMOTE: MembershipChange = {
  transition: "auto",
  steps: [{ action: "voter", member: 4 }],
  context: NO_CONTEXT,
};
const REPLACE: MembershipChange = {
  transition: "explicit",
  steps: [
    { action: "voter", member: 4 },
    { action: "learner", member: 3 },
    { action: "remove", member: 2 },
    { action: "update", member: 1 },
  ],
  context: NO_CONTEXT,
};
const LEAVE: MembershipChange = { transition: "auto", steps: [], context: NO_CONTEXT };

export const MEMBERSHIP_SAMPLES: Pick<
  DecisionSamples,
  | "membershipSwitched"
  | "membershipChangeRefused"
  | "membershipChangeVoid"
  | "autoLeaveProposed"
  | "autoLeaveRefused"
  | "removedLeaderSteppedDown"
> = {
  membershipSwitched: [
    { type: "membershipSwitched", id: 1, term: 5, membership: WITH_LEARNERS },
    { type: "membershipSwitched", id: 1, term: 5, membership: JOINT },
    {
      type: "membershipSwitched",
      id: 1,
      term: 5,
      membership: { ...JOINT, learners: [], learnersNext: [], autoLeave: false },
    },
    {
      type: "membershipSwitched",
      id: 1,
      term: 5,
      membership: { ...THREE_VOTERS, voters: [] },
    },
    { type: "membershipSwitched", id: 1, term: 5, membership: { ...THREE_VOTERS, voters: [1] } },
  ],
  membershipChangeRefused: [
    ...perCase(
      { changePending: true, mustLeaveJoint: true, notJoint: true, invalid: true },
      (reason) =>
        ({
          type: "membershipChangeRefused",
          id: 1,
          term: 5,
          change: reason === "notJoint" ? LEAVE : PROMOTE,
          membership: reason === "mustLeaveJoint" ? JOINT : THREE_VOTERS,
          reason,
          pendingIndex: reason === "changePending" ? 37 : 0,
          applied: 33,
          detail: reason === "invalid" ? "more than 64 steps" : "",
        }) as const,
    ),
    {
      type: "membershipChangeRefused",
      id: 1,
      term: 5,
      change: REPLACE,
      membership: THREE_VOTERS,
      reason: "changePending",
      pendingIndex: 37,
      applied: 33,
      detail: "",
    },
  ],
  membershipChangeVoid: [
    {
      type: "membershipChangeVoid",
      id: 2,
      term: 5,
      index: 37,
      membership: THREE_VOTERS,
      detail: "removed all voters",
    },
  ],
  autoLeaveProposed: [{ type: "autoLeaveProposed", id: 1, term: 5, membership: JOINT, index: 38 }],
  autoLeaveRefused: perCase(
    {
      noLeader: true,
      notLeader: true,
      transferInProgress: true,
      notMember: true,
      quotaExceeded: true,
      leaseUnavailable: true,
      stopped: true,
    },
    (reason) => ({ type: "autoLeaveRefused", id: 1, term: 5, membership: JOINT, reason }),
  ),
  removedLeaderSteppedDown: [
    {
      type: "removedLeaderSteppedDown",
      id: 1,
      term: 5,
      membership: { ...THREE_VOTERS, voters: [2, 3, 4] },
    },
  ],
};
