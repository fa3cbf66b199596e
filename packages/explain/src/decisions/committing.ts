import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Advanced = DecisionByType["commitAdvanced"];
type Held = DecisionByType["applyHeld"];

const BASIS_EN: Readonly<Record<Advanced["by"], string>> = {
  quorum: "a majority of the voters has the log on disk up to there",
  append: "the leader said so with an append",
  heartbeat: "the leader said so with a heartbeat",
  snapshot: "a snapshot of the leader reaches that far",
  voteReply: "a member that refused its vote said so",
};

const BASIS_ZH: Readonly<Record<Advanced["by"], string>> = {
  quorum: "多数投票成员的日志已落盘到这里",
  append: "领导者在追加请求中告知",
  heartbeat: "领导者在心跳中告知",
  snapshot: "领导者的快照覆盖到这里",
  voteReply: "拒绝投票的成员在应答中告知",
};

const BASIS_RULE: Readonly<Record<Advanced["by"], RuleId>> = {
  quorum: "commitByMajority",
  append: "commitFollowsLeader",
  heartbeat: "commitFollowsLeader",
  snapshot: "snapshotInstall",
  voteReply: "refusalTellsCommit",
};

const HELD_EN: Readonly<Record<Held["reason"], string>> = {
  quota: "as many bytes as allowed are being applied already",
  installingSnapshot: "the received snapshot must be installed first",
};

const HELD_ZH: Readonly<Record<Held["reason"], string>> = {
  quota: "正在应用的字节数已达上限",
  installingSnapshot: "须先装好收到的快照",
};

/** Which entries are safe, and how they reach the state machine. */
export const COMMITTING: DecisionTellings<
  "commitAdvanced" | "commitWithheld" | "applyHandedOut" | "applyHeld" | "entriesApplied"
> = {
  commitAdvanced: {
    rule: (d) => BASIS_RULE[d.by],
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} counts ${w.entries(d.from + 1, d.to)} as committed in term ${d.term}: ${BASIS_EN[d.by]}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中认定${w.entries(d.from + 1, d.to)}已提交：${BASIS_ZH[d.by]}`,
  },
  commitWithheld: {
    rule: "commitOwnTerm",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} does not commit entry ${d.index} yet, although a majority holds it: it is of term ${d.entryTerm}, and the leader of term ${d.term} may only count copies of its own term's entries`,
    zh: (d, w) =>
      `${w.member(d.id)}暂不提交条目${d.index}，尽管多数派已经拥有它：该条目属于任期${d.entryTerm}，而任期${d.term}的领导者只能对本任期的条目计数`,
  },
  applyHandedOut: {
    rule: "applyInOrder",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} hands ${w.entries(d.first, d.last)} (${w.bytes(d.bytes)}) to its state machine`,
    zh: (d, w) =>
      `${w.member(d.id)}把${w.entries(d.first, d.last)}（${d.bytes}字节）交给状态机应用`,
  },
  applyHeld: {
    rule: (d) => (d.reason === "quota" ? "boundedWork" : "snapshotInstall"),
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} holds back committed ${w.entries(d.applying + 1, d.commit)} from its state machine: ${HELD_EN[d.reason]}`,
    zh: (d, w) =>
      `${w.member(d.id)}暂不把已提交的${w.entries(d.applying + 1, d.commit)}交给状态机：${HELD_ZH[d.reason]}`,
  },
  entriesApplied: {
    rule: "applyInOrder",
    importance: "routine",
    en: (d, w) => `${w.subject(d.id)} has applied everything up to index ${d.applied}`,
    zh: (d, w) => `${w.member(d.id)}已应用到索引${d.applied}`,
  },
};
