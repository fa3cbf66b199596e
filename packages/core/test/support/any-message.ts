import type { PeerMessage, PeerMessageType, VoteRequestMessage } from "@quorate/core";
import fc from "fast-check";
import { entryAt } from "./lone-member.ts";

/** One sound message of every kind, from member 2 to member 1 in term 5. */
export const SOUND: { readonly [T in PeerMessageType]: PeerMessage & { readonly type: T } } = {
  append: {
    type: "append",
    ...{ from: 2, to: 1, term: 5 },
    previous: { term: 0, index: 0 },
    entries: [entryAt(4, 1), entryAt(5, 2, "noop"), entryAt(5, 3)],
    commit: 1,
  },
  appendOk: { type: "appendOk", from: 2, to: 1, term: 5, match: 1 },
  appendRejected: {
    type: "appendRejected",
    ...{ from: 2, to: 1, term: 5 },
    probed: 1,
    hint: { term: 1, index: 1 },
  },
  heartbeat: { type: "heartbeat", from: 2, to: 1, term: 5, commit: 0, readSequence: 1 },
  heartbeatOk: { type: "heartbeatOk", from: 2, to: 1, term: 5, readSequence: 0 },
  vote: voteRequest("vote"),
  preVote: voteRequest("preVote"),
  voteReply: { type: "voteReply", from: 2, to: 1, term: 5, granted: true },
  preVoteReply: {
    type: "preVoteReply",
    ...{ from: 2, to: 1, term: 5 },
    granted: false,
    committed: { term: 1, index: 1 },
  },
  snapshot: {
    type: "snapshot",
    ...{ from: 2, to: 1, term: 5 },
    snapshot: {
      term: 4,
      index: 9,
      membership: {
        voters: [1, 2, 3],
        outgoing: [2, 3, 4],
        learners: [5],
        learnersNext: [4],
        autoLeave: true,
      },
      id: "s",
      bytes: 10,
    },
  },
  timeoutNow: { type: "timeoutNow", from: 2, to: 1, term: 5 },
  forwardTransfer: { type: "forwardTransfer", from: 2, to: 1, term: 5, target: 3 },
  forwardProposal: {
    type: "forwardProposal",
    ...{ from: 2, to: 1, term: 0 },
    entries: [
      { kind: "command", payload: new Uint8Array(3) },
      { kind: "membership", payload: new Uint8Array(0) },
    ],
  },
  readIndex: { type: "readIndex", from: 2, to: 1, term: 0, requestId: 7 },
  readIndexReply: { type: "readIndexReply", from: 2, to: 1, term: 5, requestId: 7, index: 1 },
};

function voteRequest<T extends "vote" | "preVote">(type: T): VoteRequestMessage & { type: T } {
  return { type, from: 2, to: 1, term: 5, last: { term: 4, index: 1 }, transfer: false };
}

const number = fc.oneof(
  fc.nat({ max: 8 }),
  fc.integer({ min: -2, max: 20 }),
  fc.constantFrom(0.5, Number.NaN, Number.MAX_SAFE_INTEGER, 2 ** 52, Number.POSITIVE_INFINITY),
);
const small = fc.nat({ max: 6 });
const position = fc.record({ term: small, index: small });
const entry = fc.record({
  term: small,
  index: small,
  kind: fc.constantFrom("command", "membership", "noop"),
  payload: fc.uint8Array({ maxLength: 4 }),
});
const run = fc.tuple(position, fc.array(small, { maxLength: 4 })).map(([{ index, term }, rises]) =>
  rises.map((rise, at) => ({
    ...entryAt(term + rise, index + at + 1),
    payload: new Uint8Array(rise),
  })),
);

/** Fields of every kind with values that are mostly near the truth, under the name of any kind. */
export const anyMessage: fc.Arbitrary<unknown> = fc.record({
  type: fc.constantFrom(...Object.keys(SOUND), "nonsense"),
  from: fc.oneof(fc.constantFrom(2, 3), number),
  to: fc.constantFrom(1, 1, 1, 1, 2),
  term: fc.oneof(small, number),
  previous: position,
  entries: fc.oneof(fc.array(entry, { maxLength: 3 }), run),
  commit: fc.oneof(small, number),
  match: fc.oneof(small, number),
  probed: fc.oneof(small, number),
  hint: position,
  readSequence: fc.oneof(small, number),
  last: position,
  transfer: fc.boolean(),
  granted: fc.boolean(),
  committed: fc.option(position, { nil: undefined }),
  snapshot: fc.record({
    term: small,
    index: small,
    membership: fc.record({
      voters: fc.subarray([1, 2, 3, 4]),
      outgoing: fc.subarray([1, 2, 3]),
      learners: fc.subarray([4, 5]),
      learnersNext: fc.subarray([3]),
      autoLeave: fc.boolean(),
    }),
    id: fc.string({ maxLength: 3 }),
    bytes: number,
  }),
  target: number,
  requestId: number,
  index: number,
});

/** What no sound peer puts anywhere. Made anew each time: some of it can be changed. */
export const STRANGE: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  "a text": () => "5",
  "no number": () => Number.NaN,
  "an endless number": () => Number.POSITIVE_INFINITY,
  "a negative number": () => -1,
  "a fraction": () => 0.5,
  "a huge number": () => 2 ** 53,
  "a number as large as may be": () => 2 ** 52,
  "a big integer": () => 5n,
  "a boolean": () => true,
  "a symbol": () => Symbol("term"),
  "a function": () => () => 1,
  "an empty list": () => [],
  "a list of holes": () => new Array(3),
  "a list of nothing": () => [null, undefined],
  "a list of numbers": () => [3, 2, 1],
  "an empty object": () => ({}),
  "an object without prototype": () => Object.create(null),
  "an object that refuses to be a text": () => ({
    toString: () => {
      throw new Error("no");
    },
  }),
  "an object that refuses to be read": () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    ),
  "something that only looks like bytes": () => Object.create(Uint8Array.prototype),
  "other bytes": () => new Uint16Array(2),
  "a view on bytes": () => new DataView(new ArrayBuffer(2)),
};

export type Path = readonly (string | number)[];

/** Every place in a value: the value itself, and whatever it holds at any depth. */
export function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [path];
  const inside = Array.isArray(value)
    ? value.flatMap((each, at) => pathsIn(each, [...path, at]))
    : Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]));
  return [path, ...inside];
}

/** A copy with something else at one place. */
export function withAt(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...value] : { ...Object(value) }) as Record<
    string,
    unknown
  >;
  copy[key] = withAt(copy[key], rest, other);
  return copy;
}

/** A copy that lacks one place altogether; in a list it leaves a hole. */
export function withoutAt(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return undefined;
  const copy = (Array.isArray(value) ? [...value] : { ...Object(value) }) as Record<
    string,
    unknown
  >;
  if (rest.length === 0) delete copy[key];
  else copy[key] = withoutAt(copy[key], rest);
  return copy;
}
