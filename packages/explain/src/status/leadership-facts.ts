import type { LogPosition, MemberId, Term } from "@quorate/core";
import type { FactTellings } from "./fact-telling.ts";

/** Why a member can or cannot become leader. */
export interface LeadershipFacts {
  leadsAlready: { readonly member: MemberId; readonly term: Term };
  learnerCannotLead: { readonly member: MemberId; readonly voters: readonly MemberId[] };
  /** It asks for votes only when its leader falls silent. */
  hearsLeader: {
    readonly member: MemberId;
    readonly leader: MemberId;
    readonly term: Term;
    readonly elapsedTicks: number;
    readonly timeoutTicks: number;
  };
  /** So many voters have newer logs that a majority cannot vote for it. */
  logBehindMajority: {
    readonly member: MemberId;
    readonly last: LogPosition;
    readonly newer: readonly MemberId[];
    readonly voters: readonly MemberId[];
    readonly needed: number;
  };
  mayLead: { readonly member: MemberId; readonly term: Term };
}

export const LEADERSHIP_TELLINGS: FactTellings<LeadershipFacts> = {
  leadsAlready: {
    rule: "majorityElects",
    importance: "routine",
    en: (f, w) => `${w.subject(f.member)} leads term ${f.term} already`,
    zh: (f, w) => `${w.member(f.member)}已经是任期${f.term}的领导者`,
  },
  learnerCannotLead: {
    rule: "learners",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.member)} is a learner: it receives the log but cannot lead before it is made a voter (voters now: ${w.names(f.voters)})`,
    zh: (f, w) =>
      `${w.member(f.member)}是学习者：只接收日志，成为投票成员之前不能担任领导者（目前的投票成员：${w.names(f.voters)}）`,
  },
  hearsLeader: {
    rule: "electionTimeout",
    importance: "routine",
    en: (f, w) =>
      `${w.subject(f.member)} follows ${w.member(f.leader)}, the leader of term ${f.term}, and asks for votes only if that leader falls silent: ${w.ticks(f.elapsedTicks)} of its election time-out of ${f.timeoutTicks} have passed since it was heard`,
    zh: (f, w) =>
      `${w.member(f.member)}跟随任期${f.term}的领导者${w.member(f.leader)}，只有对方失去音讯才会参选：选举超时为${f.timeoutTicks}个时钟周期，距上次收到对方消息已过${f.elapsedTicks}个`,
  },
  logBehindMajority: {
    rule: "electionRestriction",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} cannot win: its log ${w.end(f.last)}, the logs of ${w.members(f.newer)} are newer, and it needs ${f.needed} of the voters ${w.names(f.voters)}`,
    zh: (f, w) =>
      `${w.member(f.member)}无法当选：它的日志${w.end(f.last)}，而${w.members(f.newer)}的日志更新，它却需要投票成员${w.names(f.voters)}中的${f.needed}票`,
  },
  mayLead: {
    rule: "whoMayCampaign",
    importance: "routine",
    en: (f, w) =>
      `Nothing known here keeps ${w.member(f.member)} from becoming leader after term ${f.term}`,
    zh: (f, w) => `就目前所知，没有什么妨碍${w.member(f.member)}在任期${f.term}之后成为领导者`,
  },
};
