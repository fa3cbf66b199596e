/**
 * The rules of the abstract model, by name. `docs/spec/abstract-model.md` says what each of them means; a test compares
 * the two.
 */
export const RULES = {
  aliveMembersAct: "only running members act",
  termsFollow: "terms follow each other",
  termsHaveOwners: "a newer term comes from somebody who is in it",
  rolesFollow: "roles follow each other",
  onlyVotersCampaign: "only voters campaign",
  oneVote: "one vote per term",
  upToDate: "votes go to logs that are up to date",
  logsAreTold: "a candidate's log is what it says",
  refusalsHaveReasons: "a refusal has its reason",
  votesAreGiven: "counted votes were given and are durable",
  quorumElects: "a quorum elects",
  oneLeader: "one leader per term",
  leadersAreComplete: "a leader holds every committed entry",
  leadersAppend: "only leaders append, and only at the end",
  appendsFollow: "followers take what their leader holds",
  conflictsAreReal: "only what differs is replaced",
  committedStays: "committed entries stay",
  acknowledgementsAreGiven: "counted acknowledgements were given and are durable",
  quorumCommits: "a quorum commits an entry of the leader's term",
  followersLearn: "followers commit what was committed and is theirs",
  appliedInOrder: "committed and durable entries are applied in order",
  snapshotsAreCommitted: "snapshots hold what is committed",
  membershipsMeet: "memberships follow each other",
  readsAreCurrent: "reads see what was committed before",
  restartsKeep: "a restart keeps what was durable",
  statesAgree: "a member is what its decisions made it",
} as const;

/** The name of a rule. */
export type Rule = (typeof RULES)[keyof typeof RULES];

/** A step that the model does not allow. */
export class Forbidden extends Error {
  readonly rule: Rule;

  constructor(rule: Rule, detail: string) {
    super(detail);
    this.rule = rule;
  }
}

/** @throws Forbidden when `holds` is false. */
export function demand(holds: boolean, rule: Rule, detail: () => string): asserts holds {
  if (!holds) throw new Forbidden(rule, detail());
}
