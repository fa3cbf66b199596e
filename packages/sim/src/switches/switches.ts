import type { ClusterSettings } from "../cluster/settings.ts";
import type { BothLanguages, Sabotage } from "../scenarios/scenario.ts";
import type { RuleSwitch } from "./rule-switch.ts";

/** What a switch does, and who notices. */
export interface SwitchDescription {
  readonly id: RuleSwitch;
  readonly title: BothLanguages;
  readonly text: BothLanguages;
  /** Where in a simulated member the rule is broken: the algorithm's own code is never touched. */
  readonly place: "settings" | "start" | "disk" | "messages" | "machine";
  /** Checkers whose statement is the rule itself: they see the offence at once, before any harm is done. */
  readonly restatedBy: readonly string[];
}

/** The settings of the same cluster with one rule switched off. */
export function settingsWithout(settings: ClusterSettings, sabotage: Sabotage): ClusterSettings {
  const { broken, showsHarm } = sabotage;
  const silent = showsHarm === true ? SWITCHES[broken].restatedBy : [];
  return {
    ...settings,
    brokenRules: [...(settings.brokenRules ?? []), broken],
    silentCheckers: [...(settings.silentCheckers ?? []), ...silent],
  };
}

/** The rules of the algorithm that can be switched off, and what each protects. */
export const SWITCHES: Readonly<Record<RuleSwitch, SwitchDescription>> = {
  countOldTerms: {
    id: "countOldTerms",
    title: { en: "Commit by counting old terms", zh: "按计数提交旧任期的条目" },
    text: {
      en: "A leader commits an entry of an earlier term as soon as a majority holds it, without an entry of its own term.",
      zh: "只要多数成员持有早先任期的条目，领导者就将其提交，而不等待自己任期的条目。",
    },
    place: "messages",
    restatedBy: ["only entries of the own term are committed by counting"],
  },
  forgetVote: {
    id: "forgetVote",
    title: { en: "Forget the vote on restart", zh: "重启后忘记投票" },
    text: {
      en: "A member that starts again does not remember whom it voted for in its term.",
      zh: "成员重启后不记得自己在当前任期把票投给了谁。",
    },
    place: "start",
    restatedBy: ["one vote per term", "leaders have a quorum of durable votes"],
  },
  answerBeforeSync: {
    id: "answerBeforeSync",
    title: { en: "Answer before fsync", zh: "落盘之前就应答" },
    text: {
      en: "A member acknowledges entries and votes as soon as it has them in memory; the disk follows later.",
      zh: "成员一旦把条目或投票放进内存就予以确认，磁盘写入随后才完成。",
    },
    place: "disk",
    restatedBy: [
      "durable before promised",
      "committed entries are durable on a quorum",
      "applied is durable",
      "leaders have a quorum of durable votes",
    ],
  },
  noPreVote: {
    id: "noPreVote",
    title: { en: "No pre-vote", zh: "不做预投票" },
    text: {
      en: "A member whose election time-out passes starts a new term at once, without asking first whether it could win.",
      zh: "选举超时的成员立即开启新任期，而不先询问自己能否获胜。",
    },
    place: "settings",
    restatedBy: [],
  },
  noCheckQuorum: {
    id: "noCheckQuorum",
    title: { en: "No check of the quorum", zh: "不检查多数派" },
    text: {
      en: "A leader that hears from no majority goes on taking itself for the leader.",
      zh: "听不到多数派回应的领导者仍然自认为是领导者。",
    },
    place: "settings",
    restatedBy: [],
  },
  oneStepMembership: {
    id: "oneStepMembership",
    title: { en: "Membership changed in one step", zh: "一步完成成员变更" },
    text: {
      en: "Several voters are added or removed at once, each by a change of its own that does not wait for the one before: no joint state, in which both majorities are needed.",
      zh: "一次增减多个投票成员，各自的变更不等前一个生效，也没有需要新旧两个多数派的联合阶段。",
    },
    place: "settings",
    restatedBy: ["one change of membership at a time"],
  },
  readWithoutQuorum: {
    id: "readWithoutQuorum",
    title: { en: "Read without a quorum", zh: "不经多数派确认就读取" },
    text: {
      en: "Whoever takes itself for the leader answers reads from its own state, without asking a majority.",
      zh: "凡自认为是领导者的成员，都直接用自己的状态回答读请求，而不询问多数派。",
    },
    place: "messages",
    restatedBy: ["reads see what was committed before"],
  },
  voteWithoutLogCheck: {
    id: "voteWithoutLogCheck",
    title: { en: "Vote without comparing logs", zh: "不比较日志就投票" },
    text: {
      en: "A voter takes every candidate's log for as good as its own.",
      zh: "投票者把任何候选人的日志都当作与自己的一样新。",
    },
    place: "messages",
    restatedBy: [],
  },
  forgetSessions: {
    id: "forgetSessions",
    title: { en: "Forget what was executed", zh: "不记录已执行的命令" },
    text: {
      en: "The state machine executes a repeated command again instead of giving its first result.",
      zh: "状态机会把重复的命令再执行一遍，而不是返回第一次的结果。",
    },
    place: "machine",
    restatedBy: [],
  },
  trustWipedMember: {
    id: "trustWipedMember",
    title: { en: "Trust a wiped member", zh: "信任磁盘被清空的成员" },
    text: {
      en: "A member that lost its disk comes back under its old number and votes as if nothing had happened.",
      zh: "丢失磁盘的成员以原来的编号回来，照常投票，好像什么都没发生过。",
    },
    place: "start",
    restatedBy: ["messages of honest members are sound"],
  },
};
