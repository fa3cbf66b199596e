import type { RuleTable } from "./rule.ts";
import type { ReplicationRuleId } from "./rule-id.ts";

export const REPLICATION_RULES: RuleTable<ReplicationRuleId> = {
  leaderAppends: {
    name: { en: "Only the leader appends", zh: "只有领导者追加条目" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "Every command becomes an entry in the leader's log first; the leader numbers it, and never changes or deletes an entry of its own log. All other logs are copies of it.",
      zh: "每条命令首先成为领导者日志中的一个条目，由领导者编号；领导者从不修改或删除自己日志中的条目。其他成员的日志都是它的副本。",
    },
  },
  routing: {
    name: { en: "Requests go to the leader", zh: "请求由领导者处理" },
    source: "Ongaro",
    section: "6.2",
    statement: {
      en: "Any member may be asked. One that does not lead passes the request on to the leader or says who leads; while nobody is known to lead, it refuses at once instead of letting the caller wait.",
      zh: "可以向任何成员发出请求。不是领导者的成员会把请求转交给领导者，或者告知谁是领导者；如果不知道有领导者，就立即拒绝，而不让调用者空等。",
    },
  },
  logReplication: {
    name: { en: "Log replication", zh: "日志复制" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "The leader sends each follower the entries it lacks and remembers up to which index the follower's log is known to equal its own. An acknowledgement moves that mark forward, never back.",
      zh: "领导者向每个跟随者发送其缺少的条目，并记录跟随者的日志在哪个索引之前已确认与自己一致。每次确认只会让这个标记前进，绝不后退。",
    },
  },
  consistencyCheck: {
    name: { en: "Consistency check", zh: "一致性检查" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "Every append names the term and index of the entry just before the new ones. A follower that does not hold exactly that entry refuses. So two logs with the same entry at an index are equal up to there.",
      zh: "每个追加请求都注明新条目之前那个条目的任期和索引。如果跟随者没有一模一样的条目，就拒绝请求。因此，两份日志只要在某个索引处条目相同，此前的内容就完全一致。",
    },
  },
  leaderLogWins: {
    name: { en: "The leader's log wins", zh: "以领导者的日志为准" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "When an entry of the leader has another term than the follower's entry at the same index, the follower deletes its entry and everything after it. Such entries were never committed, so nothing that was promised is lost.",
      zh: "如果同一索引处领导者条目的任期与跟随者的不同，跟随者就删除自己的这个条目及其后的所有条目。这些条目从未提交，因此不会丢失任何已经承诺的内容。",
    },
  },
  lastCommonEntry: {
    name: { en: "Finding the last common entry", zh: "寻找最后的共同条目" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "After a refusal the leader steps back and tries an earlier place. The refusal carries a hint, the newest place of the follower's log that can still match, so that the search skips whole terms instead of single entries.",
      zh: "追加被拒绝后，领导者退回到更早的位置重试。拒绝应答会附带提示，即跟随者日志中仍有可能匹配的最新位置，这样查找时可以跳过整个任期，而不必逐条后退。",
    },
  },
  repeatedMessages: {
    name: { en: "Repeated messages do no harm", zh: "重复消息无害" },
    source: "Raft",
    section: "5.5",
    statement: {
      en: "Messages may be lost, doubled or overtake each other. What is sent again is recognised by its place in the log and answered without changing anything.",
      zh: "消息可能丢失、重复或乱序到达。重发的内容可以凭其在日志中的位置识别出来，直接作答即可，不会改变任何状态。",
    },
  },
  pipelining: {
    name: { en: "Probe, then stream", zh: "先探测，再流水线发送" },
    source: "Ongaro",
    section: "10.2.2",
    statement: {
      en: "To a follower whose log it does not know, the leader sends one append and waits. Once an append is acknowledged it streams without waiting for each answer, and falls back to probing when something gets lost.",
      zh: "领导者不清楚跟随者的日志状况时，每次只发一个追加请求并等待应答。一旦有追加得到确认，就改为流水线发送，不再逐个等待应答；如果发生丢失，再退回探测状态。",
    },
  },
  boundedWork: {
    name: { en: "Bounded work in flight", zh: "在途工作有上限" },
    source: "Ongaro",
    section: "10.2.2",
    statement: {
      en: "Whatever waits has a limit: messages and bytes on their way to a follower, bytes not yet committed, bytes not yet applied, waiting reads. At the limit the sender waits or the caller is refused. The thesis describes the pipeline; the limits are Quorate's.",
      zh: "凡是等待中的工作都有上限：发往跟随者的在途消息数和字节数、尚未提交的字节数、尚未应用的字节数、等待中的读请求。达到上限时，发送者等待，或者拒绝调用者。流水线出自博士论文，上限则由 Quorate 规定。",
    },
  },
  heartbeats: {
    name: { en: "Heartbeats", zh: "心跳" },
    source: "Raft",
    section: "5.2",
    statement: {
      en: "A leader with nothing to send still sends heartbeats, so that no follower's election time-out passes. The answers tell it who is alive.",
      zh: "领导者即使没有内容可发，也会定期发送心跳，使跟随者不会选举超时。应答则让领导者知道哪些成员仍然存活。",
    },
  },
};
