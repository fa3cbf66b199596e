import { NOBODY, type Role } from "@quorate/core";
import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type BecameFollower = DecisionByType["becameFollower"];

const FORMER_EN: Readonly<Record<Role, string>> = {
  follower: "",
  preCandidate: " gives up its pre-vote and",
  candidate: " gives up its candidacy and",
  leader: " leads no longer and",
};

const FORMER_ZH: Readonly<Record<Role, string>> = {
  follower: "",
  preCandidate: "放弃预投票，",
  candidate: "放弃竞选，",
  leader: "不再是领导者，",
};

function followingEn(d: BecameFollower, w: English): string {
  const former = `${w.subject(d.id)}${FORMER_EN[d.previous]}`;
  return d.leader === NOBODY
    ? `${former} is a follower in term ${d.term}, in which it knows no leader yet`
    : `${former} follows ${w.member(d.leader)}, the leader of term ${d.term}`;
}

function followingZh(d: BecameFollower, w: Chinese): string {
  const former = `${w.member(d.id)}${FORMER_ZH[d.previous]}`;
  return d.leader === NOBODY
    ? `${former}在任期${d.term}中是跟随者，尚不知道该任期的领导者`
    : `${former}跟随任期${d.term}的领导者${w.member(d.leader)}`;
}

type QuorumLost = DecisionByType["quorumLost"];

function heardEn(d: QuorumLost, w: English): string {
  const others = d.active.filter((member) => member !== d.id);
  const counted = d.active.includes(d.id);
  if (others.length === 0) return `it heard from no ${counted ? "other " : ""}voter`;
  const itself = counted ? " and itself" : "";
  return `it counted only ${w.members(others)}${itself} as alive among the voters`;
}

function heardZh(d: QuorumLost, w: Chinese): string {
  const others = d.active.filter((member) => member !== d.id);
  const counted = d.active.includes(d.id);
  if (others.length === 0) return `没有收到任何${counted ? "其他" : ""}投票成员的消息`;
  const itself = counted ? "和它自己" : "";
  return `仍有联系的投票成员只有${w.members(others)}${itself}`;
}

/** Who a member is: its role, its term, and how long it waits for a leader. */
export const ROLES: DecisionTellings<
  | "timeoutDrawn"
  | "becameFollower"
  | "becamePreCandidate"
  | "becameCandidate"
  | "becameLeader"
  | "higherTermSeen"
  | "lowerTermIgnored"
  | "staleLeaderAnswered"
  | "quorumLost"
  | "quorumConfirmed"
  | "leaderForgotten"
  | "forgetLeaderRefused"
> = {
  timeoutDrawn: {
    rule: "electionTimeout",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} drew a new random election time-out of ${w.ticks(d.ticks)}: unless it hears from a leader before they pass, it asks for votes itself`,
    zh: (d, w) =>
      `${w.member(d.id)}随机抽取了新的选举超时，为${d.ticks}个时钟周期：如果其间没有收到领导者的消息，它就自己参选`,
  },
  becameFollower: {
    rule: "followTheLeader",
    importance: (d) => (d.previous === "leader" ? "notable" : "routine"),
    en: followingEn,
    zh: followingZh,
  },
  becamePreCandidate: {
    rule: "preVote",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} is a pre-candidate: it stays in term ${d.term} while it asks whether it could win term ${d.term + 1}`,
    zh: (d, w) =>
      `${w.member(d.id)}成为预候选人：先留在任期${d.term}，询问自己能否赢得任期${d.term + 1}`,
  },
  becameCandidate: {
    rule: "majorityElects",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} is a candidate: it opened term ${d.term} and votes for itself`,
    zh: (d, w) => `${w.member(d.id)}成为候选人：开启任期${d.term}，并投票给自己`,
  },
  becameLeader: {
    rule: "openingEntry",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} is the leader of term ${d.term} and opens it with an empty entry at index ${d.noop}, because earlier entries can be committed only together with one of its own term`,
    zh: (d, w) =>
      `${w.member(d.id)}成为任期${d.term}的领导者，并在索引${d.noop}处写入一个空条目，因为旧任期的条目只能随本任期的条目一起提交`,
  },
  higherTermSeen: {
    rule: "terms",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} leaves term ${d.term} for term ${d.messageTerm}, which ${w.message(d.message)} from ${w.member(d.from)} told it of`,
    zh: (d, w) =>
      `${w.member(d.id)}从任期${d.term}进入任期${d.messageTerm}：${w.member(d.from)}发来的${w.message(d.message)}带有这个更新的任期`,
  },
  lowerTermIgnored: {
    rule: "oldTerms",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} ignored ${w.message(d.message)} from ${w.member(d.from)}: it belongs to term ${d.messageTerm}, and term ${d.term} has begun since`,
    zh: (d, w) =>
      `${w.member(d.id)}忽略了${w.member(d.from)}发来的${w.message(d.message)}：它属于任期${d.messageTerm}，而现在已是任期${d.term}`,
  },
  staleLeaderAnswered: {
    rule: "oldTerms",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} did not accept ${w.message(d.message)} from ${w.member(d.from)}, the leader of term ${d.messageTerm}, and answered that term ${d.term} has begun, so that the two agree on a term again`,
    zh: (d, w) =>
      `${w.member(d.id)}没有接受任期${d.messageTerm}的领导者${w.member(d.from)}发来的${w.message(d.message)}，并告知对方任期${d.term}已经开始，让双方重新统一任期`,
  },
  quorumLost: {
    rule: "checkQuorum",
    importance: "warning",
    en: (d, w) =>
      `${w.subject(d.id)} gives up leadership of term ${d.term}: within an election time-out ${heardEn(d, w)}, which is no majority`,
    zh: (d, w) =>
      `${w.member(d.id)}放弃任期${d.term}的领导权：在一个选举超时之内，${heardZh(d, w)}，达不到多数`,
  },
  quorumConfirmed: {
    rule: "checkQuorum",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} goes on leading term ${d.term}: ${w.members(d.active)}, a majority of the voters, showed signs of life within the last election time-out`,
    zh: (d, w) =>
      `${w.member(d.id)}继续领导任期${d.term}：在最近一个选举超时之内，${w.members(d.active)}保持联系，构成投票成员的多数`,
  },
  leaderForgotten: {
    rule: "leaderStickiness",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} was told that its leader in term ${d.term}, ${w.member(d.leader)}, is gone: from now on it may vote for another member at once`,
    zh: (d, w) =>
      `${w.member(d.id)}得到通知，任期${d.term}的领导者${w.member(d.leader)}已不可用：从现在起它可以立即投票给其他成员`,
  },
  forgetLeaderRefused: {
    rule: "leaseRead",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} was asked to give up its leader in term ${d.term} but does not: that leader answers reads relying on nobody voting for another for a while`,
    zh: (d, w) =>
      `${w.member(d.id)}收到放弃任期${d.term}现任领导者的请求，但没有照办：领导者在租约期内直接答复读请求，前提是没有成员改投他人`,
  },
};
