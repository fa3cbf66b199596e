/** A rule of the algorithm that can be switched off in a simulated cluster, to see what it is good for. */
export type RuleSwitch =
  | "countOldTerms"
  | "forgetVote"
  | "answerBeforeSync"
  | "noPreVote"
  | "noCheckQuorum"
  | "oneStepMembership"
  | "readWithoutQuorum"
  | "voteWithoutLogCheck"
  | "forgetSessions"
  | "trustWipedMember";
