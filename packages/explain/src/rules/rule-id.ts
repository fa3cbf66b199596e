/** Names of the rules, grouped as in the folders of the core. */
export type ElectionRuleId =
  | "terms"
  | "oldTerms"
  | "electionTimeout"
  | "majorityElects"
  | "oneVotePerTerm"
  | "electionRestriction"
  | "followTheLeader"
  | "openingEntry"
  | "preVote"
  | "leaderStickiness"
  | "checkQuorum"
  | "whoMayCampaign"
  | "refusalTellsCommit"
  | "leadershipTransfer";

export type ReplicationRuleId =
  | "leaderAppends"
  | "routing"
  | "logReplication"
  | "consistencyCheck"
  | "leaderLogWins"
  | "lastCommonEntry"
  | "repeatedMessages"
  | "pipelining"
  | "boundedWork"
  | "heartbeats";

export type CommitRuleId =
  | "commitByMajority"
  | "commitOwnTerm"
  | "commitFollowsLeader"
  | "applyInOrder";

export type SnapshotRuleId = "snapshotForLaggards" | "snapshotInstall";

export type MembershipRuleId =
  | "membershipInForce"
  | "oneChangeAtATime"
  | "jointConsensus"
  | "learners"
  | "removedLeader"
  | "onlyMembers";

export type ReadRuleId = "readIndex" | "readAfterOwnCommit" | "followerRead" | "leaseRead";

export type StorageRuleId =
  | "durableFirst"
  | "parallelWrite"
  | "restart"
  | "checkedInput"
  | "invariants";

/** A rule of the algorithm that decisions are made by. */
export type RuleId =
  | ElectionRuleId
  | ReplicationRuleId
  | CommitRuleId
  | SnapshotRuleId
  | MembershipRuleId
  | ReadRuleId
  | StorageRuleId;
