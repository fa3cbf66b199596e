import { membershipFault } from "../membership/check.ts";
import type {
  AppendMessage,
  AppendRejectedMessage,
  ForwardProposalMessage,
  PeerMessage,
  SnapshotMessage,
  VoteReplyMessage,
} from "../message.ts";
import type { Entry, LogPosition, MemberId } from "../types.ts";

/**
 * Terms and indexes above this are refused: no group gets there in a thousand years, and arithmetic on them must stay
 * exact with room to spare.
 */
export const NUMBER_MAX: number = 2 ** 52;

/** Entries one forwarded proposal may hold; more come in several messages. */
const FORWARDED_ENTRIES_MAX = 65_536;

/** What is wrong with a message in itself, whatever our state is; undefined when nothing is. */
export function messageFault(message: PeerMessage, self: MemberId): string | undefined {
  const { from, to, term } = message;
  if (to !== self) return `addressed to ${to}`;
  if (!isMember(from) || from === self) return `from ${from}`;
  if (!isCount(term)) return `term ${term}`;
  return termFault(message) ?? contentFault(message);
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
      return isCount(message.match) ? undefined : `match ${message.match}`;
    case "appendRejected":
      return rejectionFault(message);
    case "heartbeat":
      if (!isCount(message.commit)) return `commit ${message.commit}`;
      return isCount(message.readSequence) ? undefined : `round ${message.readSequence}`;
    case "heartbeatOk":
      return isCount(message.readSequence) ? undefined : `round ${message.readSequence}`;
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
      return isMember(message.target) ? undefined : `target ${message.target}`;
    case "forwardProposal":
      return proposalFault(message);
    case "readIndex":
      return isCount(message.requestId) ? undefined : `request ${message.requestId}`;
    case "readIndexReply":
      if (!isCount(message.requestId)) return `request ${message.requestId}`;
      return isCount(message.index) ? undefined : `index ${message.index}`;
    default:
      return unknownType(message);
  }
}

function unknownType(message: never): string {
  return `unknown type ${String((message as { type: unknown }).type)}`;
}

function appendFault(message: AppendMessage): string | undefined {
  const { previous, entries, commit, term } = message;
  if (!isCount(commit)) return `commit ${commit}`;
  const fault = positionFault(previous, term);
  if (fault !== undefined) return fault;
  if (!Array.isArray(entries)) return "entries is no list";
  let { index, term: entryTerm } = previous;
  if (index + entries.length > NUMBER_MAX) return `entries up to ${index + entries.length}`;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    index++;
    if (entry.index !== index) return `entry ${entry.index} where ${index} belongs`;
    if (!Number.isInteger(entry.term) || entry.term < entryTerm || entry.term > term) {
      return `entry ${index} of term ${entry.term} after term ${entryTerm} in term ${term}`;
    }
    entryTerm = entry.term;
    if (!isKind(entry.kind) || !(entry.payload instanceof Uint8Array)) {
      return `entry ${index} of kind ${entry.kind}`;
    }
  }
  return index > 0 && entryTerm === 0 ? `entry ${index} of term 0` : undefined;
}

function rejectionFault(message: AppendRejectedMessage): string | undefined {
  const { probed, hint, term } = message;
  if (!isCount(probed)) return `probed ${probed}`;
  const { index } = hint;
  if (!isCount(index) || index > probed) return `hint ${index} after ${probed}`;
  return isCount(hint.term) && hint.term <= term ? undefined : `hint of term ${hint.term}`;
}

function voteReplyFault({ granted, committed }: VoteReplyMessage): string | undefined {
  if (typeof granted !== "boolean") return "granted is no boolean";
  if (committed === undefined) return undefined;
  const sound = isCount(committed.term) && isCount(committed.index);
  return sound ? undefined : `committed ${committed.term}/${committed.index}`;
}

function snapshotFault(message: SnapshotMessage): string | undefined {
  const { snapshot, term } = message;
  const fault = positionFault(snapshot, term);
  if (fault !== undefined) return fault;
  if (snapshot.index === 0) return "snapshot of nothing";
  if (typeof snapshot.id !== "string" || !isCount(snapshot.bytes))
    return "snapshot without identity";
  if (snapshot.membership.voters.length === 0) return "snapshot of a group without voters";
  return membershipFault(snapshot.membership);
}

function proposalFault(message: ForwardProposalMessage): string | undefined {
  const { entries } = message;
  if (!Array.isArray(entries) || entries.length === 0) return "no proposal";
  if (entries.length > FORWARDED_ENTRIES_MAX) return `${entries.length} entries`;
  for (const { kind, payload } of message.entries) {
    if ((kind !== "command" && kind !== "membership") || !(payload instanceof Uint8Array)) {
      return `entry of kind ${kind}`;
    }
  }
  return undefined;
}

/** Nothing at index 0 has a term, everything after it has one, and none is newer than the sender's. */
function positionFault(position: LogPosition, term: number): string | undefined {
  const { index, term: at } = position;
  const sound = isCount(index) && isCount(at) && at <= term && (index === 0) === (at === 0);
  return sound ? undefined : `position ${at}/${index} in term ${term}`;
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
