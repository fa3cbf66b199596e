import type { ProgressState, ProgressStatus } from "@quorate/core";
import type { English } from "../language/english.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Sent = DecisionByType["appendSent"];
type Held = DecisionByType["appendHeld"];
type HeldReason = Held["reason"];

function sentEn(d: Sent, w: English): string {
  const what =
    d.count === 0
      ? `an append without entries ${w.after(d.previous)}`
      : `${w.entries(d.previous.index + 1, d.previous.index + d.count)} (${w.bytes(d.bytes)}) to append ${w.after(d.previous)}`;
  return `${w.subject(d.id)}, the leader of term ${d.term}, sent ${w.member(d.to)} ${what}, and told it that ${w.committed(d.commit)}`;
}

const HELD_EN: Readonly<Record<HeldReason, (p: ProgressStatus, w: English) => string>> = {
  probeOutstanding: (p) =>
    `it does not know yet where their logs agree, and the probe after index ${p.next - 1} is not answered`,
  windowFull: (p, w) =>
    `${w.count(p.inflightMessages, "append")} (${w.bytes(p.inflightBytes)}) are on their way without an answer, which is the limit`,
  snapshotOutstanding: (p) =>
    `the snapshot up to index ${p.pendingSnapshot} is on its way and not answered yet`,
  loading: () => `they are still being read from disk`,
};

const HELD_ZH: Readonly<Record<HeldReason, (p: ProgressStatus) => string>> = {
  probeOutstanding: (p) =>
    `尚不清楚双方日志从哪里开始一致，而索引${p.next - 1}之后的探测还没有应答`,
  windowFull: (p) =>
    `已有${p.inflightMessages}个追加请求（${p.inflightBytes}字节）在途未应答，达到上限`,
  snapshotOutstanding: (p) => `截至索引${p.pendingSnapshot}的快照还在途中，尚无应答`,
  loading: () => "这些条目还在从磁盘读取",
};

const MODE_EN: Readonly<Record<ProgressState, (p: ProgressStatus) => string>> = {
  probe: (p) => `one append at a time, from index ${p.next}, until it knows where their logs agree`,
  replicate: (p) =>
    `a stream of entries from index ${p.next} on, since their logs are known to agree up to index ${p.match}`,
  snapshot: (p) =>
    `no entries until the snapshot up to index ${p.pendingSnapshot} has arrived; that member is known to hold the log up to index ${p.match}`,
};

const MODE_ZH: Readonly<Record<ProgressState, (p: ProgressStatus) => string>> = {
  probe: (p) => `每次只发一个追加请求，从索引${p.next}开始，直到弄清双方日志从哪里开始一致`,
  replicate: (p) => `从索引${p.next}开始流水线发送条目，因为双方日志已确认一致到索引${p.match}`,
  snapshot: (p) =>
    `在截至索引${p.pendingSnapshot}的快照送达之前不发送条目；已确认对方拥有到索引${p.match}为止的日志`,
};

/** What a leader sends, and what it knows about its followers. */
export const SENDING: DecisionTellings<
  | "appendSent"
  | "appendHeld"
  | "progressAdvanced"
  | "progressChanged"
  | "appendRefusalReceived"
  | "progressDecreased"
  | "refusalStale"
  | "memberUnreachable"
  | "heartbeatsSent"
  | "senderUntracked"
> = {
  appendSent: {
    rule: "logReplication",
    importance: "routine",
    en: sentEn,
    zh: (d, w) => {
      const what =
        d.count === 0
          ? `${w.following(d.previous)}、不含条目的追加请求`
          : `${w.following(d.previous)}的${w.entries(d.previous.index + 1, d.previous.index + d.count)}（${d.bytes}字节）`;
      return `任期${d.term}的领导者${w.member(d.id)}向${w.member(d.to)}发送${what}，并告知${w.committed(d.commit)}`;
    },
  },
  appendHeld: {
    rule: (d) => (d.reason === "probeOutstanding" ? "pipelining" : "boundedWork"),
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, does not send ${w.member(d.to)} the entries that it lacks from index ${d.progress.next} on: ${HELD_EN[d.reason](d.progress, w)}`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}暂不向${w.member(d.to)}发送其缺少的、从索引${d.progress.next}开始的条目：${HELD_ZH[d.reason](d.progress)}`,
  },
  progressAdvanced: {
    rule: "logReplication",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} learned in term ${d.term} that ${d.member === d.id ? "its own disk" : w.member(d.member)} holds the log up to index ${d.match}; until now it was sure only up to index ${d.from}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中得知${d.member === d.id ? "自己的磁盘" : w.member(d.member)}已拥有到索引${d.match}为止的日志，此前只确认到索引${d.from}`,
  },
  progressChanged: {
    rule: (d) => (d.progress.state === "snapshot" ? "snapshotForLaggards" : "pipelining"),
    importance: "routine",
    en: (d, w) =>
      `From now on ${w.member(d.id)}, the leader of term ${d.term}, sends ${w.member(d.member)} ${MODE_EN[d.progress.state](d.progress)}`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}改变向${w.member(d.member)}发送日志的方式：${MODE_ZH[d.progress.state](d.progress)}`,
  },
  appendRefusalReceived: {
    rule: "consistencyCheck",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} learned in term ${d.term} that the log of ${w.member(d.from)} does not match its own at index ${d.probed}; the newest place there that can match is ${w.position(d.hint)}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中得知${w.member(d.from)}的日志在索引${d.probed}处与自己的不一致；对方可能匹配的最新位置是${w.position(d.hint)}`,
  },
  progressDecreased: {
    rule: "lastCommonEntry",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} goes back in term ${d.term} and will offer ${w.member(d.member)} the entries from index ${d.progress.next} on next; their logs are known to agree up to index ${d.progress.match}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中后退，下次将向${w.member(d.member)}发送从索引${d.progress.next}开始的条目；双方日志已确认一致到索引${d.progress.match}`,
  },
  refusalStale: {
    rule: "repeatedMessages",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} ignored in term ${d.term} a late refusal by ${w.member(d.member)} of the append after index ${d.probed}: it now sends from index ${d.progress.next} on and knows that everything up to index ${d.progress.match} is there`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中忽略了${w.member(d.member)}对索引${d.probed}之后追加请求的迟到拒绝：情况已有变化，现在从索引${d.progress.next}开始发送，并已确认对方拥有到索引${d.progress.match}为止的日志`,
  },
  memberUnreachable: {
    rule: "pipelining",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, cannot reach ${w.member(d.member)}: what was on its way may be lost, so it will try again from index ${d.progress.next}; everything up to index ${d.progress.match} is known to be there`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}联系不上${w.member(d.member)}：在途内容可能已丢失，将从索引${d.progress.next}重新开始；已确认对方拥有到索引${d.progress.match}为止的日志`,
  },
  heartbeatsSent: {
    rule: "heartbeats",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, sent round ${d.readSequence} of its heartbeats to ${w.members(d.to)}`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}向${w.members(d.to)}发送第${d.readSequence}轮心跳`,
  },
  senderUntracked: {
    rule: "onlyMembers",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, ignored ${w.message(d.message)} from ${w.member(d.from)}, to which it sends no log`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}忽略了${w.member(d.from)}发来的${w.message(d.message)}：它不向对方复制日志`,
  },
};
