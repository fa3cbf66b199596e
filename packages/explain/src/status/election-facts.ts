import type { MemberId, Term } from "@quorate/core";
import type { FactTellings } from "./fact-telling.ts";

/** Why there was an election, beyond what the decisions themselves say. */
export interface ElectionFacts {
  noElectionSeen: { readonly decisions: number };
  /** The candidate had a leader before; `ticks` is its election time-out, 0 if unknown. */
  leaderFellSilent: {
    readonly member: MemberId;
    readonly leader: MemberId;
    readonly ticks: number;
  };
  /** The candidate had no leader to hear from; `ticks` is its election time-out, 0 if unknown. */
  noLeaderToHear: {
    readonly member: MemberId;
    readonly term: Term;
    readonly ticks: number;
  };
  /** Somebody else asked for votes; only that member knows why. */
  candidateElsewhere: { readonly candidate: MemberId; readonly term: Term };
  /** Several campaigns, and nobody won but perhaps the last. */
  severalCampaigns: {
    readonly count: number;
    readonly candidates: readonly MemberId[];
  };
  /** The last known state of a campaign without outcome. */
  electionOpen: {
    readonly member: MemberId;
    readonly term: Term;
    readonly grants: number;
    readonly refusals: number;
  };
}

export const ELECTION_TELLINGS: FactTellings<ElectionFacts> = {
  noElectionSeen: {
    rule: "electionTimeout",
    importance: "routine",
    en: (f, w) =>
      `There was no election within the last ${w.count(f.decisions, "decision")} that are remembered`,
    zh: (f) => `在所记录的最近${f.decisions}个决定中没有发生选举`,
  },
  leaderFellSilent: {
    rule: "electionTimeout",
    importance: "notable",
    en: (f, w) => {
      const time = f.ticks === 0 ? "" : ` of ${w.ticks(f.ticks)}`;
      return `${w.subject(f.member)} had heard from ${w.member(f.leader)} as its leader before, and then nothing for a whole election time-out${time}`;
    },
    zh: (f, w) => {
      const time = f.ticks === 0 ? "" : `（${f.ticks}个时钟周期）`;
      return `${w.member(f.member)}此前的领导者是${w.member(f.leader)}，其后在整个选举超时期间${time}没有再收到对方的消息`;
    },
  },
  noLeaderToHear: {
    rule: "electionTimeout",
    importance: "notable",
    en: (f, w) => {
      const time = f.ticks === 0 ? "" : ` of ${w.ticks(f.ticks)}`;
      return `${w.subject(f.member)} knew no leader in term ${f.term}, and its election time-out${time} passed`;
    },
    zh: (f, w) => {
      const time = f.ticks === 0 ? "" : `（${f.ticks}个时钟周期）`;
      return `${w.member(f.member)}在任期${f.term}中没有已知的领导者，选举超时${time}已过`;
    },
  },
  candidateElsewhere: {
    rule: "majorityElects",
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.candidate)} asked for votes in term ${f.term}; why it did so is remembered there, not here`,
    zh: (f, w) =>
      `${w.member(f.candidate)}为任期${f.term}拉票；其参选的原因记录在该成员上，这里无从得知`,
  },
  severalCampaigns: {
    rule: "electionTimeout",
    importance: "warning",
    en: (f, w) =>
      `${w.count(f.count, "campaign")} of ${w.members(f.candidates)} began without a leader in between: votes were split, or a majority could not be reached`,
    zh: (f, w) =>
      `其间没有产生领导者，${w.members(f.candidates)}先后发起了${f.count}次竞选：可能是选票分散，也可能是联系不上多数派`,
  },
  electionOpen: {
    rule: "majorityElects",
    importance: "warning",
    en: (f, w) =>
      `The campaign of ${w.member(f.member)} for term ${f.term} has no outcome yet: ${f.grants} in favour and ${f.refusals} against`,
    zh: (f, w) =>
      `${w.member(f.member)}对任期${f.term}的竞选尚无结果：${f.grants}票赞成，${f.refusals}票反对`,
  },
};
