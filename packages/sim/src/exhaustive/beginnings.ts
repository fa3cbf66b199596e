import type { Entry, MemberId, Membership, SnapshotInfo } from "@quorate/core";
import type { Beginning, Configuration } from "./configuration.ts";
import type { Image } from "./life.ts";

/** The place before everything: a snapshot that all founders have. */
const FOUNDED_AT = { term: 1, index: 1 };
const FRESH: Beginning = { terms: [], term: 1, vote: 0, commit: 1 };

/** What every member has on its disk at the start. */
export function beginnings(
  configuration: Configuration,
): readonly { readonly id: MemberId; readonly image: Image }[] {
  const { voters, learners, newcomers, beginnings: given } = configuration;
  const founders = Array.from({ length: voters }, (_, at) => at + 1);
  const membership: Membership = {
    voters: founders,
    outgoing: [],
    learners,
    learnersNext: [],
    autoLeave: false,
  };
  return [
    ...[...founders, ...learners].map((id) => ({
      id,
      image: founded(membership, given[id] ?? FRESH),
    })),
    ...newcomers.map((id) => ({ id, image: EMPTY })),
  ];
}

function founded(membership: Membership, { terms, term, vote, commit }: Beginning): Image {
  const snapshot: SnapshotInfo = { ...FOUNDED_AT, membership, id: "", bytes: 0 };
  const entries = terms.map(
    (entryTerm, at): Entry => ({
      term: entryTerm,
      index: FOUNDED_AT.index + 1 + at,
      kind: "command",
      payload: Uint8Array.of(100 + entryTerm, at),
    }),
  );
  return {
    hardState: { term, vote, commit },
    base: FOUNDED_AT.index,
    baseTerm: FOUNDED_AT.term,
    entries,
    snapshot,
    membership,
    applied: [],
  };
}

const EMPTY: Image = {
  hardState: { term: 0, vote: 0, commit: 0 },
  base: 0,
  baseTerm: 0,
  entries: [],
  snapshot: undefined,
  membership: { voters: [], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
  applied: [],
};
