import { NOBODY } from "@quorate/core";
import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Refused = DecisionByType["proposalRefused"];

const REFUSAL_EN: Readonly<Record<Refused["reason"], (d: Refused, w: English) => string>> = {
  noLeader: (d) => `it knows no leader in term ${d.term} who could take it`,
  notLeader: (d, w) =>
    d.leader === NOBODY
      ? `it does not lead term ${d.term}`
      : `it does not lead term ${d.term} and is told not to pass proposals on to the leader, ${w.member(d.leader)}`,
  notMember: (d) => `it leads term ${d.term} but no longer belongs to the group`,
  transferInProgress: (d, w) =>
    `it is handing over leadership of term ${d.term} to ${w.member(d.transferee)} and takes nothing new until that is done`,
  quotaExceeded: (d, w) =>
    `${w.bytes(d.uncommittedBytes)} already wait to be committed in term ${d.term}, and with these the limit of ${w.bytes(d.uncommittedBytesMax)} would be exceeded`,
};

const REFUSAL_ZH: Readonly<Record<Refused["reason"], (d: Refused, w: Chinese) => string>> = {
  noLeader: (d) => `任期${d.term}中没有已知的领导者可以接收`,
  notLeader: (d, w) =>
    d.leader === NOBODY
      ? `它不是任期${d.term}的领导者`
      : `它不是任期${d.term}的领导者，并且按设置不向领导者${w.member(d.leader)}转交提案`,
  notMember: (d) => `它虽是任期${d.term}的领导者，但已不属于本集群`,
  transferInProgress: (d, w) =>
    `它正在向${w.member(d.transferee)}移交任期${d.term}的领导权，完成之前不接收新条目`,
  quotaExceeded: (d) =>
    `任期${d.term}中已有${d.uncommittedBytes}字节等待提交，加上这些将超过${d.uncommittedBytesMax}字节的上限`,
};

const REFUSAL_RULE: Readonly<Record<Refused["reason"], RuleId>> = {
  noLeader: "routing",
  notLeader: "routing",
  notMember: "removedLeader",
  transferInProgress: "leadershipTransfer",
  quotaExceeded: "boundedWork",
};

/** How commands enter the log, or why they do not. */
export const PROPOSING: DecisionTellings<
  "entriesProposed" | "proposalRefused" | "proposalForwarded"
> = {
  entriesProposed: {
    rule: "leaderAppends",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, put ${w.entries(d.first, d.first + d.count - 1)} (${w.count(d.count, "entry", "entries")}, ${w.bytes(d.bytes)}) at the end of its log`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}把${w.entries(d.first, d.first + d.count - 1)}（共${d.count}条，${d.bytes}字节）追加到自己的日志末尾`,
  },
  proposalRefused: {
    rule: (d) => REFUSAL_RULE[d.reason],
    importance: (d) => (d.reason === "quotaExceeded" ? "warning" : "notable"),
    en: (d, w) =>
      `${w.subject(d.id)} refused a proposal of ${w.bytes(d.bytes)}: ${REFUSAL_EN[d.reason](d, w)}`,
    zh: (d, w) => `${w.member(d.id)}拒绝了${d.bytes}字节的提案：${REFUSAL_ZH[d.reason](d, w)}`,
  },
  proposalForwarded: {
    rule: "routing",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} does not lead term ${d.term} and passed ${w.count(d.count, "proposed entry", "proposed entries")} on to the leader, ${w.member(d.leader)}`,
    zh: (d, w) =>
      `${w.member(d.id)}不是任期${d.term}的领导者，把${d.count}个待写入的条目转交给领导者${w.member(d.leader)}`,
  },
};
