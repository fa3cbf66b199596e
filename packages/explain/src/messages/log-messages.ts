import type { MessageTellings } from "./message-telling.ts";

/** What leader and followers say to each other about the log. */
export const LOG_MESSAGES: MessageTellings<
  | "append"
  | "appendOk"
  | "appendRejected"
  | "heartbeat"
  | "heartbeatOk"
  | "snapshot"
  | "forwardProposal"
> = {
  append: {
    rule: (m) => (m.entries.length === 0 ? "consistencyCheck" : "logReplication"),
    importance: "routine",
    en: (m, w) => {
      const { previous, entries } = m;
      const what =
        entries.length === 0
          ? `whether it holds ${w.position(previous)}`
          : `to append ${w.entries(previous.index + 1, previous.index + entries.length)} ${w.after(previous)}`;
      return `${w.subject(m.from)}, the leader of term ${m.term}, asks ${w.member(m.to)} ${what}, and says that ${w.committed(m.commit)}`;
    },
    zh: (m, w) => {
      const { previous, entries } = m;
      const what =
        entries.length === 0
          ? `询问${w.member(m.to)}是否拥有${w.position(previous)}处的条目`
          : `请求${w.member(m.to)}${previous.index === 0 ? "从日志开头起" : `在${w.position(previous)}之后`}追加${w.entries(previous.index + 1, previous.index + entries.length)}`;
      return `任期${m.term}的领导者${w.member(m.from)}${what}，并告知${w.committed(m.commit)}`;
    },
  },
  appendOk: {
    rule: "logReplication",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} tells ${w.member(m.to)} in term ${m.term} that it has the leader's log on disk up to index ${m.match}`,
    zh: (m, w) =>
      `${w.member(m.from)}在任期${m.term}中告知${w.member(m.to)}：领导者的日志已在本地落盘到索引${m.match}`,
  },
  appendRejected: {
    rule: "consistencyCheck",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} tells ${w.member(m.to)} in term ${m.term} that its log does not match at index ${m.probed}; the newest place that can match is ${w.position(m.hint)}`,
    zh: (m, w) =>
      `${w.member(m.from)}在任期${m.term}中告知${w.member(m.to)}：自己的日志在索引${m.probed}处不匹配，可能匹配的最新位置是${w.position(m.hint)}`,
  },
  heartbeat: {
    rule: "heartbeats",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} shows ${w.member(m.to)} with round ${m.readSequence} of its heartbeats that it still leads term ${m.term}, and says that ${w.committed(m.commit)}`,
    zh: (m, w) =>
      `${w.member(m.from)}以第${m.readSequence}轮心跳向${w.member(m.to)}表明自己仍是任期${m.term}的领导者，并告知${w.committed(m.commit)}`,
  },
  heartbeatOk: {
    rule: "heartbeats",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} answers round ${m.readSequence} of the heartbeats of ${w.member(m.to)} and thereby confirms its leadership of term ${m.term}`,
    zh: (m, w) =>
      `${w.member(m.from)}应答${w.member(m.to)}的第${m.readSequence}轮心跳，确认其任期${m.term}的领导权`,
  },
  snapshot: {
    rule: "snapshotForLaggards",
    importance: "notable",
    en: (m, w) =>
      `${w.subject(m.from)}, the leader of term ${m.term}, sends ${w.member(m.to)} the whole state up to ${w.position(m.snapshot)}, ${m.snapshot.bytes === 0 ? "of unknown size" : w.bytes(m.snapshot.bytes)}, with ${w.membership(m.snapshot.membership)}`,
    zh: (m, w) =>
      `任期${m.term}的领导者${w.member(m.from)}向${w.member(m.to)}发送截至${w.position(m.snapshot)}的完整状态，${m.snapshot.bytes === 0 ? "大小未知" : `共${m.snapshot.bytes}字节`}，成员名单为${w.membership(m.snapshot.membership)}`,
  },
  forwardProposal: {
    rule: "routing",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} passes ${w.count(m.entries.length, "proposed entry", "proposed entries")} on to ${w.member(m.to)}, which it takes for the leader`,
    zh: (m, w) =>
      `${w.member(m.from)}把${m.entries.length}个待写入的条目转交给它所认定的领导者${w.member(m.to)}`,
  },
};
