import { membershipFault } from "../membership/check.ts";
import type {
  AppendMessage,
  AppendRejectedMessage,
  ForwardProposalMessage,
  PeerMessage,
  PeerMessageType,
  SnapshotMessage,
  VoteReplyMessage,
} from "../message.ts";
import {
  type Entry,
  type LogPosition,
  type MemberId,
  NOBODY,
  type ProposedEntry,
} from "../types.ts";

/**
 * Terms and indexes above this are refused: no group gets there in a thousand years, and arithmetic on them must stay
 * exact with room to spare.
 */
export const NUMBER_MAX: number = 2 ** 52;

/** Entries one forwarded proposal may hold; more come in several messages. */
const FORWARDED_ENTRIES_MAX = 65_536;

/** Characters of a strange text that are repeated when it is reported. */
const SHOWN_CHARACTERS_MAX = 40;

const TYPES: { readonly [T in PeerMessageType]: true } = {
  append: true,
  appendOk: true,
  appendRejected: true,
  heartbeat: true,
  heartbeatOk: true,
  vote: true,
  preVote: true,
  voteReply: true,
  preVoteReply: true,
  snapshot: true,
  timeoutNow: true,
  forwardTransfer: true,
  forwardProposal: true,
  readIndex: true,
  readIndexReply: true,
};

/**
 * What is wrong with a message in itself, whatever our state is; undefined when nothing is. The types are what a sound
 * peer sends: nothing of them is taken for granted here, at any depth, and whatever passes can be read without a throw.
 */
export function messageFault(message: PeerMessage, self: MemberId): string | undefined {
  try {
    if (!isRecord(message)) return "no message";
    const { from, to, term } = message;
    if (to !== self) return `addressed to ${shown(to)}`;
    if (!isMember(from) || from === self) return `from ${shown(from)}`;
    if (!isCount(term)) return `term ${shown(term)}`;
    if (!isType(message.type)) return `unknown type ${shown(message.type)}`;
    return termFault(message) ?? contentFault(message);
  } catch {
    // Nothing has been touched yet: what throws here is the message's own doing.
    return "cannot be read";
  }
}

/** Who sent something that is dropped, and what it was meant to be, as far as that can be told. */
export function senderOf(message: PeerMessage): {
  readonly from: MemberId;
  readonly message: PeerMessageType | "unknown";
} {
  try {
    const { from, type } = message;
    return { from: isMember(from) ? from : NOBODY, message: isType(type) ? type : "unknown" };
  } catch {
    return { from: NOBODY, message: "unknown" };
  }
}

/** Two requests carry no term, and a member that has seen no term yet can only say no to a pre-vote. */
function termFault(message: PeerMessage): string | undefined {
  const { type, term } = message;
  if (type === "forwardProposal" || type === "readIndex") {
    return term === 0 ? undefined : `${type} with term ${term}`;
  }
  if (term > 0) return undefined;
  return type === "preVoteReply" && !message.granted ? undefined : `${type} without term`;
}

function contentFault(message: PeerMessage): string | undefined {
  switch (message.type) {
    case "append":
      return appendFault(message);
    case "appendOk":
      return isCount(message.match) ? undefined : `match ${shown(message.match)}`;
    case "appendRejected":
      return rejectionFault(message);
    case "heartbeat":
      if (!isCount(message.commit)) return `commit ${shown(message.commit)}`;
      return isCount(message.readSequence) ? undefined : `round ${shown(message.readSequence)}`;
    case "heartbeatOk":
      return isCount(message.readSequence) ? undefined : `round ${shown(message.readSequence)}`;
    case "vote":
    case "preVote":
      if (typeof message.transfer !== "boolean") return "transfer is no boolean";
      return positionFault(message.last, message.term);
    case "voteReply":
    case "preVoteReply":
      return voteReplyFault(message);
    case "snapshot":
      return snapshotFault(message);
    case "timeoutNow":
      return undefined;
    case "forwardTransfer":
      return isMember(message.target) ? undefined : `target ${shown(message.target)}`;
    case "forwardProposal":
      return proposalFault(message);
    case "readIndex":
      return isCount(message.requestId) ? undefined : `request ${shown(message.requestId)}`;
    case "readIndexReply":
      if (!isCount(message.requestId)) return `request ${shown(message.requestId)}`;
      return isCount(message.index) ? undefined : `index ${shown(message.index)}`;
  }
}

function appendFault(message: AppendMessage): string | undefined {
  const { previous, entries, commit, term } = message;
  if (!isCount(commit)) return `commit ${shown(commit)}`;
  const fault = positionFault(previous, term);
  if (fault !== undefined) return fault;
  if (!Array.isArray(entries)) return "entries is no list";
  let { index, term: entryTerm } = previous;
  if (index + entries.length > NUMBER_MAX) return `entries up to ${index + entries.length}`;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    index++;
    if (!isRecord(entry)) return `no entry where ${index} belongs`;
    if (entry.index !== index) return `entry ${shown(entry.index)} where ${index} belongs`;
    if (!Number.isInteger(entry.term) || entry.term < entryTerm || entry.term > term) {
      return `entry ${index} of term ${shown(entry.term)} after term ${entryTerm} in term ${term}`;
    }
    entryTerm = entry.term;
    if (!isKind(entry.kind) || !isBytes(entry.payload)) {
      return `entry ${index} of kind ${shown(entry.kind)}`;
    }
  }
  return index > 0 && entryTerm === 0 ? `entry ${index} of term 0` : undefined;
}

function rejectionFault(message: AppendRejectedMessage): string | undefined {
  const { probed, hint, term } = message;
  if (!isCount(probed)) return `probed ${shown(probed)}`;
  const { index } = hint;
  if (!isCount(index) || index > probed) return `hint ${index} after ${shown(probed)}`;
  return isCount(hint.term) && hint.term <= term ? undefined : `hint of term ${shown(hint.term)}`;
}

function voteReplyFault({ granted, committed }: VoteReplyMessage): string | undefined {
  if (typeof granted !== "boolean") return "granted is no boolean";
  if (committed === undefined) return undefined;
  if (!isRecord(committed)) return "committed is no position";
  const sound = isCount(committed.term) && isCount(committed.index);
  return sound ? undefined : `committed ${shown(committed.term)}/${shown(committed.index)}`;
}

function snapshotFault(message: SnapshotMessage): string | undefined {
  const { snapshot, term } = message;
  const fault = positionFault(snapshot, term);
  if (fault !== undefined) return fault;
  if (snapshot.index === 0) return "snapshot of nothing";
  if (typeof snapshot.id !== "string" || !isCount(snapshot.bytes))
    return "snapshot without identity";
  const { membership } = snapshot;
  const unsound = membershipFault(membership);
  if (unsound !== undefined) return unsound;
  return membership.voters.length > 0 ? undefined : "snapshot of a group without voters";
}

function proposalFault(message: ForwardProposalMessage): string | undefined {
  const { entries } = message;
  if (!Array.isArray(entries) || entries.length === 0) return "no proposal";
  if (entries.length > FORWARDED_ENTRIES_MAX) return `${entries.length} entries`;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as ProposedEntry;
    if (!isRecord(entry)) return `no entry at ${i}`;
    const { kind, payload } = entry;
    if ((kind !== "command" && kind !== "membership") || !isBytes(payload)) {
      return `entry of kind ${shown(kind)}`;
    }
  }
  return undefined;
}

/** Nothing at index 0 has a term, everything after it has one, and none is newer than the sender's. */
function positionFault(position: LogPosition, term: number): string | undefined {
  if (!isRecord(position)) return "no position";
  const { index, term: at } = position;
  const sound = isCount(index) && isCount(at) && at <= term && (index === 0) === (at === 0);
  return sound ? undefined : `position ${shown(at)}/${shown(index)} in term ${term}`;
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isType(type: unknown): type is PeerMessageType {
  return typeof type === "string" && Object.hasOwn(TYPES, type);
}

/** An object that only has the prototype passes `instanceof` and throws when it is asked for its length. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && value instanceof Uint8Array;
}

function isKind(kind: unknown): boolean {
  return kind === "command" || kind === "membership" || kind === "noop";
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= NUMBER_MAX;
}

function isMember(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** A value that should have been something else, for a report: short, and without running anything of the sender's. */
function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.slice(0, SHOWN_CHARACTERS_MAX);
    case "object":
      return value === null ? "null" : "an object";
    case "symbol":
    case "function":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}
