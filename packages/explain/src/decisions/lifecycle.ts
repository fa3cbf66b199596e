import type { DecisionTellings } from "./decision-telling.ts";

/** The member's life as a whole: its start, its end, and input that it does not take. */
export const LIFECYCLE: DecisionTellings<
  "created" | "messageMalformed" | "peerUnknown" | "stopped"
> = {
  created: {
    rule: "restart",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} starts in term ${d.term} in a group with ${w.membership(d.membership)}: its log ${w.end(d.last)}, ${w.committed(d.commit)}, and ${w.applied(d.applied)}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}启动，成员名单为${w.membership(d.membership)}；日志${w.end(d.last)}，${w.committed(d.commit)}，${w.applied(d.applied)}`,
  },
  messageMalformed: {
    rule: "checkedInput",
    importance: "warning",
    en: (d, w) =>
      `${w.subject(d.id)} dropped ${w.message(d.message)} from ${d.from === 0 ? "somebody who gives no name" : w.member(d.from)}, which contradicts itself or the protocol: “${d.detail}”`,
    zh: (d, w) =>
      `${w.member(d.id)}丢弃了${d.from === 0 ? "未具名者" : w.member(d.from)}发来的${w.message(d.message)}，因为它自相矛盾或违反协议：“${d.detail}”`,
  },
  peerUnknown: {
    rule: "onlyMembers",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} dropped ${w.message(d.message)} from ${w.member(d.from)}, which does not belong to its group`,
    zh: (d, w) =>
      `${w.member(d.id)}丢弃了${w.member(d.from)}发来的${w.message(d.message)}，因为对方不属于本集群`,
  },
  stopped: {
    rule: "invariants",
    importance: "warning",
    en: (d, w) =>
      `${w.subject(d.id)} stopped working in this group in term ${d.term}, because its own state breaks a condition that must always hold: “${d.invariant}” (“${d.detail}”)`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}停止参与本集群的工作，因为自身状态违背了必须始终成立的条件：“${d.invariant}”（“${d.detail}”）`,
  },
};
