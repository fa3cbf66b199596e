import { startElection } from "../election/campaign.ts";
import { countVote } from "../election/count-votes.ts";
import { requestTransfer, startTransfer } from "../election/leadership-transfer.ts";
import { becomeFollower } from "../election/roles.ts";
import { answerVoteRequest } from "../election/vote.ts";
import type {
  AppendMessage,
  ForwardProposalMessage,
  HeartbeatMessage,
  PeerMessage,
  SnapshotMessage,
  VoteReplyMessage,
  VoteRequestMessage,
} from "../message.ts";
import type { Raft } from "../raft.ts";
import { acceptReadReply, readForFollower, refuseForwardedRead } from "../reads/read-index.ts";
import { acceptAppend } from "../replication/accept-append.ts";
import { acceptSnapshot } from "../replication/accept-snapshot.ts";
import { countAppendOk, countAppendRejected } from "../replication/append-answers.ts";
import { acceptHeartbeat, countHeartbeatOk } from "../replication/heartbeat.ts";
import { propose } from "../replication/propose.ts";
import { NOBODY, type Role } from "../types.ts";
import type { RoleHandlers } from "./message-map.ts";

type LeaderMessage = AppendMessage | HeartbeatMessage | SnapshotMessage;

/** Nothing to do: an answer to a question of an earlier role. */
export function ignore(): undefined {
  return undefined;
}

function vote(raft: Raft, message: VoteRequestMessage): undefined {
  answerVoteRequest(raft, message);
  return undefined;
}

function count(raft: Raft, message: VoteReplyMessage): undefined {
  countVote(raft, message);
  return undefined;
}

// ---- from the leader of our term --------------------------------------------------------------

function hearLeader(raft: Raft, message: LeaderMessage): string | undefined {
  const { leader, term } = raft.standing;
  if (leader !== NOBODY && leader !== message.from) {
    return `a second leader of term ${term}, we follow ${leader}`;
  }
  raft.timer.restartElection();
  raft.standing.hearLeader(message.from);
  return undefined;
}

function obeyLeader(raft: Raft, message: LeaderMessage): string | undefined {
  switch (message.type) {
    case "append":
      return acceptAppend(raft, message);
    case "heartbeat":
      return acceptHeartbeat(raft, message);
    case "snapshot":
      return acceptSnapshot(raft, message);
  }
}

function follow(raft: Raft, message: LeaderMessage): string | undefined {
  return hearLeader(raft, message) ?? obeyLeader(raft, message);
}

/** Somebody won the election of our term. Source: Raft §5.2. */
function giveUpCandidacy(raft: Raft, message: LeaderMessage): string | undefined {
  becomeFollower(raft, message.term, message.from);
  return obeyLeader(raft, message);
}

/** Cannot happen while a majority keeps its votes: somebody lost its disk, or runs something else. */
function secondLeader(raft: Raft): string {
  return `a second leader of term ${raft.standing.term}, we lead it`;
}

// ---- requests ---------------------------------------------------------------------------------

function forwardProposal(raft: Raft, message: ForwardProposalMessage): undefined {
  // Whoever we would pass it on to has just passed it on to us: it no longer leads, and neither do we.
  if (raft.standing.leader === message.from) return undefined;
  propose(raft, message.entries);
  return undefined;
}

function timeoutNowIgnored(raft: Raft, message: PeerMessage): undefined {
  raft.decide?.({
    type: "timeoutNowIgnored",
    id: raft.id,
    term: raft.standing.term,
    from: message.from,
    role: raft.standing.role,
  });
  return undefined;
}

const follower: RoleHandlers = {
  append: follow,
  appendOk: ignore,
  appendRejected: ignore,
  heartbeat: follow,
  heartbeatOk: ignore,
  vote,
  preVote: vote,
  voteReply: ignore,
  preVoteReply: ignore,
  snapshot: follow,
  timeoutNow(raft, message) {
    const { term } = raft.standing;
    raft.decide?.({ type: "timeoutNowReceived", id: raft.id, term, from: message.from });
    startElection(raft, "transfer");
    return undefined;
  },
  forwardTransfer(raft, message) {
    if (raft.standing.leader !== message.from) requestTransfer(raft, message.target);
    return undefined;
  },
  forwardProposal,
  readIndex(raft, message) {
    refuseForwardedRead(raft, message);
    return undefined;
  },
  readIndexReply(raft, message) {
    acceptReadReply(raft, message);
    return undefined;
  },
};

const candidate: RoleHandlers = {
  append: giveUpCandidacy,
  appendOk: ignore,
  appendRejected: ignore,
  heartbeat: giveUpCandidacy,
  heartbeatOk: ignore,
  vote,
  preVote: vote,
  voteReply: count,
  preVoteReply: ignore,
  snapshot: giveUpCandidacy,
  timeoutNow: timeoutNowIgnored,
  forwardTransfer: ignore,
  forwardProposal,
  readIndex(raft, message) {
    refuseForwardedRead(raft, message);
    return undefined;
  },
  readIndexReply: ignore,
};

const preCandidate: RoleHandlers = {
  ...candidate,
  voteReply: ignore,
  preVoteReply: count,
};

const leader: RoleHandlers = {
  append: secondLeader,
  appendOk: countAppendOk,
  appendRejected: countAppendRejected,
  heartbeat: secondLeader,
  heartbeatOk: countHeartbeatOk,
  vote,
  preVote: vote,
  voteReply: ignore,
  preVoteReply: ignore,
  snapshot: secondLeader,
  timeoutNow(raft) {
    startElection(raft, "transfer");
    return undefined;
  },
  forwardTransfer(raft, message) {
    startTransfer(raft, message.target);
    return undefined;
  },
  forwardProposal,
  readIndex(raft, message) {
    readForFollower(raft, message);
    return undefined;
  },
  readIndexReply: ignore,
};

/** One handler for every role and type of message. */
export const HANDLERS: { readonly [R in Role]: RoleHandlers } = {
  follower,
  preCandidate,
  candidate,
  leader,
};
