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
      const start = `${w.subject(d.id)} holds ${w.position(d.previous)}, after which ${w.member(d.from)}, the leader of term ${d.term}, continues`;
      return d.count === 0
        ? `${start} without sending anything, and confirms its log up to index ${d.last}`
        : `${start}: of ${w.count(d.count, "entry", "entries")} sent it took ${d.added} as new, and its log agrees with the leader's up to index ${d.last}`;
    },
    zh: (d, w) => {
      const start = `${w.member(d.id)}拥有${w.position(d.previous)}处的条目，任期${d.term}的领导者${w.member(d.from)}从其后继续`;
      return d.count === 0
        ? `${start}，这次没有发送条目；它确认日志一致到索引${d.last}`
        : `${start}：发来的${d.count}个条目中有${d.added}个是新的，现在日志与领导者一致到索引${d.last}`;
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
      return `${w.subject(d.id)} refused entries after ${w.position(d.previous)} from ${w.member(d.from)}, the leader of term ${d.term}: ${here}; the newest place of its log that can match is ${w.position(d.hint)}`;
    },
    zh: (d, w) => {
      const here =
        d.termHere === 0
          ? `它在索引${d.previous.index}处没有条目`
          : `它在索引${d.previous.index}处的条目属于任期${d.termHere}`;
      return `${w.member(d.id)}拒绝了任期${d.term}的领导者${w.member(d.from)}发来的、接在${w.position(d.previous)}之后的条目：${here}；它的日志中可能匹配的最新位置是${w.position(d.hint)}`;
    },
  },
  appendOutdated: {
    rule: "repeatedMessages",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} took nothing from a late or repeated append of ${w.member(d.from)} after ${w.position(d.previous)} in term ${d.term}: it knows everything up to index ${d.commit} to be committed already`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中收到${w.member(d.from)}迟到或重复的、接在${w.position(d.previous)}之后的追加请求，没有采用：到索引${d.commit}为止的内容在本地都已提交`,
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
