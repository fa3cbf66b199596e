import { becomeFollower } from "../election/roles.ts";
import { ignoresForLeader, refuse } from "../election/vote.ts";
import type { PeerMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import { NOBODY } from "../types.ts";

/**
 * Compares a message's term with ours, which decides more than anything in the message. Returns whether the message may
 * go on to the role's handler. Source: Raft §5.1.
 */
export function passesTermGate(raft: Raft, message: PeerMessage): boolean {
  const { term } = raft.standing;
  if (message.term === term) return true;
  if (message.type === "forwardProposal" || message.type === "readIndex") return true;
  return message.term > term ? passHigherTerm(raft, message) : passLowerTerm(raft, message);
}

function passHigherTerm(raft: Raft, message: PeerMessage): boolean {
  const { type } = message;
  if ((type === "vote" || type === "preVote") && ignoresForLeader(raft, message)) return false;
  // A pre-vote is about a term that may never begin: neither the question nor a yes makes it ours.
  if (type === "preVote" || (type === "preVoteReply" && message.granted)) return true;
  const { from, term: messageTerm } = message;
  raft.decide?.({
    type: "higherTermSeen",
    id: raft.id,
    term: raft.standing.term,
    from,
    message: type,
    messageTerm,
  });
  const leads = type === "append" || type === "heartbeat" || type === "snapshot";
  becomeFollower(raft, messageTerm, leads ? from : NOBODY);
  return true;
}

function passLowerTerm(raft: Raft, message: PeerMessage): false {
  const { from, type, term: messageTerm } = message;
  const { term } = raft.standing;
  const { checkQuorum, preVote } = raft.options;
  if ((checkQuorum || preVote) && (type === "append" || type === "heartbeat")) {
    // With either option we do not answer with votes that would tell an old leader of our term, and it would not hear
    // us: it could neither step down nor take us back. An answer in our term ends that.
    raft.decide?.({
      type: "staleLeaderAnswered",
      id: raft.id,
      term,
      from,
      message: type,
      messageTerm,
    });
    raft.outbox.sendAfterDurable({ type: "appendOk", from: raft.id, to: from, term, match: 0 });
  } else if (type === "preVote") {
    // Silence would leave two halves with different terms asking each other for ever.
    refuse(raft, message, "lowerTerm");
  } else {
    raft.decide?.({
      type: "lowerTermIgnored",
      id: raft.id,
      term,
      from,
      message: type,
      messageTerm,
    });
  }
  return false;
}
