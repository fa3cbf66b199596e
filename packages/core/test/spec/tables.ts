import type { Effects, PeerMessage, PeerMessageType, ProgressState, Role } from "@quorate/core";
import type { Progress } from "../../src/replication/progress.ts";
import { entryAt, LoneMember } from "../support/lone-member.ts";

/**
 * The tables of `docs/spec`, made by trying every cell on the core. A core that behaves differently makes another
 * table, and the test that compares them fails.
 */

export type TermRelation = "lower" | "same" | "higher";

export const ROLES: readonly Role[] = ["follower", "preCandidate", "candidate", "leader"];
export const RELATIONS: readonly TermRelation[] = ["lower", "same", "higher"];

const TERM = 5;
/** The log is 1, 1, 2 and, for a leader, its own first entry; the first two are committed. */
const LOG = [1, 1, 2];

/** One representative of each type; numbers in it are those of an untroubled group. */
const SAMPLES: { readonly [label: string]: (term: number, last: number) => object } = {
  append: (term) => ({
    type: "append",
    previous: { term: 2, index: 3 },
    entries: [entryAt(term, 4)],
    commit: 3,
  }),
  "append after a gap": (term) => ({
    type: "append",
    previous: { term: Math.min(term, 4), index: 9 },
    entries: [],
    commit: 3,
  }),
  heartbeat: () => ({ type: "heartbeat", commit: 3, readSequence: 1 }),
  snapshot: (term) => ({
    type: "snapshot",
    snapshot: {
      term,
      index: 20,
      membership: {
        voters: [1, 2, 3],
        outgoing: [],
        learners: [],
        learnersNext: [],
        autoLeave: false,
      },
      id: "s",
      bytes: 0,
    },
  }),
  appendOk: (_, last) => ({ type: "appendOk", match: last }),
  appendRejected: (_, last) => ({
    type: "appendRejected",
    probed: last - 1,
    hint: { term: 1, index: 2 },
  }),
  heartbeatOk: () => ({ type: "heartbeatOk", readSequence: 0 }),
  "vote, log up to date": (term) => ({
    type: "vote",
    last: { term, index: 4 },
    transfer: false,
  }),
  "vote, log behind": () => ({ type: "vote", last: { term: 1, index: 9 }, transfer: false }),
  "vote for a transfer": (term) => ({ type: "vote", last: { term, index: 4 }, transfer: true }),
  "preVote, log up to date": (term) => ({
    type: "preVote",
    last: { term: Math.min(term, TERM), index: 4 },
    transfer: false,
  }),
  "voteReply, yes": () => ({ type: "voteReply", granted: true }),
  "voteReply, no": () => ({ type: "voteReply", granted: false }),
  "preVoteReply, yes": () => ({ type: "preVoteReply", granted: true }),
  "preVoteReply, no": () => ({ type: "preVoteReply", granted: false }),
  timeoutNow: () => ({ type: "timeoutNow" }),
  forwardTransfer: () => ({ type: "forwardTransfer", target: 3 }),
  forwardProposal: () => ({
    type: "forwardProposal",
    entries: [{ kind: "command", payload: new Uint8Array(1) }],
  }),
  readIndex: () => ({ type: "readIndex", requestId: 1 }),
  readIndexReply: () => ({ type: "readIndexReply", requestId: 1, index: 2 }),
};

export const SAMPLE_LABELS: readonly string[] = Object.keys(SAMPLES);

/** A message without its ends. */
function sampleOf(label: string, term: number, last: number): PeerMessage {
  const make = SAMPLES[label];
  if (make === undefined) throw new Error(`no message ${label}`);
  return make(term, last) as PeerMessage;
}

/** Which type a row is about; every type has at least one. */
export function typeOf(label: string): PeerMessageType {
  return sampleOf(label, TERM, 3).type;
}

function memberIn(role: Role): LoneMember {
  const before = role === "candidate" || role === "leader" ? TERM - 1 : TERM;
  const member = new LoneMember({
    terms: LOG,
    applied: 2,
    hardState: { term: before, vote: 0 },
    settings: { forwardProposals: true, preVote: role === "preCandidate" },
  });
  if (role === "follower") member.hear({ type: "heartbeat", from: 2, commit: 2, readSequence: 0 });
  else member.core.campaign();
  member.settle();
  if (role === "leader") {
    member.hear({ type: "voteReply", granted: true });
    member.tick();
  }
  const { role: reached, term } = member.core.status();
  if (reached !== role || term !== TERM) throw new Error(`${reached} in term ${term}`);
  return member;
}

/** What a member in `role` does with a message, in a cell's words. */
export function reaction(role: Role, relation: TermRelation, label: string): string {
  const member = memberIn(role);
  const { last } = member.core.status();
  const term = { lower: TERM - 1, same: TERM, higher: TERM + 1 }[relation];
  const sample = sampleOf(label, term, last.index);
  const carriesNoTerm = sample.type === "forwardProposal" || sample.type === "readIndex";
  if (carriesNoTerm && relation !== "same") return "–";
  // A leader speaks for its own term; whoever asks to lead or answers is somebody else.
  const from = relation === "same" && role === "follower" && isFromLeader(sample.type) ? 2 : 3;
  member.takeDecisions();
  const stepped = member.core.step({ ...sample, from, to: 1, term: carriesNoTerm ? 0 : term });
  const decisions = member.takeDecisions().map(({ type }) => type);
  const effects = member.core.takeEffects();
  const parts = unique(
    decisions.filter((type) => type !== "timeoutDrawn" && type !== "messageMalformed"),
  ).map((type) => `\`${type}\``);
  if (!stepped.ok) parts.push(`refused: ${stepped.reason}`);
  const sent = unique(
    [...effects.send, ...(effects.append?.afterDurable ?? [])].map(({ type }) => type),
  );
  if (sent.length > 0) parts.push(`sends ${sent.map((type) => `**${type}**`).join(", ")}`);
  const { role: reached } = member.core.status();
  if (reached !== role) parts.push(`⇒ ${reached}`);
  return parts.length === 0 ? "ignored" : parts.join("; ");
}

function isFromLeader(type: PeerMessageType): boolean {
  return type === "append" || type === "heartbeat" || type === "snapshot";
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

export function roleTable(relation: TermRelation): string {
  const rows = SAMPLE_LABELS.map((label) => [
    label,
    ...ROLES.map((role) => reaction(role, relation, label)),
  ]);
  return table(["message", ...ROLES], rows);
}

// ---- progress ---------------------------------------------------------------------------------

export const PROGRESS_STATES: readonly ProgressState[] = ["probe", "replicate", "snapshot"];

/** A follower of a leader whose log ends at 9: it holds 5, and is sent what follows 6 in the window of two. */
const PROGRESS_EVENTS: {
  readonly [label: string]: (member: LoneMember, progress: Progress) => void;
} = {
  "answer: holds 7": (member) => member.hear({ type: "appendOk", match: 7 }),
  "answer: holds 5, as known": (member) => member.hear({ type: "appendOk", match: 5 }),
  "refusal of what was asked last, hint 3": (member, { next }) =>
    member.hear({ type: "appendRejected", probed: next - 1, hint: { term: 1, index: 3 } }),
  "refusal of something older": (member) =>
    member.hear({ type: "appendRejected", probed: 4, hint: { term: 1, index: 3 } }),
  "heartbeat answered": (member) => member.hear({ type: "heartbeatOk", readSequence: 0 }),
  "heartbeat answered, log compacted": (member) => {
    member.log.compact(8);
    member.hear({ type: "heartbeatOk", readSequence: 0 });
  },
  "connection lost": ({ core }) => core.reportUnreachable(2),
  "snapshot delivered": ({ core }) => core.reportSnapshot(2, true),
  "snapshot failed": ({ core }) => core.reportSnapshot(2, false),
  "new entry proposed": ({ core }) =>
    core.propose([{ kind: "command", payload: new Uint8Array(1) }]),
};

export const PROGRESS_LABELS: readonly string[] = Object.keys(PROGRESS_EVENTS);

function leaderWith(state: ProgressState): { member: LoneMember; progress: Progress } {
  const member = new LoneMember({
    terms: [1, 1, 1, 1, 1, 1, 1, 1],
    applied: 5,
    settings: { inflightMessagesMax: 2, appendBytesMax: 1 },
  }).lead();
  const progress = member.raft.tracker.find(2);
  if (progress === undefined) throw new Error("2 is not tracked");
  const { membership } = member.core.status();
  member.log.newest = { term: 1, index: 8, membership, id: "s", bytes: 0 };
  // What 2 acknowledged to win the election is taken back.
  const fresh = member.raft.membership.roster;
  member.raft.tracker.begin(fresh, 1, member.raft.log.durable, 5);
  const again = member.raft.tracker.find(2);
  if (again === undefined) throw new Error("2 is not tracked");
  again.acknowledged(5);
  again.heard();
  if (state === "probe") again.sentAppend(1, 1, 0);
  if (state === "replicate") {
    again.becomeReplicate();
    again.sentAppend(1, 1, 0);
  }
  if (state === "snapshot") again.becomeSnapshot(8);
  member.takeSent();
  return { member, progress: again };
}

/** What becomes of a follower's progress, in a cell's words. */
export function transition(state: ProgressState, label: string): string {
  const { member, progress } = leaderWith(state);
  const before = progress.status(false);
  PROGRESS_EVENTS[label]?.(member, progress);
  const effects: Effects = member.core.takeEffects();
  const after = progress.status(false);
  const parts: string[] = [];
  if (after.state !== before.state) parts.push(`⇒ **${after.state}**`);
  if (after.match !== before.match) parts.push(`match ${before.match} → ${after.match}`);
  if (after.next !== before.next) parts.push(`next ${before.next} → ${after.next}`);
  if (after.paused !== before.paused) parts.push(after.paused ? "pauses" : "goes on");
  if (after.inflightMessages !== before.inflightMessages) {
    parts.push(`window ${before.inflightMessages} → ${after.inflightMessages}`);
  }
  const sent = [...member.takeSent(), ...effects.send].filter(({ to }) => to === 2);
  if (sent.length > 0) parts.push(`sends ${sent.map(({ type }) => type).join(", ")}`);
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

export function progressTable(): string {
  const rows = PROGRESS_LABELS.map((label) => [
    label,
    ...PROGRESS_STATES.map((state) => transition(state, label)),
  ]);
  return table(["event", ...PROGRESS_STATES], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
