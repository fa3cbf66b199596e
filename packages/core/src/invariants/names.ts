/**
 * Every rule that the core checks about itself, by number. `docs/spec/invariants.md` says of each where it comes from, where
 * it is enforced and which test breaks it on purpose.
 */
export const INVARIANTS = {
  noException: "I0 no exception",
  termGrows: "I1 term only grows",
  oneVote: "I2 one vote per term",
  oneLeader: "I3 one leader per term",
  roleTransition: "I4 roles follow each other",
  noGaps: "I5 log without gaps",
  logWithinTerm: "I6 no entry of a future term",
  committedStays: "I7 committed entries stay",
  commitGrows: "I8 commit only grows",
  commitWithinLog: "I9 commit within the log",
  appliedWithinCommit: "I10 applied within commit",
  appliedDurable: "I11 only durable entries are applied",
  leaderAppends: "I12 a leader only appends",
  ownDurable: "I13 own entries count when durable",
  matchBeforeNext: "I14 match before next",
  window: "I15 sending within limits",
  everyoneTracked: "I16 every member tracked",
  endOfLeadership: "I17 leadership leaves nothing behind",
  quota: "I18 quota is never negative",
  membershipSound: "I19 membership is sound",
  changesInOrder: "I20 changes applied in order",
  changesReadable: "I21 changes can be read",
  logReadable: "I22 acknowledged entries can be read",
  snapshotCovers: "I23 a snapshot covers what is compacted",
  knownWork: "I24 acknowledged work exists",
  actsWhenDurable: "I25 term and vote durable before they act",
} as const;

/** The name of an invariant, as `docs/spec/invariants.md` lists them. */
export type InvariantName = (typeof INVARIANTS)[keyof typeof INVARIANTS];
