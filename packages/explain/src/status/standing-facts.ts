import type { LogIndex, LogPosition, MemberId, Role, Term } from "@quorate/core";
import type { FactTellings } from "./fact-telling.ts";

/** Where a member stands, and what keeps a whole group from having a leader. */
export interface StandingFacts {
  /** Its state broke an invariant: it refuses every call. */
  stopped: { readonly member: MemberId; readonly invariant: string };
  /** It is in no list of its own membership. */
  outsideGroup: { readonly member: MemberId };
  leads: {
    readonly member: MemberId;
    readonly term: Term;
    readonly commit: LogIndex;
    readonly applied: LogIndex;
    readonly last: LogPosition;
  };
  follows: {
    readonly member: MemberId;
    readonly leader: MemberId;
    readonly term: Term;
    readonly commit: LogIndex;
    readonly applied: LogIndex;
    readonly last: LogPosition;
  };
  noLeaderKnown: {
    readonly member: MemberId;
    readonly term: Term;
    readonly elapsedTicks: number;
    readonly timeoutTicks: number;
  };
  /** `term` is the one it wants to lead; `outgoing` is empty outside a joint state. */
  campaigning: {
    readonly member: MemberId;
    readonly role: Exclude<Role, "follower" | "leader">;
    readonly term: Term;
    readonly voters: readonly MemberId[];
    readonly needed: number;
    readonly outgoing: readonly MemberId[];
    readonly outgoingNeeded: number;
  };
  /** Another member is in a newer term: whatever this one believes about its own is out of date. */
  newerTermElsewhere: {
    readonly member: MemberId;
    readonly term: Term;
    readonly other: MemberId;
    readonly otherTerm: Term;
  };
  /** The member that this one follows says that it does not lead. */
  leaderNotLeading: {
    readonly member: MemberId;
    readonly leader: MemberId;
    readonly term: Term;
    readonly leaderTerm: Term;
  };
  /** No leader has a majority of the voters behind it; `together` is the largest group that agrees. */
  noMajorityTogether: {
    readonly voters: readonly MemberId[];
    readonly needed: number;
    readonly together: readonly MemberId[];
  };
}

export const STANDING_TELLINGS: FactTellings<StandingFacts> = {
  stopped: {
    rule: "invariants",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} has stopped for good and refuses every call, because its own state broke a condition that must always hold: “${f.invariant}”`,
    zh: (f, w) =>
      `${w.member(f.member)}已经停止，拒绝一切调用，因为自身状态违背了必须始终成立的条件：“${f.invariant}”`,
  },
  outsideGroup: {
    rule: "onlyMembers",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} does not belong to the group: it was removed, or not added yet`,
    zh: (f, w) => `${w.member(f.member)}不属于本集群：它已被移除，或者尚未加入`,
  },
  leads: {
    rule: "majorityElects",
    importance: "routine",
    en: (f, w) =>
      `${w.subject(f.member)} leads term ${f.term}: its log ${w.end(f.last)}, ${w.committed(f.commit)}, ${w.applied(f.applied)}`,
    zh: (f, w) =>
      `${w.member(f.member)}是任期${f.term}的领导者：日志${w.end(f.last)}，${w.committed(f.commit)}，${w.applied(f.applied)}`,
  },
  follows: {
    rule: "followTheLeader",
    importance: "routine",
    en: (f, w) =>
      `${w.subject(f.member)} follows ${w.member(f.leader)} in term ${f.term}: its log ${w.end(f.last)}, ${w.committed(f.commit)} as far as it knows, ${w.applied(f.applied)}`,
    zh: (f, w) =>
      `${w.member(f.member)}在任期${f.term}中跟随${w.member(f.leader)}：日志${w.end(f.last)}，据它所知${w.committed(f.commit)}，${w.applied(f.applied)}`,
  },
  noLeaderKnown: {
    rule: "electionTimeout",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} knows no leader in term ${f.term}; it has waited for ${w.ticks(f.elapsedTicks)} of its election time-out of ${f.timeoutTicks}, after which it may ask for votes itself`,
    zh: (f, w) =>
      `${w.member(f.member)}在任期${f.term}中没有已知的领导者；选举超时为${f.timeoutTicks}个时钟周期，已等待${f.elapsedTicks}个，到时它可以自己参选`,
  },
  campaigning: {
    rule: (f) => (f.role === "preCandidate" ? "preVote" : "majorityElects"),
    importance: "warning",
    en: (f, w) => {
      const asks = f.role === "preCandidate" ? "asks whether it could win" : "asks for votes in";
      const half = `${f.needed} of the voters ${w.names(f.voters)}`;
      const other =
        f.outgoing.length === 0
          ? ""
          : ` and ${f.outgoingNeeded} of the outgoing voters ${w.names(f.outgoing)}`;
      return `${w.subject(f.member)} ${asks} term ${f.term} and needs ${half}${other}; until somebody wins, nobody leads as far as it knows`;
    },
    zh: (f, w) => {
      const asks = f.role === "preCandidate" ? "正在询问能否赢得" : "正在竞选";
      const half = `投票成员${w.names(f.voters)}中的${f.needed}票`;
      const other =
        f.outgoing.length === 0
          ? ""
          : `，以及原投票成员${w.names(f.outgoing)}中的${f.outgoingNeeded}票`;
      return `${w.member(f.member)}${asks}任期${f.term}，需要${half}${other}；有人当选之前，据它所知没有领导者`;
    },
  },
  newerTermElsewhere: {
    rule: "terms",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} is still in term ${f.term}, but ${w.member(f.other)} is in term ${f.otherTerm} already: what the older term's leader does no longer counts`,
    zh: (f, w) =>
      `${w.member(f.member)}还停留在任期${f.term}，而${w.member(f.other)}已进入任期${f.otherTerm}：旧任期领导者的行为不再有效`,
  },
  leaderNotLeading: {
    rule: "followTheLeader",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} takes ${w.member(f.leader)} for the leader of term ${f.term}, but that member says that it does not lead (it is in term ${f.leaderTerm})`,
    zh: (f, w) =>
      `${w.member(f.member)}认为${w.member(f.leader)}是任期${f.term}的领导者，但对方表示自己并不是领导者（它处于任期${f.leaderTerm}）`,
  },
  noMajorityTogether: {
    rule: "majorityElects",
    importance: "warning",
    en: (f, w) =>
      f.together.length === 0
        ? `None of the voters ${w.names(f.voters)} is behind a working leader; it takes ${f.needed} behind the same one before anything can be committed`
        : `Of the voters ${w.names(f.voters)}, the largest group behind one leader is ${w.members(f.together)}; it takes ${f.needed} before anything can be committed`,
    zh: (f, w) =>
      f.together.length === 0
        ? `投票成员${w.names(f.voters)}都没有跟随正常工作的领导者；须有${f.needed}个成员跟随同一领导者，才能提交条目`
        : `投票成员${w.names(f.voters)}中跟随同一领导者的最多只有${w.members(f.together)}；须有${f.needed}个成员跟随同一领导者，才能提交条目`,
  },
};
