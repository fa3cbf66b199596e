import { becomeFollower, unpromotable } from "../election/roles.ts";
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

/**
 * Does an old leader hear of our term from our own election? With either option our votes may not reach it, and a member
 * that never asks for votes has none: without an answer the leader could neither step down nor take us back (a learner that
 * a removed member has asked for its vote, in a group without both options).
 */
function tellsByElection(raft: Raft): boolean {
  const { checkQuorum, preVote, priority } = raft.options;
  return !checkQuorum && !preVote && priority !== 0 && unpromotable(raft) === undefined;
}

function passLowerTerm(raft: Raft, message: PeerMessage): false {
  const { from, type, term: messageTerm } = message;
  const { term } = raft.standing;
  if ((type === "append" || type === "heartbeat") && !tellsByElection(raft)) {
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
