import type { LogIndex, MemberId, Term } from "@quorate/core";
import type { FactTellings } from "./fact-telling.ts";

/** Why entries are, or are not, committed and applied. */
export interface CommitFacts {
  everythingCommitted: { readonly member: MemberId; readonly commit: LogIndex };
  /** A follower holds entries that it does not know to be committed. */
  leaderDecides: {
    readonly member: MemberId;
    readonly leader: MemberId;
    readonly first: LogIndex;
    readonly last: LogIndex;
  };
  /** `half` tells the two groups of voters of a joint state apart. */
  waitsForMajority: {
    readonly leader: MemberId;
    readonly term: Term;
    readonly first: LogIndex;
    readonly last: LogIndex;
    readonly half: "voters" | "outgoing";
    readonly holders: readonly MemberId[];
    readonly voters: readonly MemberId[];
    readonly needed: number;
  };
  /** A majority holds everything up to `index`, but no entry of the leader's own term. */
  earlierTermWithheld: {
    readonly leader: MemberId;
    readonly term: Term;
    readonly index: LogIndex;
  };
  ownDiskBehind: {
    readonly member: MemberId;
    readonly durable: LogIndex;
    readonly last: LogIndex;
  };
  voterSilent: {
    readonly leader: MemberId;
    readonly member: MemberId;
    readonly match: LogIndex;
  };
  voterProbed: {
    readonly leader: MemberId;
    readonly member: MemberId;
    readonly match: LogIndex;
    readonly next: LogIndex;
  };
  voterOnSnapshot: {
    readonly leader: MemberId;
    readonly member: MemberId;
    readonly match: LogIndex;
    readonly snapshot: LogIndex;
  };
  voterWindowFull: {
    readonly leader: MemberId;
    readonly member: MemberId;
    readonly match: LogIndex;
    readonly messages: number;
    readonly bytes: number;
  };
  voterReceiving: {
    readonly leader: MemberId;
    readonly member: MemberId;
    readonly match: LogIndex;
    readonly messages: number;
    readonly bytes: number;
  };
  handoverRefusesProposals: {
    readonly leader: MemberId;
    readonly target: MemberId;
    readonly term: Term;
  };
  applyBehind: {
    readonly member: MemberId;
    readonly first: LogIndex;
    readonly last: LogIndex;
    /** The state machine has been given everything up to here. */
    readonly handedOut: LogIndex;
  };
}

export const COMMIT_TELLINGS: FactTellings<CommitFacts> = {
  everythingCommitted: {
    rule: "commitByMajority",
    importance: "routine",
    en: (f, w) =>
      f.commit === 0
        ? `Nothing waits to be committed: the log of ${w.member(f.member)} is empty`
        : `Nothing waits to be committed: ${w.committed(f.commit)}, which is the end of the log of ${w.member(f.member)}`,
    zh: (f, w) =>
      f.commit === 0
        ? `没有条目等待提交：${w.member(f.member)}的日志为空`
        : `没有条目等待提交：${w.committed(f.commit)}，即${w.member(f.member)}的日志末尾`,
  },
  leaderDecides: {
    rule: "commitFollowsLeader",
    importance: "routine",
    en: (f, w) =>
      `${w.subject(f.member)} holds ${w.entries(f.first, f.last)} without knowing whether they are committed: only the leader, ${w.member(f.leader)}, decides that`,
    zh: (f, w) =>
      `${w.member(f.member)}拥有${w.entries(f.first, f.last)}，但不知道它们是否已提交：只有领导者${w.member(f.leader)}才能决定`,
  },
  waitsForMajority: {
    rule: (f) => (f.half === "outgoing" ? "jointConsensus" : "commitByMajority"),
    importance: "notable",
    en: (f, w) => {
      const voters = f.half === "outgoing" ? "outgoing voters" : "voters";
      return `${w.subject(f.leader)}, the leader of term ${f.term}, cannot commit ${w.entries(f.first, f.last)} yet: of the ${voters} ${w.names(f.voters)}, ${f.needed} must have entry ${f.first} on disk, and so far ${holdersEn(f.holders.length, w.names(f.holders))}`;
    },
    zh: (f, w) => {
      const voters = f.half === "outgoing" ? "原投票成员" : "投票成员";
      const holders = f.holders.length === 0 ? "目前一个也没有" : `目前只有${w.members(f.holders)}`;
      return `任期${f.term}的领导者${w.member(f.leader)}暂时无法提交${w.entries(f.first, f.last)}：${voters}${w.names(f.voters)}中须有${f.needed}个把条目${f.first}写入磁盘，${holders}`;
    },
  },
  earlierTermWithheld: {
    rule: "commitOwnTerm",
    importance: "notable",
    en: (f, w) =>
      `A majority holds the log of ${w.member(f.leader)} up to index ${f.index}, but the entry there is of a term before ${f.term}: it will be committed together with the first entry of term ${f.term}`,
    zh: (f, w) =>
      `多数派已拥有${w.member(f.leader)}到索引${f.index}为止的日志，但该条目属于比任期${f.term}更早的任期：它将随任期${f.term}的第一个条目一起提交`,
  },
  ownDiskBehind: {
    rule: "parallelWrite",
    importance: "notable",
    en: (f, w) =>
      `The disk of ${w.member(f.member)} has its log only up to index ${f.durable}, while the log goes up to index ${f.last}; what is not on disk does not count`,
    zh: (f, w) =>
      `${w.member(f.member)}的磁盘只写到索引${f.durable}，而日志已到索引${f.last}；尚未落盘的条目不计入多数`,
  },
  voterSilent: {
    rule: "checkQuorum",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.leader)} has not heard from ${w.member(f.member)} lately, and knows its log only up to index ${f.match}`,
    zh: (f, w) =>
      `${w.member(f.leader)}近来没有收到${w.member(f.member)}的消息，只确认对方的日志到索引${f.match}`,
  },
  voterProbed: {
    rule: "lastCommonEntry",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.leader)} is still looking for the place where the log of ${w.member(f.member)} agrees with its own: it is sure up to index ${f.match} and tries from index ${f.next} on`,
    zh: (f, w) =>
      `${w.member(f.leader)}还在寻找与${w.member(f.member)}日志一致的位置：已确认到索引${f.match}，正从索引${f.next}开始尝试`,
  },
  voterOnSnapshot: {
    rule: "snapshotForLaggards",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.member)} is so far behind (index ${f.match}) that it first gets a snapshot up to index ${f.snapshot} from ${w.member(f.leader)}`,
    zh: (f, w) =>
      `${w.member(f.member)}落后太多（索引${f.match}），须先从${w.member(f.leader)}接收截至索引${f.snapshot}的快照`,
  },
  voterWindowFull: {
    rule: "boundedWork",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.member)} has acknowledged only up to index ${f.match}, and ${w.member(f.leader)} sends it no more until one of the ${w.count(f.messages, "append")} (${w.bytes(f.bytes)}) on their way is answered`,
    zh: (f, w) =>
      `${w.member(f.member)}只确认到索引${f.match}；在途的${f.messages}个追加请求（${f.bytes}字节）得到应答之前，${w.member(f.leader)}不再向它发送`,
  },
  voterReceiving: {
    rule: "logReplication",
    importance: "routine",
    en: (f, w) =>
      `${w.subject(f.member)} has acknowledged up to index ${f.match}, and ${w.count(f.messages, "append")} (${w.bytes(f.bytes)}) of ${w.member(f.leader)} ${f.messages === 1 ? "is" : "are"} on the way to it`,
    zh: (f, w) =>
      `${w.member(f.member)}已确认到索引${f.match}，${w.member(f.leader)}还有${f.messages}个追加请求（${f.bytes}字节）在途`,
  },
  handoverRefusesProposals: {
    rule: "leadershipTransfer",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.leader)} takes no new entries, because it is handing over leadership of term ${f.term} to ${w.member(f.target)}`,
    zh: (f, w) =>
      `${w.member(f.leader)}不接收新条目，因为它正在向${w.member(f.target)}移交任期${f.term}的领导权`,
  },
  applyBehind: {
    rule: "applyInOrder",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.member)} has not applied committed ${w.entries(f.first, f.last)} yet, so their effects cannot be seen there; its state machine was given everything up to index ${f.handedOut}`,
    zh: (f, w) =>
      `${w.member(f.member)}尚未应用已提交的${w.entries(f.first, f.last)}，因此在该成员上还看不到它们的效果；已交给状态机的条目到索引${f.handedOut}为止`,
  },
};

function holdersEn(count: number, names: string): string {
  if (count === 0) return "none has";
  return count === 1 ? `only ${names} has` : `only ${names} have`;
}
