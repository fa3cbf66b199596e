import { decodeMembershipChange } from "../../packages/core/src/membership/codec.ts";
import type {
  MemberAction,
  Membership,
  MembershipChange,
} from "../../packages/core/src/membership/membership.ts";
import { Roster } from "../../packages/core/src/membership/roster.ts";
import type {
  PeerMessage,
  PeerMessageType,
  SnapshotInfo,
} from "../../packages/core/src/message.ts";
import type { ProgressStatus } from "../../packages/core/src/status.ts";
import type { Entry, HardState, ProposedEntry, Role } from "../../packages/core/src/types.ts";

/** The words in which the corpus prints a member's state. */

export const APPEND_THREAD = Number.POSITIVE_INFINITY;
export const APPLY_THREAD = Number.NEGATIVE_INFINITY;

/** Payloads that were proposed in the older form of a change, which holds exactly one step. */
const oldFormChanges = new WeakSet<Uint8Array>();

export function markOldForm(payload: Uint8Array): void {
  oldFormChanges.add(payload);
}

export function hex(value: number): string {
  return value.toString(16);
}

const STATES: Record<Role, string> = {
  follower: "StateFollower",
  candidate: "StateCandidate",
  preCandidate: "StatePreCandidate",
  leader: "StateLeader",
};

export function stateName(role: Role): string {
  return STATES[role];
}

const MESSAGE_NAMES: Record<PeerMessageType, string> = {
  append: "MsgApp",
  appendOk: "MsgAppResp",
  appendRejected: "MsgAppResp",
  heartbeat: "MsgHeartbeat",
  heartbeatOk: "MsgHeartbeatResp",
  vote: "MsgVote",
  voteReply: "MsgVoteResp",
  preVote: "MsgPreVote",
  preVoteReply: "MsgPreVoteResp",
  snapshot: "MsgSnap",
  timeoutNow: "MsgTimeoutNow",
  forwardTransfer: "MsgTransferLeader",
  forwardProposal: "MsgProp",
  readIndex: "MsgReadIndex",
  readIndexReply: "MsgReadIndexResp",
};

export function messageName(type: PeerMessageType): string {
  return MESSAGE_NAMES[type];
}

const ESCAPES: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** A quoted string in the manner of Go. */
export function quote(bytes: Uint8Array): string {
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `"${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;
  }
  const quoted = Array.from(text, (character) => {
    const escaped = ESCAPES[character];
    if (escaped !== undefined) return escaped;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : character;
  });
  return `"${quoted.join("")}"`;
}

const STEP_LETTERS: Record<MemberAction, string> = {
  voter: "v",
  learner: "l",
  remove: "r",
  update: "u",
};

function changeOf(payload: Uint8Array): MembershipChange {
  const change = decodeMembershipChange(payload);
  if (change === undefined) throw new Error("unreadable membership change in a test");
  return change;
}

export function renderEntry(entry: Entry | ProposedEntry): string {
  const place = "index" in entry ? `${entry.term}/${entry.index}` : "0/0";
  if (entry.kind !== "membership") return `${place} EntryNormal ${quote(entry.payload)}`;
  const type = oldFormChanges.has(entry.payload) ? "EntryConfChange" : "EntryConfChangeV2";
  const steps = changeOf(entry.payload).steps.map(
    ({ action, member }) => `${STEP_LETTERS[action]}${member}`,
  );
  return [place, type, ...steps].join(" ");
}

export function renderEntries(entries: readonly Entry[]): string {
  return entries.map((entry) => `${renderEntry(entry)}\n`).join("");
}

const TRANSITIONS: Record<MembershipChange["transition"], string> = {
  auto: "ConfChangeTransitionAuto",
  implicit: "ConfChangeTransitionJointImplicit",
  explicit: "ConfChangeTransitionJointExplicit",
};
const ACTIONS: Record<MemberAction, string> = {
  voter: "ConfChangeAddNode",
  learner: "ConfChangeAddLearnerNode",
  remove: "ConfChangeRemoveNode",
  update: "ConfChangeUpdateNode",
};

export function renderChange(change: MembershipChange): string {
  const steps = change.steps.map(
    ({ action, member }) => ` changes:{type:${ACTIONS[action]} node_id:${member}}`,
  );
  const context = change.context.length > 0 ? ` context:${quote(change.context)}` : "";
  return `transition:${TRANSITIONS[change.transition]}${steps.join("")}${context}`;
}

export function renderHardState({ term, vote, commit }: HardState): string {
  return `Term:${term}${vote === 0 ? "" : ` Vote:${vote}`} Commit:${commit}`;
}

export function renderSnapshot({ index, term, membership }: SnapshotInfo): string {
  const { voters, outgoing, learners, learnersNext, autoLeave } = membership;
  const list = (members: readonly number[]): string => `[${members.join(" ")}]`;
  return `Index:${index} Term:${term} ConfState:Voters:${list(voters)} VotersOutgoing:${list(outgoing)} Learners:${list(learners)} LearnersNext:${list(learnersNext)} AutoLeave:${autoLeave}`;
}

/** A message as the corpus sees it: one shape for all types. */
export interface PlainMessage {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly term?: number;
  readonly logTerm?: number;
  readonly index?: number;
  readonly reject?: { readonly hint: number };
  readonly commit?: number;
  readonly vote?: number;
  readonly entries?: readonly (Entry | ProposedEntry)[];
  readonly snapshot?: SnapshotInfo | undefined;
  readonly responses?: readonly PlainMessage[];
}

export function plainMessage(message: PeerMessage): PlainMessage {
  const { from, to, term } = message;
  const header = { type: MESSAGE_NAMES[message.type], from, to, term };
  switch (message.type) {
    case "append": {
      const { previous, entries, commit } = message;
      return { ...header, logTerm: previous.term, index: previous.index, entries, commit };
    }
    case "appendOk":
      return { ...header, index: message.match };
    case "appendRejected": {
      const { probed, hint } = message;
      return { ...header, index: probed, logTerm: hint.term, reject: { hint: hint.index } };
    }
    case "heartbeat":
      return { ...header, commit: message.commit };
    case "vote":
    case "preVote":
      return { ...header, logTerm: message.last.term, index: message.last.index };
    case "voteReply":
    case "preVoteReply":
      return message.granted ? header : { ...header, reject: { hint: 0 } };
    case "snapshot":
      return { ...header, snapshot: message.snapshot };
    case "forwardTransfer":
      return { ...header, from: message.target };
    case "forwardProposal":
      return { ...header, entries: message.entries };
    case "readIndexReply":
      return { ...header, index: message.index };
    case "heartbeatOk":
    case "timeoutNow":
    case "readIndex":
      return header;
  }
}

function endName(id: number): string {
  if (id === 0) return "None";
  if (id === APPEND_THREAD) return "AppendThread";
  if (id === APPLY_THREAD) return "ApplyThread";
  return hex(id);
}

export function renderMessage(message: PlainMessage, indent = ""): string {
  const { type, from, to, entries = [], snapshot, responses } = message;
  let text = `${indent}${endName(from)}->${endName(to)} ${type} Term:${message.term ?? 0} Log:${message.logTerm ?? 0}/${message.index ?? 0}`;
  if (message.reject !== undefined) text += ` Rejected (Hint: ${message.reject.hint})`;
  if (message.commit) text += ` Commit:${message.commit}`;
  if (message.vote) text += ` Vote:${message.vote}`;
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) text += ` Entries:[${renderEntry(only)}]`;
  else if (entries.length > 1) {
    const lines = entries.map((entry) => `\n${indent}  ${renderEntry(entry)}`);
    text += ` Entries:[${lines.join("")}\n${indent}]`;
  }
  if (snapshot !== undefined) text += `\n${indent}  Snapshot: ${renderSnapshot(snapshot)}`;
  if (responses !== undefined && responses.length > 0) {
    const lines = responses.map((response) => `\n${renderMessage(response, `${indent}  `)}`);
    text += ` Responses:[${lines.join("")}\n${indent}]`;
  }
  return text;
}

const PROGRESS_STATES: Record<ProgressStatus["state"], string> = {
  probe: "StateProbe",
  replicate: "StateReplicate",
  snapshot: "StateSnapshot",
};

export function renderProgress(progress: ProgressStatus): string {
  let text = `${PROGRESS_STATES[progress.state]} match=${progress.match} next=${progress.next}`;
  if (progress.learner) text += " learner";
  if (progress.paused) text += " paused";
  if (progress.pendingSnapshot > 0) text += ` pendingSnap=${progress.pendingSnapshot}`;
  if (!progress.active) text += " inactive";
  if (progress.inflightMessages > 0) {
    text += ` inflight=${progress.inflightMessages}${progress.windowFull ? "[full]" : ""}`;
  }
  return text;
}

export function renderProgressMap(progress: ReadonlyMap<number, ProgressStatus>): string {
  return [...progress]
    .sort(([a], [b]) => a - b)
    .map(([id, status]) => `${id}: ${renderProgress(status)}\n`)
    .join("");
}

function renderSet(members: readonly number[]): string {
  return `(${members.map(hex).join(" ")})`;
}

export function renderMembership(membership: Membership): string {
  const { voters, outgoing, learners, learnersNext, autoLeave } = membership;
  let text = `voters=${renderSet(voters)}`;
  if (outgoing.length > 0) text += `&&${renderSet(outgoing)}`;
  if (learners.length > 0) text += ` learners=${renderSet(learners)}`;
  if (learnersNext.length > 0) text += ` learners_next=${renderSet(learnersNext)}`;
  return autoLeave ? `${text} autoleave` : text;
}

export function renderElectors(membership: Membership): string {
  return new Roster(membership).electors.map(hex).join(",");
}
