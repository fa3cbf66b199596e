import type {
  BallotKind,
  CampaignReason,
  CampaignRefused,
} from "../decisions/election-decision.ts";
import type { Raft } from "../raft.ts";
import type { LogIndex } from "../types.ts";
import { becomeCandidate, becomePreCandidate, isLeaderAlive, unpromotable } from "./roles.ts";

/** Begins an election, unless there is a reason not to. Source: Raft §5.2; Ongaro's thesis §9.6 for pre-votes. */
export function startElection(raft: Raft, campaign: CampaignReason): void {
  const obstacle = obstacleTo(raft, campaign);
  if (obstacle !== undefined) {
    refuse(raft, campaign, obstacle, 0);
    return;
  }
  // A membership that is committed but not in force here would be ignored by our count of votes.
  const pendingIndex = raft.log.firstChange(raft.log.applied + 1, raft.log.commit);
  if (pendingIndex > 0) {
    refuse(raft, campaign, "membershipChangePending", pendingIndex);
    return;
  }
  // A leader that hands over is sure that it can be won, and has stopped taking proposals: no time for a pre-vote.
  const ballot = raft.options.preVote && campaign !== "transfer" ? "preVote" : "vote";
  raft.decide?.({
    type: "electionStarted",
    id: raft.id,
    term: raft.standing.term,
    ballot,
    campaign,
  });
  askForVotes(raft, ballot, campaign);
}

function obstacleTo(raft: Raft, campaign: CampaignReason): CampaignRefused["reason"] | undefined {
  if (raft.standing.role === "leader") return "alreadyLeader";
  const obstacle = unpromotable(raft);
  if (obstacle !== undefined) return obstacle;
  // Our own vote would break the promise that the leader's lease rests on.
  const leaseAsked = campaign === "requested" && raft.options.readMode === "lease";
  return leaseAsked && isLeaderAlive(raft) ? "leaderLease" : undefined;
}

/** Enters the candidate's role and asks every voter of both halves. */
export function askForVotes(raft: Raft, ballot: BallotKind, campaign: CampaignReason): void {
  if (ballot === "preVote") becomePreCandidate(raft);
  else becomeCandidate(raft);
  const { term } = raft.standing;
  const electionTerm = ballot === "preVote" ? term + 1 : term;
  const { last } = raft.log;
  for (const to of raft.membership.roster.electors) {
    if (to === raft.id) {
      // The own vote counts like any other: when it is durable.
      raft.outbox.sendAfterDurable({
        type: ballot === "preVote" ? "preVoteReply" : "voteReply",
        from: raft.id,
        to,
        term: electionTerm,
        granted: true,
      });
      continue;
    }
    raft.decide?.({ type: "voteRequested", id: raft.id, term, ballot, to, last });
    raft.outbox.send({
      type: ballot,
      from: raft.id,
      to,
      term: electionTerm,
      last,
      transfer: campaign === "transfer",
    });
  }
}

function refuse(
  raft: Raft,
  campaign: CampaignReason,
  reason: CampaignRefused["reason"],
  pendingIndex: LogIndex,
): void {
  raft.decide?.({
    type: "campaignRefused",
    id: raft.id,
    term: raft.standing.term,
    campaign,
    reason,
    pendingIndex,
  });
}
