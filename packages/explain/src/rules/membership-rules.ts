import type { RuleTable } from "./rule.ts";
import type { MembershipRuleId } from "./rule-id.ts";

export const MEMBERSHIP_RULES: RuleTable<MembershipRuleId> = {
  membershipInForce: {
    name: { en: "Membership is part of the log", zh: "成员名单由日志决定" },
    source: "Raft",
    section: "6",
    statement: {
      en: "A change of membership is an entry like any other. In the paper a member uses the new membership as soon as the entry is in its log; Quorate waits until the entry is committed and applied, and accepts only one change at a time, which keeps old and new majorities overlapping too.",
      zh: "成员变更与其他条目一样写入日志。论文规定，条目一进入日志，成员就采用新名单；Quorate 则等到条目提交并应用之后才生效，同时一次只接受一项变更，这样新旧多数派同样始终有交集。",
    },
  },
  oneChangeAtATime: {
    name: { en: "One change at a time", zh: "一次只做一项变更" },
    source: "Ongaro",
    section: "4.1",
    statement: {
      en: "A change of membership is refused while an earlier one may still be under way. Two changes at once could produce two majorities without a common member, and thus two leaders.",
      zh: "前一项成员变更可能尚未完成时，新的变更会被拒绝。两项变更同时进行，可能产生没有共同成员的两个多数派，进而出现两个领导者。",
    },
  },
  jointConsensus: {
    name: { en: "Joint consensus", zh: "联合共识" },
    source: "Raft",
    section: "6",
    statement: {
      en: "To replace several voters at once the group passes through a joint state, in which every decision needs a majority of the old voters and a majority of the new ones. A second entry ends that state; the leader proposes it by itself unless it was asked not to.",
      zh: "要一次替换多个投票成员，集群须先进入联合状态：此时每项决定都需要旧投票成员的多数和新投票成员的多数同时同意。第二个条目结束这一状态；除非另有要求，领导者会自动提出。",
    },
  },
  learners: {
    name: { en: "Learners", zh: "学习者" },
    source: "Ongaro",
    section: "4.2.1",
    statement: {
      en: "A learner receives the log but counts in no majority and cannot lead. New members start this way, so that an empty log does not slow down the group; they become voters when they have caught up.",
      zh: "学习者接收日志，但不计入任何多数派，也不能成为领导者。新成员以学习者身份加入，空日志就不会拖慢集群；追上之后再转为投票成员。",
    },
  },
  removedLeader: {
    name: { en: "A removed leader steps down", zh: "被移除的领导者退位" },
    source: "Ongaro",
    section: "4.2.2",
    statement: {
      en: "A leader may manage its own removal. When that change is in force, it is no voter any more and gives up its office.",
      zh: "领导者可以主持对自己的移除。变更生效后，它不再是投票成员，于是放弃领导权。",
    },
  },
  onlyMembers: {
    name: { en: "Only members count", zh: "只认集群成员" },
    source: "Ongaro",
    section: "4.2.3",
    statement: {
      en: "Answers count only if they come from members. Those of somebody who was removed, or never belonged to the group, are dropped.",
      zh: "只有成员的应答才算数。来自已被移除者或从未属于集群者的应答会被丢弃。",
    },
  },
};
