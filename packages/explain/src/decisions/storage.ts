import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Ignored = DecisionByType["durableIgnored"];

const IGNORED_EN: Readonly<Record<Ignored["reason"], (d: Ignored, w: English) => string>> = {
  missing: () => "that entry no longer waits for the disk",
  snapshot: () => "a snapshot has taken that entry's place",
  termMismatch: (d, w) => `it was replaced by ${w.position(d.existing)} in the meantime`,
};

const IGNORED_ZH: Readonly<Record<Ignored["reason"], (d: Ignored, w: Chinese) => string>> = {
  missing: () => "该条目已不在等待落盘之列",
  snapshot: () => "该条目的位置已被快照取代",
  termMismatch: (d, w) => `其间它已被${w.position(d.existing)}取代`,
};

/** What the disk has confirmed. */
export const STORAGE: DecisionTellings<"entriesDurable" | "durableIgnored" | "durableOutdated"> = {
  entriesDurable: {
    rule: "durableFirst",
    importance: "routine",
    en: (d, w) => `${w.subject(d.id)} has its log on disk up to ${w.position(d.last)}`,
    zh: (d, w) => `${w.member(d.id)}的日志已落盘到${w.position(d.last)}`,
  },
  durableIgnored: {
    rule: "durableFirst",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} does not count the finished disk write up to ${w.position(d.acknowledged)}: ${IGNORED_EN[d.reason](d, w)}`,
    zh: (d, w) =>
      `${w.member(d.id)}不采信截至${w.position(d.acknowledged)}的写盘完成通知：${IGNORED_ZH[d.reason](d, w)}`,
  },
  durableOutdated: {
    rule: "durableFirst",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} does not count the finished disk write up to ${w.position(d.acknowledged)}: it was begun in term ${d.workTerm}, and in term ${d.term} those entries may have been replaced`,
    zh: (d, w) =>
      `${w.member(d.id)}不采信截至${w.position(d.acknowledged)}的写盘完成通知：该写入始于任期${d.workTerm}，而现在是任期${d.term}，那些条目可能已被替换`,
  },
};
