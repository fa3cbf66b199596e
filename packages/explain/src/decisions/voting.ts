import { NOBODY } from "@quorate/core";
import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Granted = DecisionByType["voteGranted"];
type Refused = DecisionByType["voteRefused"];

/** How two logs compare, when the own one is the newer. */
function newerEn(d: Refused, w: English): string {
  const [own, theirs] = [w.position(d.last), w.position(d.candidateLast)];
  return d.last.term === d.candidateLast.term
    ? `its own log ends later ${own} than the candidate's ${theirs}`
    : `its own log ends in a newer term ${own} than the candidate's ${theirs}`;
}

function newerZh(d: Refused, w: Chinese): string {
  const [own, theirs] = [w.position(d.last), w.position(d.candidateLast)];
  return d.last.term === d.candidateLast.term
    ? `自己的日志末尾${own}比候选人的日志末尾${theirs}更靠后`
    : `自己日志末尾${own}的任期比候选人日志末尾${theirs}的更新`;
}

const REFUSAL_EN: Readonly<Record<Refused["reason"], (d: Refused, w: English) => string>> = {
  logBehind: newerEn,
  votedForOther: (d, w) =>
    d.vote === d.id
      ? `in term ${d.term} it votes for itself`
      : `it already gave its vote in term ${d.term} to ${w.member(d.vote)}`,
  leaderKnown: (d, w) => `term ${d.term} already has a leader, ${w.member(d.leader)}`,
  lowerTerm: (d) => `term ${d.candidateTerm} is over, term ${d.term} has begun`,
};

const REFUSAL_ZH: Readonly<Record<Refused["reason"], (d: Refused, w: Chinese) => string>> = {
  logBehind: newerZh,
  votedForOther: (d, w) =>
    d.vote === d.id
      ? `它在任期${d.term}中投票给自己`
      : `它在任期${d.term}中的一票已经投给${w.member(d.vote)}`,
  leaderKnown: (d, w) => `任期${d.term}已有领导者${w.member(d.leader)}`,
  lowerTerm: (d) => `任期${d.candidateTerm}已经过去，现在是任期${d.term}`,
};

const REFUSAL_RULE: Readonly<Record<Refused["reason"], RuleId>> = {
  logBehind: "electionRestriction",
  votedForOther: "oneVotePerTerm",
  leaderKnown: "followTheLeader",
  lowerTerm: "oldTerms",
};

function grantedEn(d: Granted, w: English): string {
  const logs = `the candidate's log, which ${w.end(d.candidateLast)}, is at least as up to date as its own, which ${w.end(d.last)}`;
  if (d.ballot === "preVote") {
    return `${w.subject(d.id)} would vote for ${w.member(d.candidate)} in term ${d.candidateTerm}: ${logs}`;
  }
  const free =
    d.vote === NOBODY
      ? "it had not voted in that term yet"
      : "it had given it this vote before and only repeats it";
  return `${w.subject(d.id)} gave its vote in term ${d.candidateTerm} to ${w.member(d.candidate)}: ${free}, and ${logs}`;
}

function grantedZh(d: Granted, w: Chinese): string {
  const logs = `候选人的日志${w.end(d.candidateLast)}，自己的日志${w.end(d.last)}，前者不比后者旧`;
  if (d.ballot === "preVote") {
    return `${w.member(d.id)}愿意在任期${d.candidateTerm}中投票给${w.member(d.candidate)}：${logs}`;
  }
  const free =
    d.vote === NOBODY ? "它在该任期尚未投票" : "这一票先前已经投给对方，现在只是重复答复";
  return `${w.member(d.id)}把任期${d.candidateTerm}的一票投给${w.member(d.candidate)}：${free}，并且${logs}`;
}

/** Elections from the voter's side. */
export const VOTING: DecisionTellings<"voteGranted" | "voteRefused" | "voteIgnored"> = {
  voteGranted: {
    rule: (d) => (d.ballot === "preVote" ? "preVote" : "electionRestriction"),
    importance: "routine",
    en: grantedEn,
    zh: grantedZh,
  },
  voteRefused: {
    rule: (d) => REFUSAL_RULE[d.reason],
    importance: "notable",
    en: (d, w) => {
      const act = d.ballot === "preVote" ? "would refuse its vote" : "refused its vote";
      return `${w.subject(d.id)} ${act} to ${w.member(d.candidate)} in term ${d.candidateTerm}: ${REFUSAL_EN[d.reason](d, w)}`;
    },
    zh: (d, w) => {
      const act = d.ballot === "preVote" ? "不会投票给" : "拒绝投票给";
      return `${w.member(d.id)}在任期${d.candidateTerm}中${act}${w.member(d.candidate)}：${REFUSAL_ZH[d.reason](d, w)}`;
    },
  },
  voteIgnored: {
    rule: "leaderStickiness",
    importance: "notable",
    en: (d, w) => {
      const request = d.ballot === "preVote" ? "the pre-vote request" : "the vote request";
      const heard =
        d.leader === NOBODY
          ? "it may have heard from a leader shortly before it restarted"
          : `it heard from the leader, ${w.member(d.leader)}, a moment ago`;
      return `${w.subject(d.id)}, in term ${d.term}, ignored ${request} of ${w.member(d.candidate)} for term ${d.candidateTerm}: ${heard} and listens to nobody else for another ${w.ticks(d.remainingTicks)}`;
    },
    zh: (d, w) => {
      const request = d.ballot === "preVote" ? "预投票请求" : "投票请求";
      const heard =
        d.leader === NOBODY
          ? "它重启之前不久可能收到过领导者的消息"
          : `它刚刚收到过领导者${w.member(d.leader)}的消息`;
      return `处于任期${d.term}的${w.member(d.id)}忽略了${w.member(d.candidate)}为任期${d.candidateTerm}发来的${request}：${heard}，在接下来的${d.remainingTicks}个时钟周期内不理会其他候选人`;
    },
  },
};
