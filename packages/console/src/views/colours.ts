import type { PeerMessage, Term } from "@quorate/core";

const TERM_COLOURS = 8;

/** Terms have colours that repeat after eight, so that neighbours always differ. */
export function termColour(term: Term): string {
  return term === 0 ? "var(--term-0)" : `var(--term-${((term - 1) % TERM_COLOURS) + 1})`;
}

/** What a message is for, as far as its colour tells. */
export type MessageFamily =
  | "entries"
  | "heartbeat"
  | "vote"
  | "answer"
  | "refusal"
  | "snapshot"
  | "other";

export const FAMILY_COLOURS: Readonly<Record<MessageFamily, string>> = {
  entries: "var(--accent)",
  heartbeat: "var(--term-0)",
  vote: "var(--warn)",
  answer: "var(--good)",
  refusal: "var(--bad)",
  snapshot: "var(--term-4)",
  other: "var(--term-5)",
};

export function familyOf(message: PeerMessage): MessageFamily {
  switch (message.type) {
    case "append":
      return message.entries.length > 0 ? "entries" : "heartbeat";
    case "heartbeat":
    case "heartbeatOk":
      return "heartbeat";
    case "vote":
    case "preVote":
      return "vote";
    case "voteReply":
    case "preVoteReply":
      return message.granted ? "answer" : "refusal";
    case "appendOk":
      return "answer";
    case "appendRejected":
      return "refusal";
    case "snapshot":
      return "snapshot";
    default:
      return "other";
  }
}

/** One or two signs that stand on the message. */
export function signOf(message: PeerMessage): string {
  switch (message.type) {
    case "append":
      return message.entries.length > 0 ? `+${message.entries.length}` : "·";
    case "heartbeat":
      return "♥";
    case "heartbeatOk":
      return "♡";
    case "vote":
      return "?";
    case "preVote":
      return "¿";
    case "voteReply":
    case "preVoteReply":
      return message.granted ? "✓" : "✕";
    case "appendOk":
      return "✓";
    case "appendRejected":
      return "✕";
    case "snapshot":
      return "S";
    case "timeoutNow":
      return "!";
    case "forwardProposal":
    case "forwardTransfer":
      return "»";
    case "readIndex":
    case "readIndexReply":
      return "r";
  }
}
