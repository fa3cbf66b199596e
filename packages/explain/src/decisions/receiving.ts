import type { DecisionTellings } from "./decision-telling.ts";

/** How a follower takes the leader's entries, or why it does not. */
export const RECEIVING: DecisionTellings<
  | "appendAccepted"
  | "appendRefused"
  | "appendOutdated"
  | "conflictFound"
  | "tailReplaced"
  | "tailTruncated"
> = {
  appendAccepted: {
    rule: "consistencyCheck",
    importance: "routine",
    en: (d, w) => {
      const leader = `${w.member(d.from)}, the leader of term ${d.term}`;
      if (d.count === 0) {
        return `${w.subject(d.id)} told ${leader}, that their logs agree up to index ${d.last}, since it holds ${w.position(d.previous)}`;
      }
      const held =
        d.previous.index === 0
          ? "at the beginning of the log"
          : `after ${w.position(d.previous)}, which it holds`;
      return `${w.subject(d.id)} took ${w.count(d.count, "entry", "entries")} of ${leader}, ${held}: ${d.added} of them were new, and their logs agree up to index ${d.last} now`;
    },
    zh: (d, w) => {
      const leader = `任期${d.term}的领导者${w.member(d.from)}`;
      if (d.count === 0) {
        return `${w.member(d.id)}向${leader}确认双方日志一致到索引${d.last}，因为它拥有${w.position(d.previous)}处的条目`;
      }
      const held =
        d.previous.index === 0
          ? "从日志开头起"
          : `接在自己已有的${w.position(d.previous)}处条目之后`;
      return `${w.member(d.id)}接受了${leader}发来的${d.count}个条目，${held}：其中${d.added}个是新的，现在双方日志一致到索引${d.last}`;
    },
  },
  appendRefused: {
    rule: "consistencyCheck",
    importance: "routine",
    en: (d, w) => {
      const here =
        d.termHere === 0
          ? `it has no entry at index ${d.previous.index}`
          : `its entry at index ${d.previous.index} is of term ${d.termHere}`;
      return `${w.subject(d.id)} refused an append ${w.after(d.previous)} from ${w.member(d.from)}, the leader of term ${d.term}: ${here}; the newest place of its log that can match is ${w.position(d.hint)}`;
    },
    zh: (d, w) => {
      const here =
        d.termHere === 0
          ? `它在索引${d.previous.index}处没有条目`
          : `它在索引${d.previous.index}处的条目属于任期${d.termHere}`;
      return `${w.member(d.id)}拒绝了任期${d.term}的领导者${w.member(d.from)}发来的、${w.following(d.previous)}的追加请求：${here}；它的日志中可能匹配的最新位置是${w.position(d.hint)}`;
    },
  },
  appendOutdated: {
    rule: "repeatedMessages",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} took nothing from a late or repeated append of ${w.member(d.from)} ${w.after(d.previous)} in term ${d.term}: ${w.committed(d.commit)} here already`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中收到${w.member(d.from)}迟到或重复的、${w.following(d.previous)}的追加请求，没有采用：本地${w.committed(d.commit)}`,
  },
  conflictFound: {
    rule: "leaderLogWins",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} found in term ${d.term} that its entry at index ${d.index}, of term ${d.existingTerm}, differs from the leader's, of term ${d.conflictingTerm}: its own entries from there on were never committed and give way`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中发现自己索引${d.index}处的条目（任期${d.existingTerm}）与领导者的条目（任期${d.conflictingTerm}）不同：自己从该处开始的条目从未提交，应予替换`,
  },
  tailReplaced: {
    rule: "leaderLogWins",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} replaces its log from index ${d.index} on with the entries that the leader of term ${d.term} sent`,
    zh: (d, w) =>
      `${w.member(d.id)}用任期${d.term}的领导者发来的条目替换自己从索引${d.index}开始的日志`,
  },
  tailTruncated: {
    rule: "leaderLogWins",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} drops its entries from index ${d.index} on, which are not on its disk yet, and takes those that the leader of term ${d.term} sent`,
    zh: (d, w) =>
      `${w.member(d.id)}舍弃从索引${d.index}开始、尚未落盘的条目，改用任期${d.term}的领导者发来的条目`,
  },
};
