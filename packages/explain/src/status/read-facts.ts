import type { LogIndex, MemberId, Term } from "@quorate/core";
import type { FactTellings } from "./fact-telling.ts";

/** Why reads wait or are refused. */
export interface ReadFacts {
  noReadsWait: { readonly member: MemberId; readonly term: Term };
  readsWaitForMajority: {
    readonly leader: MemberId;
    readonly term: Term;
    readonly count: number;
    /** Voters heard from since the leader last checked, itself included. */
    readonly heard: readonly MemberId[];
    readonly half: "voters" | "outgoing";
    readonly voters: readonly MemberId[];
    readonly needed: number;
  };
  readsWaitForOwnCommit: {
    readonly leader: MemberId;
    readonly term: Term;
    readonly count: number;
    /** Where the leader's empty entry stands. */
    readonly noop: LogIndex;
    readonly commit: LogIndex;
  };
  readsAskLeader: {
    readonly member: MemberId;
    readonly leader: MemberId;
    readonly term: Term;
  };
  readsNeedLeader: { readonly member: MemberId; readonly term: Term };
}

export const READ_TELLINGS: FactTellings<ReadFacts> = {
  noReadsWait: {
    rule: "readIndex",
    importance: "routine",
    en: (f, w) => `No read waits at ${w.member(f.member)}, the leader of term ${f.term}`,
    zh: (f, w) => `任期${f.term}的领导者${w.member(f.member)}上没有等待中的读请求`,
  },
  readsWaitForMajority: {
    rule: "readIndex",
    importance: (f) => (f.heard.length < f.needed ? "warning" : "routine"),
    en: (f, w) => {
      const voters = f.half === "outgoing" ? "outgoing voters" : "voters";
      const heard =
        f.heard.length === 0
          ? "none of them was"
          : `only ${w.members(f.heard)} ${f.heard.length === 1 ? "was" : "were"}`;
      const state =
        f.heard.length < f.needed
          ? `and ${heard} heard from lately`
          : `of which ${w.members(f.heard)} were heard from lately`;
      return `${w.count(f.count, "read waits", "reads wait")} at ${w.member(f.leader)} until ${f.needed} of the ${voters} ${w.names(f.voters)} have confirmed that it still leads term ${f.term}, ${state}`;
    },
    zh: (f, w) => {
      const voters = f.half === "outgoing" ? "原投票成员" : "投票成员";
      const heard =
        f.heard.length === 0
          ? "近来没有收到其中任何成员的消息"
          : `近来${f.heard.length < f.needed ? "只" : ""}收到过${w.members(f.heard)}的消息`;
      return `有${f.count}个读请求在${w.member(f.leader)}上等待：须有${voters}${w.names(f.voters)}中的${f.needed}个确认它仍是任期${f.term}的领导者，${heard}`;
    },
  },
  readsWaitForOwnCommit: {
    rule: "readAfterOwnCommit",
    importance: "notable",
    en: (f, w) =>
      `${w.count(f.count, "read waits", "reads wait")} at ${w.member(f.leader)} until entry ${f.noop}, the first of term ${f.term}, is committed; so far ${w.committed(f.commit)}`,
    zh: (f, w) =>
      `有${f.count}个读请求在${w.member(f.leader)}上等待条目${f.noop}（任期${f.term}的第一个条目）提交；目前${w.committed(f.commit)}`,
  },
  readsAskLeader: {
    rule: "followerRead",
    importance: "routine",
    en: (f, w) =>
      `Reads at ${w.member(f.member)} wait for an answer of the leader of term ${f.term}, ${w.member(f.leader)}, and then for their index to be applied`,
    zh: (f, w) =>
      `${w.member(f.member)}上的读请求先等待任期${f.term}的领导者${w.member(f.leader)}答复，再等待相应的索引应用完成`,
  },
  readsNeedLeader: {
    rule: "routing",
    importance: "warning",
    en: (f, w) =>
      `${w.subject(f.member)} refuses reads that must not be stale, because it knows no leader in term ${f.term} who could vouch for them`,
    zh: (f, w) =>
      `${w.member(f.member)}拒绝不允许读到旧数据的读请求，因为任期${f.term}中没有已知的领导者可以作保`,
  },
};
