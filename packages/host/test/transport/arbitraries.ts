import type { Entry, EntryKind, Membership, PeerMessage, SnapshotInfo } from "@quorate/core";
import fc from "fast-check";

const index = fc.maxSafeNat().map((value) => Math.floor(value / 2));
const position = fc.record({ term: index, index });
const members = fc.array(fc.nat({ max: 1_000 }), { maxLength: 5 });
const payload = fc.uint8Array({ maxLength: 300 });

export const anyMembership: fc.Arbitrary<Membership> = fc.record({
  voters: members,
  outgoing: members,
  learners: members,
  learnersNext: members,
  autoLeave: fc.boolean(),
});

export const anySnapshotInfo: fc.Arbitrary<SnapshotInfo> = fc.record({
  term: index,
  index,
  membership: anyMembership,
  id: fc.string({ maxLength: 60 }),
  bytes: index,
});

const header = { from: fc.constant(7), to: fc.constant(9), term: index };

const append = fc
  .record({
    ...header,
    previous: position,
    commit: index,
    contents: fc.array(
      fc.record({
        term: index,
        kind: fc.constantFrom<EntryKind>("command", "membership", "noop"),
        payload,
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ contents, ...rest }): PeerMessage => {
    const entries: Entry[] = contents.map((content, offset) => ({
      ...content,
      index: rest.previous.index + 1 + offset,
    }));
    return { type: "append", ...rest, entries };
  });

export const anyMessage: fc.Arbitrary<PeerMessage> = fc.oneof(
  append,
  fc.record({ ...header, type: fc.constant("appendOk" as const), match: index }),
  fc.record({
    ...header,
    type: fc.constant("appendRejected" as const),
    probed: index,
    hint: position,
  }),
  fc.record({
    ...header,
    type: fc.constant("heartbeat" as const),
    commit: index,
    readSequence: index,
  }),
  fc.record({ ...header, type: fc.constant("heartbeatOk" as const), readSequence: index }),
  fc.record({
    ...header,
    type: fc.constantFrom("vote" as const, "preVote" as const),
    last: position,
    transfer: fc.boolean(),
  }),
  fc.record({
    ...header,
    type: fc.constantFrom("voteReply" as const, "preVoteReply" as const),
    granted: fc.boolean(),
  }),
  fc.record({
    ...header,
    type: fc.constantFrom("voteReply" as const, "preVoteReply" as const),
    granted: fc.constant(false),
    committed: position,
  }),
  fc.record({ ...header, type: fc.constant("snapshot" as const), snapshot: anySnapshotInfo }),
  fc.record({ ...header, type: fc.constant("timeoutNow" as const) }),
  fc.record({ ...header, type: fc.constant("forwardTransfer" as const), target: index }),
  fc.record({
    ...header,
    type: fc.constant("forwardProposal" as const),
    entries: fc.array(
      fc.record({ kind: fc.constantFrom("command" as const, "membership" as const), payload }),
      { maxLength: 5 },
    ),
  }),
  fc.record({ ...header, type: fc.constant("readIndex" as const), requestId: index }),
  fc.record({
    ...header,
    type: fc.constant("readIndexReply" as const),
    requestId: index,
    index,
  }),
);
