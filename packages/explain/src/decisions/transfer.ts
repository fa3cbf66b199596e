import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Refused = DecisionByType["transferRefused"];
type Aborted = DecisionByType["transferAborted"];

const REFUSAL_EN: Readonly<Record<Refused["reason"], (d: Refused, w: English) => string>> = {
  noLeader: (d) => `in term ${d.term} it knows no leader who could hand over`,
  notMember: () => "that member does not belong to the group",
  targetIsLearner: () => "that member is a learner and cannot lead",
  targetIsLeader: (d) => `that member leads term ${d.term} already`,
  alreadyRunning: (d) => `this handover is under way already in term ${d.term}`,
};

const REFUSAL_ZH: Readonly<Record<Refused["reason"], (d: Refused, w: Chinese) => string>> = {
  noLeader: (d) => `任期${d.term}中没有已知的领导者可以移交`,
  notMember: () => "对方不属于本集群",
  targetIsLearner: () => "对方是学习者，不能担任领导者",
  targetIsLeader: (d) => `对方已经是任期${d.term}的领导者`,
  alreadyRunning: (d) => `任期${d.term}中向它的移交已在进行`,
};

const REFUSAL_RULE: Readonly<Record<Refused["reason"], RuleId>> = {
  noLeader: "routing",
  notMember: "whoMayCampaign",
  targetIsLearner: "learners",
  targetIsLeader: "leadershipTransfer",
  alreadyRunning: "leadershipTransfer",
};

const ABORT_EN: Readonly<Record<Aborted["reason"], string>> = {
  replaced: "somebody else was named to take over",
  timedOut: "that member did not take over within an election time-out",
  targetNotVoter: "that member is no voter any more",
};

const ABORT_ZH: Readonly<Record<Aborted["reason"], string>> = {
  replaced: "已另行指定接任者",
  timedOut: "对方没有在一个选举超时之内接任",
  targetNotVoter: "对方不再是投票成员",
};

/** The handover of leadership on request. */
export const TRANSFER: DecisionTellings<
  | "transferStarted"
  | "transferRefused"
  | "transferAborted"
  | "transferForwarded"
  | "timeoutNowSent"
  | "timeoutNowReceived"
  | "timeoutNowIgnored"
> = {
  transferStarted: {
    rule: "leadershipTransfer",
    importance: "notable",
    en: (d, w) => {
      const state = d.upToDate
        ? "has the whole log and can take over at once"
        : "first has to catch up with the log; new entries are refused meanwhile";
      return `${w.subject(d.id)} begins to hand over leadership of term ${d.term} to ${w.member(d.target)}, which ${state}`;
    },
    zh: (d, w) => {
      const state = d.upToDate
        ? "对方日志完整，可以立即接任"
        : "对方须先追上日志，其间不接收新条目";
      return `${w.member(d.id)}开始向${w.member(d.target)}移交任期${d.term}的领导权：${state}`;
    },
  },
  transferRefused: {
    rule: (d) => REFUSAL_RULE[d.reason],
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} refused to hand over leadership to ${w.member(d.target)}: ${REFUSAL_EN[d.reason](d, w)}`,
    zh: (d, w) =>
      `${w.member(d.id)}拒绝向${w.member(d.target)}移交领导权：${REFUSAL_ZH[d.reason](d, w)}`,
  },
  transferAborted: {
    rule: "leadershipTransfer",
    importance: (d) => (d.reason === "timedOut" ? "warning" : "notable"),
    en: (d, w) =>
      `${w.subject(d.id)} ended the handover of term ${d.term} to ${w.member(d.target)} and goes on leading: ${ABORT_EN[d.reason]}`,
    zh: (d, w) =>
      `${w.member(d.id)}中止向${w.member(d.target)}移交任期${d.term}的领导权，继续担任领导者：${ABORT_ZH[d.reason]}`,
  },
  transferForwarded: {
    rule: "routing",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} does not lead term ${d.term} and passed the request to hand over to ${w.member(d.target)} on to the leader, ${w.member(d.leader)}`,
    zh: (d, w) =>
      `${w.member(d.id)}不是任期${d.term}的领导者，把向${w.member(d.target)}移交领导权的请求转交给领导者${w.member(d.leader)}`,
  },
  timeoutNowSent: {
    rule: "leadershipTransfer",
    importance: "notable",
    en: (d, w) => {
      const why =
        d.reason === "upToDate"
          ? "that member's log was complete from the start"
          : "that member's log is complete now";
      return `${w.subject(d.id)}, the leader of term ${d.term}, told ${w.member(d.to)} to campaign at once: ${why}`;
    },
    zh: (d, w) => {
      const why = d.reason === "upToDate" ? "对方的日志一开始就是完整的" : "对方的日志现已追齐";
      return `任期${d.term}的领导者${w.member(d.id)}让${w.member(d.to)}立即参选：${why}`;
    },
  },
  timeoutNowReceived: {
    rule: "leadershipTransfer",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} was told by ${w.member(d.from)}, the leader of term ${d.term}, to campaign at once and take over`,
    zh: (d, w) => `任期${d.term}的领导者${w.member(d.from)}让${w.member(d.id)}立即参选并接任`,
  },
  timeoutNowIgnored: {
    rule: "leadershipTransfer",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} ignored the order of ${w.member(d.from)} to campaign at once, because it is ${w.role(d.role)} in term ${d.term} and only a follower obeys it`,
    zh: (d, w) =>
      `${w.member(d.id)}忽略了${w.member(d.from)}的立即参选指令：它在任期${d.term}中是${w.role(d.role)}，只有跟随者才执行该指令`,
  },
};
