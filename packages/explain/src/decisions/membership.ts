import type { MemberAction, MembershipChange, RefusalReason } from "@quorate/core";
import type { Chinese } from "../language/chinese.ts";
import { type English, series } from "../language/english.ts";
import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Refused = DecisionByType["membershipChangeRefused"];

const ACTION_EN: Readonly<Record<MemberAction, (member: string) => string>> = {
  voter: (member) => `make ${member} a voter`,
  learner: (member) => `make ${member} a learner`,
  remove: (member) => `remove ${member}`,
  update: (member) => `update what is known of ${member}`,
};

const ACTION_ZH: Readonly<Record<MemberAction, (member: string) => string>> = {
  voter: (member) => `让${member}成为投票成员`,
  learner: (member) => `让${member}成为学习者`,
  remove: (member) => `移除${member}`,
  update: (member) => `更新${member}的信息`,
};

function changeEn(change: MembershipChange, w: English): string {
  if (change.steps.length === 0) return "leave the joint state";
  return series(change.steps.map((step) => ACTION_EN[step.action](w.member(step.member))));
}

function changeZh(change: MembershipChange, w: Chinese): string {
  if (change.steps.length === 0) return "离开联合状态";
  return change.steps.map((step) => ACTION_ZH[step.action](w.member(step.member))).join("、");
}

const REFUSAL_EN: Readonly<Record<Refused["reason"], (d: Refused, w: English) => string>> = {
  changePending: (d) =>
    `an earlier change may stand at or before index ${d.pendingIndex}, and it has applied its log only up to index ${d.applied}`,
  mustLeaveJoint: (d, w) =>
    `the joint state (${w.membership(d.membership)}) must be left before anything else changes`,
  notJoint: (d, w) => `there is no joint state to leave (${w.membership(d.membership)})`,
  invalid: (d) => `the change itself is wrong: “${d.detail}”`,
};

const REFUSAL_ZH: Readonly<Record<Refused["reason"], (d: Refused, w: Chinese) => string>> = {
  changePending: (d) =>
    `索引${d.pendingIndex}处或之前可能还有较早的变更，而目前只应用到索引${d.applied}`,
  mustLeaveJoint: (d, w) => `须先离开联合状态（${w.membership(d.membership)}）才能再作变更`,
  notJoint: (d, w) => `当前没有可离开的联合状态（${w.membership(d.membership)}）`,
  invalid: (d) => `变更本身有误：“${d.detail}”`,
};

const REFUSAL_RULE: Readonly<Record<Refused["reason"], RuleId>> = {
  changePending: "oneChangeAtATime",
  mustLeaveJoint: "jointConsensus",
  notJoint: "jointConsensus",
  invalid: "membershipInForce",
};

const CALL_EN: Readonly<Record<RefusalReason, string>> = {
  noLeader: "nobody leads",
  notLeader: "it leads no longer",
  transferInProgress: "it is handing over leadership",
  notMember: "it no longer belongs to the group",
  quotaExceeded: "too many bytes wait to be committed",
  leaseUnavailable: "its lease does not hold",
  stopped: "it has stopped",
};

const CALL_ZH: Readonly<Record<RefusalReason, string>> = {
  noLeader: "目前没有领导者",
  notLeader: "它已不是领导者",
  transferInProgress: "它正在移交领导权",
  notMember: "它已不属于本集群",
  quotaExceeded: "等待提交的字节太多",
  leaseUnavailable: "它的租约无效",
  stopped: "它已停止工作",
};

/** Who belongs to the group, and how that changes. */
export const MEMBERSHIP: DecisionTellings<
  | "membershipSwitched"
  | "membershipChangeRefused"
  | "membershipChangeVoid"
  | "autoLeaveProposed"
  | "autoLeaveRefused"
  | "removedLeaderSteppedDown"
> = {
  membershipSwitched: {
    rule: (d) => (d.membership.outgoing.length > 0 ? "jointConsensus" : "membershipInForce"),
    importance: "notable",
    en: (d, w) => {
      const start = `From now on, in term ${d.term}, the group of ${w.member(d.id)} has ${w.membership(d.membership)}`;
      if (d.membership.outgoing.length === 0) return start;
      const end = d.membership.autoLeave
        ? "the leader ends this joint state by itself"
        : "this joint state lasts until somebody asks for its end";
      return `${start}: every decision needs a majority of the new and a majority of the outgoing voters, and ${end}`;
    },
    zh: (d, w) => {
      const start = `${w.member(d.id)}从现在起（任期${d.term}）采用以下成员名单：${w.membership(d.membership)}`;
      if (d.membership.outgoing.length === 0) return start;
      const end = d.membership.autoLeave
        ? "领导者会自动结束这一状态"
        : "这一状态须另行请求才会结束";
      return `${start}；其间每项决定都需要新、旧投票成员各自的多数同意，${end}`;
    },
  },
  membershipChangeRefused: {
    rule: (d) => REFUSAL_RULE[d.reason],
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, refused to ${changeEn(d.change, w)} and appends an empty entry instead: ${REFUSAL_EN[d.reason](d, w)}`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}拒绝${changeZh(d.change, w)}，改写入一个空条目：${REFUSAL_ZH[d.reason](d, w)}`,
  },
  membershipChangeVoid: {
    rule: "membershipInForce",
    importance: "warning",
    en: (d, w) =>
      `${w.subject(d.id)} cannot carry out the committed change of membership at index ${d.index} (“${d.detail}”): on every member alike it changes nothing, and the group keeps ${w.membership(d.membership)}`,
    zh: (d, w) =>
      `${w.member(d.id)}无法执行索引${d.index}处已提交的成员变更（“${d.detail}”）：所有成员都同样不作改动，成员名单仍为${w.membership(d.membership)}`,
  },
  autoLeaveProposed: {
    rule: "jointConsensus",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, proposes with entry ${d.index} to leave the joint state (${w.membership(d.membership)})`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}以条目${d.index}提议离开联合状态（${w.membership(d.membership)}）`,
  },
  autoLeaveRefused: {
    rule: "jointConsensus",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} cannot propose to leave the joint state (${w.membership(d.membership)}) in term ${d.term} yet: ${CALL_EN[d.reason]}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中暂时无法提议离开联合状态（${w.membership(d.membership)}）：${CALL_ZH[d.reason]}`,
  },
  removedLeaderSteppedDown: {
    rule: "removedLeader",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} gives up leadership of term ${d.term}, because it is no voter any more: the group now has ${w.membership(d.membership)}`,
    zh: (d, w) =>
      `${w.member(d.id)}不再是投票成员，因此放弃任期${d.term}的领导权：集群现有${w.membership(d.membership)}`,
  },
};
