import type { RuleTable } from "./rule.ts";
import type { ElectionRuleId } from "./rule-id.ts";

export const ELECTION_RULES: RuleTable<ElectionRuleId> = {
  terms: {
    name: { en: "Terms", zh: "任期" },
    source: "Raft",
    section: "5.1",
    statement: {
      en: "Time is divided into numbered terms, and every message carries its sender's term. A member that accepts a message of a newer term adopts that term and becomes a follower, whatever it was before. So there is never a dispute about which of two leaders is the newer one.",
      zh: "时间被划分为一个个带编号的任期，每条消息都携带发送者的任期。成员一旦接受带有更新任期的消息，就立即采用该任期并转为跟随者，不论此前是什么角色。因此，两个领导者孰新孰旧永远不会有争议。",
    },
  },
  oldTerms: {
    name: { en: "Old terms do not count", zh: "旧任期无效" },
    source: "Raft",
    section: "5.1",
    statement: {
      en: "A message from an older term changes nothing: it was sent in a situation that is over. Where it helps, the receiver answers with its own, newer term, so that the sender catches up with the present.",
      zh: "来自旧任期的消息不起任何作用：它发出时的局面已经过去。必要时，接收者会用自己较新的任期作答，让发送者跟上现状。",
    },
  },
  electionTimeout: {
    name: { en: "Random election time-out", zh: "随机选举超时" },
    source: "Raft",
    section: "5.2",
    statement: {
      en: "A follower that hears nothing from a leader for a whole election time-out asks to become leader itself. Each waiting time is drawn at random, so that usually one member wakes up first and wins before the others try, and a tie is broken by the next draw.",
      zh: "跟随者如果在整个选举超时期间都没有收到领导者的消息，就会自己参选。每次等待的时长都是随机抽取的，因此通常会有一个成员先醒来，在其他成员行动之前当选；即使票数持平，下一次抽取也会打破僵局。",
    },
  },
  majorityElects: {
    name: { en: "A majority elects", zh: "多数派选举" },
    source: "Raft",
    section: "5.2",
    statement: {
      en: "A candidate becomes leader of a term when more than half of the voters gave it their vote for that term. Any two majorities share at least one voter, so a term has at most one leader.",
      zh: "候选人在某个任期内获得超过半数投票成员的选票，才能成为该任期的领导者。任意两个多数派至少有一个共同成员，因此一个任期最多只有一个领导者。",
    },
  },
  oneVotePerTerm: {
    name: { en: "One vote per term", zh: "每个任期只投一票" },
    source: "Raft",
    section: "5.2",
    statement: {
      en: "A member gives at most one vote in a term, first come, first served, and writes it to disk before it answers. A restart therefore cannot make it vote twice.",
      zh: "每个成员在一个任期内最多投出一票，先到先得，并且在答复之前先把这一票写入磁盘。因此，即使重启也不会重复投票。",
    },
  },
  electionRestriction: {
    name: { en: "Election restriction", zh: "选举限制" },
    source: "Raft",
    section: "5.4.1",
    statement: {
      en: "A member votes only for a candidate whose log is at least as up to date as its own: the term of the last entry decides, and between equal terms the length. Since a committed entry is in the log of a majority, whoever wins has every committed entry.",
      zh: "成员只把票投给日志不比自己旧的候选人：先比较最后一个条目的任期，任期相同再比较日志长度。已提交的条目一定存在于多数派的日志中，因此当选者必然拥有全部已提交的条目。",
    },
  },
  followTheLeader: {
    name: { en: "Follow the leader", zh: "跟随领导者" },
    source: "Raft",
    section: "5.2",
    statement: {
      en: "A member is a follower unless it is asking for votes or has won an election. A candidate that hears from the leader of its own term has lost to it and follows; a leader that gives up its office becomes a follower too.",
      zh: "成员除了正在拉票或已经当选之外，都是跟随者。候选人一旦收到本任期领导者的消息，就说明对方已经胜出，应转为跟随者；放弃领导权的领导者同样变回跟随者。",
    },
  },
  openingEntry: {
    name: { en: "A term opens with an empty entry", zh: "新任期先写空条目" },
    source: "Raft",
    section: "8",
    statement: {
      en: "A new leader holds every committed entry but does not know yet which ones are committed. It therefore appends an empty entry at once: when that is committed, so is everything before it.",
      zh: "新领导者拥有全部已提交的条目，却还不知道哪些条目已经提交。因此它会立即追加一个空条目：这个条目一旦提交，它之前的所有条目也随之提交。",
    },
  },
  preVote: {
    name: { en: "Pre-vote", zh: "预投票" },
    source: "Ongaro",
    section: "9.6",
    statement: {
      en: "Before a member opens a new term it asks whether it would get a majority. The question changes nothing at those who are asked, so a member that was cut off and returns cannot force a working leader out of office.",
      zh: "成员在开启新任期之前，先询问自己能否得到多数派的支持。这一询问不会改变被询问者的任何状态，因此与集群断开后又恢复连接的成员，不会迫使正常工作的领导者下台。",
    },
  },
  leaderStickiness: {
    name: { en: "A working leader is protected", zh: "不打扰正常的领导者" },
    source: "Ongaro",
    section: "4.2.3",
    statement: {
      en: "A member that heard from a leader less than an election time-out ago takes no part in an election, unless the leader itself asked for it. This keeps removed or badly connected members from disturbing a group that works.",
      zh: "如果成员在一个选举超时之内收到过领导者的消息，就不参与任何选举，除非这次选举是领导者自己要求的。这样，已被移除或网络不佳的成员就无法打扰正常工作的集群。",
    },
  },
  checkQuorum: {
    name: { en: "A leader needs a majority in reach", zh: "领导者须与多数派保持联系" },
    source: "Ongaro",
    section: "6.2",
    statement: {
      en: "A leader that has not heard from a majority for an election time-out gives up its office. It could commit nothing anyway, and its clients find the new leader sooner.",
      zh: "领导者如果在一个选举超时之内没有收到多数派的消息，就主动放弃领导权。反正它也无法提交任何条目，而客户端可以更快找到新的领导者。",
    },
  },
  whoMayCampaign: {
    name: { en: "Who may campaign", zh: "参选资格" },
    source: "Ongaro",
    section: "4.1",
    statement: {
      en: "Only a voter with a complete state may ask for votes. A member that has not installed its snapshot yet, or not applied a committed change of membership, waits: it might count the votes of a membership that is no longer in force.",
      zh: "只有状态完整的投票成员才能参选。尚未装好快照、或者尚未应用已提交的成员变更的成员必须等待，否则它可能按照已经失效的成员名单来计票。",
    },
  },
  refusalTellsCommit: {
    name: { en: "A refusal tells what is committed", zh: "拒绝时告知提交位置" },
    source: "Ongaro",
    section: "4.2.2",
    statement: {
      en: "A member that refuses its vote adds the newest position that it knows to be committed. A candidate that holds that entry learns so of a change of membership it did not know to be in force. Without this, the members left after a leader removed itself could refuse each other for ever. The thesis describes the removal; the remedy is Quorate's.",
      zh: "成员拒绝投票时，会附上自己所知的最新提交位置。候选人如果拥有该条目，就能得知自己原先不知道已经生效的成员变更。否则，领导者移除自己之后，剩下的成员可能永远互相拒绝。移除领导者的过程出自博士论文，这一补救办法则由 Quorate 规定。",
    },
  },
  leadershipTransfer: {
    name: { en: "Leadership transfer", zh: "领导权移交" },
    source: "Ongaro",
    section: "3.10",
    statement: {
      en: "A leader can hand over on request: it takes no new entries, lets the target catch up and then tells it to campaign at once, which usually wins without a pause. If the target does not take over within an election time-out, the old leader goes on.",
      zh: "领导者可以应请求移交领导权：它暂停接收新条目，等目标成员追上日志后，让对方立即参选，通常可以不间断地完成交接。如果目标成员在一个选举超时之内没有接任，原领导者就继续工作。",
    },
  },
};
