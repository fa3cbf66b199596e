import type {
  LogIndex,
  MemberId,
  Membership,
  RefusalReason,
  RefusedChange,
  Term,
} from "@quorate/core";
import { NOBODY } from "@quorate/core";
import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { RuleId } from "../rules/rule-id.ts";
import type { FactTellings } from "./fact-telling.ts";

interface CallRefused {
  readonly member: MemberId;
  readonly term: Term;
  readonly reason: RefusalReason;
  /** Who leads, 0 for nobody known. */
  readonly leader: MemberId;
  /** Who leadership is being handed to, 0 for nobody. */
  readonly transferee: MemberId;
  readonly uncommittedBytes: number;
  /** Is the member that refused in its group? If so, `notMember` speaks of the member that the call named. */
  readonly inGroup: boolean;
}

interface ChangeRefused {
  readonly member: MemberId;
  readonly term: Term;
  readonly reason: RefusedChange["reason"];
  readonly pendingIndex: LogIndex;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  readonly membership: Membership;
}

/** Why a call, or a change of membership in it, was refused. */
export interface RefusalFacts {
  callRefused: CallRefused;
  changeRefused: ChangeRefused;
}

const CALL_EN: Readonly<Record<RefusalReason, (f: CallRefused, w: English) => string>> = {
  noLeader: (f) => `it knows no leader in term ${f.term}; try again when there is one`,
  notLeader: (f, w) =>
    f.leader === NOBODY
      ? `it does not lead term ${f.term}`
      : `it does not lead term ${f.term}; ask ${w.member(f.leader)}, which does`,
  transferInProgress: (f, w) =>
    f.transferee === NOBODY
      ? `leadership of term ${f.term} was being handed over at that moment; try again`
      : `leadership of term ${f.term} is being handed to ${w.member(f.transferee)}; try again when that is done`,
  notMember: (f) =>
    f.inGroup
      ? `the call names somebody who is no voter of the group in term ${f.term}`
      : `it does not belong to the group (term ${f.term}); ask a member`,
  quotaExceeded: (f, w) =>
    `too much work waits already in term ${f.term} (${w.bytes(f.uncommittedBytes)} of entries at the leader); try again later`,
  leaseUnavailable: (f) =>
    `its settings allow no reads under a lease (term ${f.term}); ask for a read that a majority confirms`,
  stopped: (f) => `it stopped in term ${f.term} because of a defect and must be looked at`,
};

const CALL_ZH: Readonly<Record<RefusalReason, (f: CallRefused, w: Chinese) => string>> = {
  noLeader: (f) => `任期${f.term}中没有已知的领导者；有领导者之后请重试`,
  notLeader: (f, w) =>
    f.leader === NOBODY
      ? `它不是任期${f.term}的领导者`
      : `它不是任期${f.term}的领导者；请改向领导者${w.member(f.leader)}请求`,
  transferInProgress: (f, w) =>
    f.transferee === NOBODY
      ? `当时正在移交任期${f.term}的领导权；请重试`
      : `正在向${w.member(f.transferee)}移交任期${f.term}的领导权；完成之后请重试`,
  notMember: (f) =>
    f.inGroup
      ? `调用所指定的成员不是任期${f.term}中本集群的投票成员`
      : `它不属于本集群（任期${f.term}）；请改向集群成员请求`,
  quotaExceeded: (f) =>
    `任期${f.term}中等待的工作已经太多（领导者处有${f.uncommittedBytes}字节的条目）；请稍后重试`,
  leaseUnavailable: (f) => `它的设置不允许凭租约读取（任期${f.term}）；请改用由多数派确认的读请求`,
  stopped: (f) => `它在任期${f.term}中因缺陷而停止，须人工检查`,
};

const CALL_RULE: Readonly<Record<RefusalReason, RuleId>> = {
  noLeader: "routing",
  notLeader: "routing",
  transferInProgress: "leadershipTransfer",
  notMember: "onlyMembers",
  quotaExceeded: "boundedWork",
  leaseUnavailable: "leaseRead",
  stopped: "invariants",
};

const CHANGE_EN: Readonly<
  Record<ChangeRefused["reason"], (f: ChangeRefused, w: English) => string>
> = {
  changePending: (f, w) => {
    const state =
      f.pendingIndex > f.commit
        ? `is not committed yet (${w.committed(f.commit)})`
        : f.pendingIndex > f.applied
          ? `is committed but not applied yet (${w.applied(f.applied)})`
          : `has been applied in the meantime (${w.applied(f.applied)}), so it can be asked for again`;
    return `an earlier change may stand at or before index ${f.pendingIndex}, which ${state}`;
  },
  mustLeaveJoint: (f, w) =>
    `the group was in a joint state, which must end first (now: ${w.membership(f.membership)})`,
  notJoint: (f, w) =>
    `it asks to leave a joint state, and there was none (now: ${w.membership(f.membership)})`,
  invalid: (f, w) =>
    `it cannot be carried out on this membership, for example because no voter would remain (now: ${w.membership(f.membership)})`,
};

const CHANGE_ZH: Readonly<
  Record<ChangeRefused["reason"], (f: ChangeRefused, w: Chinese) => string>
> = {
  changePending: (f, w) => {
    const state =
      f.pendingIndex > f.commit
        ? `尚未提交（${w.committed(f.commit)}）`
        : f.pendingIndex > f.applied
          ? `已提交但尚未应用（${w.applied(f.applied)}）`
          : `其间已经应用（${w.applied(f.applied)}），可以重新请求`;
    return `索引${f.pendingIndex}处或之前可能还有较早的变更，它${state}`;
  },
  mustLeaveJoint: (f, w) =>
    `当时集群处于联合状态，须先结束该状态（现在：${w.membership(f.membership)}）`,
  notJoint: (f, w) =>
    `它要求离开联合状态，而当时并不存在联合状态（现在：${w.membership(f.membership)}）`,
  invalid: (f, w) =>
    `它无法在当前成员名单上执行，例如会使投票成员一个不剩（现在：${w.membership(f.membership)}）`,
};

const CHANGE_RULE: Readonly<Record<ChangeRefused["reason"], RuleId>> = {
  changePending: "oneChangeAtATime",
  mustLeaveJoint: "jointConsensus",
  notJoint: "jointConsensus",
  invalid: "membershipInForce",
};

export const REFUSAL_TELLINGS: FactTellings<RefusalFacts> = {
  callRefused: {
    rule: (f) => CALL_RULE[f.reason],
    importance: (f) => (f.reason === "stopped" ? "warning" : "notable"),
    en: (f, w) =>
      `${w.subject(f.member)} refused the call, and nothing was changed: ${CALL_EN[f.reason](f, w)}`,
    zh: (f, w) => `${w.member(f.member)}拒绝了调用，没有作任何改动：${CALL_ZH[f.reason](f, w)}`,
  },
  changeRefused: {
    rule: (f) => CHANGE_RULE[f.reason],
    importance: "notable",
    en: (f, w) =>
      `${w.subject(f.member)} refused the change of membership in term ${f.term}: ${CHANGE_EN[f.reason](f, w)}`,
    zh: (f, w) =>
      `${w.member(f.member)}在任期${f.term}中拒绝了成员变更：${CHANGE_ZH[f.reason](f, w)}`,
  },
};
