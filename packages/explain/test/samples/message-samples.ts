import type { Entry, PeerMessageType } from "@quorate/core";
import type { MessageByType } from "../../src/messages/message-telling.ts";
import { at, type Some, WITH_LEARNERS } from "./samples.ts";

export type MessageSamples = { readonly [T in PeerMessageType]: Some<MessageByType[T]> };

function entry(term: number, index: number): Entry {
  return { term, index, kind: "command", payload: new Uint8Array(32) };
}

const PROPOSED = { kind: "command", payload: new Uint8Array(32) } as const;

/** Samples of every kind of message: a new kind does not compile until it has one. */
export const MESSAGE_SAMPLES: MessageSamples = {
  append: [
    {
      type: "append",
      from: 1,
      to: 2,
      term: 3,
      previous: at(2, 4),
      entries: [entry(2, 5), entry(3, 6), entry(3, 7)],
      commit: 4,
    },
    { type: "append", from: 1, to: 2, term: 3, previous: at(2, 4), entries: [], commit: 4 },
    {
      type: "append",
      from: 1,
      to: 2,
      term: 1,
      previous: at(0, 0),
      entries: [entry(1, 1), entry(1, 2)],
      commit: 0,
    },
  ],
  appendOk: [{ type: "appendOk", from: 2, to: 1, term: 3, match: 7 }],
  appendRejected: [
    { type: "appendRejected", from: 2, to: 1, term: 3, probed: 40, hint: at(2, 15) },
  ],
  heartbeat: [{ type: "heartbeat", from: 1, to: 2, term: 3, commit: 14, readSequence: 6 }],
  heartbeatOk: [{ type: "heartbeatOk", from: 2, to: 1, term: 3, readSequence: 6 }],
  vote: [
    { type: "vote", from: 2, to: 3, term: 6, last: at(4, 17), transfer: false },
    { type: "vote", from: 2, to: 3, term: 6, last: at(4, 17), transfer: true },
    { type: "vote", from: 2, to: 3, term: 1, last: at(0, 0), transfer: false },
  ],
  preVote: [{ type: "preVote", from: 2, to: 3, term: 6, last: at(4, 17), transfer: false }],
  voteReply: [
    { type: "voteReply", from: 3, to: 2, term: 6, granted: true },
    { type: "voteReply", from: 3, to: 2, term: 6, granted: false },
    { type: "voteReply", from: 3, to: 2, term: 6, granted: false, committed: at(4, 15) },
  ],
  preVoteReply: [
    { type: "preVoteReply", from: 3, to: 2, term: 6, granted: true },
    { type: "preVoteReply", from: 3, to: 2, term: 5, granted: false },
    { type: "preVoteReply", from: 3, to: 2, term: 5, granted: false, committed: at(4, 15) },
  ],
  snapshot: [
    {
      type: "snapshot",
      from: 1,
      to: 2,
      term: 6,
      snapshot: { ...at(4, 40), membership: WITH_LEARNERS, id: "a", bytes: 4096 },
    },
    {
      type: "snapshot",
      from: 1,
      to: 2,
      term: 6,
      snapshot: { ...at(4, 40), membership: WITH_LEARNERS, id: "a", bytes: 0 },
    },
  ],
  timeoutNow: [{ type: "timeoutNow", from: 1, to: 2, term: 6 }],
  forwardTransfer: [{ type: "forwardTransfer", from: 2, to: 1, term: 6, target: 3 }],
  forwardProposal: [
    { type: "forwardProposal", from: 2, to: 1, term: 0, entries: [PROPOSED, PROPOSED] },
  ],
  readIndex: [{ type: "readIndex", from: 2, to: 1, term: 0, requestId: 71 }],
  readIndexReply: [{ type: "readIndexReply", from: 1, to: 2, term: 6, requestId: 71, index: 33 }],
};
