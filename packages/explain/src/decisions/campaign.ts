import type { CampaignReason } from "@quorate/core";
import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Refused = DecisionByType["campaignRefused"];
type RefusedReason = Refused["reason"];

const CAUSE_EN: Readonly<Record<CampaignReason, string>> = {
  timeout: "it heard from no leader for a whole election time-out",
  requested: "it was asked to campaign",
  transfer: "the leader is handing over to it",
  preVoteWon: "a majority said that it would vote for it",
};

const CAUSE_ZH: Readonly<Record<CampaignReason, string>> = {
  timeout: "在整个选举超时期间没有收到领导者的消息",
  requested: "收到参选请求",
  transfer: "领导者要向它移交领导权",
  preVoteWon: "多数派表示愿意投票给它",
};

const BAR_EN: Readonly<Record<RefusedReason, (d: Refused) => string>> = {
  alreadyLeader: (d) => `it leads term ${d.term} already`,
  notMember: () => "it does not belong to the group",
  learner: () => "as a learner it receives the log but cannot lead",
  installingSnapshot: () => "the snapshot that it received is not installed yet",
  membershipChangePending: (d) =>
    `the change of membership at index ${d.pendingIndex} is committed but not applied here, so it may not know whose votes count`,
  leaderLease: () =>
    "the leader was heard from less than an election time-out ago and may be answering reads, relying on nobody taking over",
};

const BAR_ZH: Readonly<Record<RefusedReason, (d: Refused) => string>> = {
  alreadyLeader: (d) => `它已经是任期${d.term}的领导者`,
  notMember: () => "它不属于本集群",
  learner: () => "它是学习者，只接收日志，不能担任领导者",
  installingSnapshot: () => "收到的快照尚未安装完成",
  membershipChangePending: (d) =>
    `索引${d.pendingIndex}处的成员变更已提交但尚未在本地应用，它可能不知道谁的选票有效`,
  leaderLease: () => "不到一个选举超时之前还收到过领导者的消息，而领导者可能正凭租约答复读请求",
};

const BAR_RULE: Readonly<Record<RefusedReason, RuleId>> = {
  alreadyLeader: "whoMayCampaign",
  notMember: "whoMayCampaign",
  learner: "learners",
  installingSnapshot: "whoMayCampaign",
  membershipChangePending: "whoMayCampaign",
  leaderLease: "leaseRead",
};

const START_RULE: Readonly<Record<CampaignReason, RuleId>> = {
  timeout: "electionTimeout",
  requested: "majorityElects",
  transfer: "leadershipTransfer",
  preVoteWon: "preVote",
};

/** Elections from the candidate's side. */
export const CAMPAIGN: DecisionTellings<
  "campaignRefused" | "electionStarted" | "voteRequested" | "voteCounted" | "electionDecided"
> = {
  campaignRefused: {
    rule: (d) => BAR_RULE[d.reason],
    importance: (d) => (d.campaign === "timeout" ? "routine" : "notable"),
    en: (d, w) =>
      `${w.subject(d.id)} starts no election in term ${d.term}, although ${CAUSE_EN[d.campaign]}: ${BAR_EN[d.reason](d)}`,
    zh: (d, w) =>
      `尽管${CAUSE_ZH[d.campaign]}，${w.member(d.id)}在任期${d.term}中并未发起选举：${BAR_ZH[d.reason](d)}`,
  },
  electionStarted: {
    rule: (d) => START_RULE[d.campaign],
    importance: "notable",
    en: (d, w) =>
      d.ballot === "preVote"
        ? `${w.subject(d.id)} starts a pre-vote in term ${d.term}, because ${CAUSE_EN[d.campaign]}: it asks the voters whether it could win term ${d.term + 1}, which disturbs nobody`
        : `${w.subject(d.id)} starts an election, because ${CAUSE_EN[d.campaign]}: it leaves term ${d.term} and asks for votes in term ${d.term + 1}`,
    zh: (d, w) =>
      d.ballot === "preVote"
        ? `由于${CAUSE_ZH[d.campaign]}，${w.member(d.id)}在任期${d.term}中发起预投票：询问投票成员自己能否赢得任期${d.term + 1}，不打扰任何成员`
        : `由于${CAUSE_ZH[d.campaign]}，${w.member(d.id)}发起选举：离开任期${d.term}，在任期${d.term + 1}中拉票`,
  },
  voteRequested: {
    rule: (d) => (d.ballot === "preVote" ? "preVote" : "majorityElects"),
    importance: "routine",
    en: (d, w) =>
      d.ballot === "preVote"
        ? `${w.subject(d.id)}, still in term ${d.term}, asks ${w.member(d.to)} whether it would vote for it in term ${d.term + 1}; its log ${w.end(d.last)}`
        : `${w.subject(d.id)} asks ${w.member(d.to)} for its vote in term ${d.term}; its log ${w.end(d.last)}`,
    zh: (d, w) =>
      d.ballot === "preVote"
        ? `仍处于任期${d.term}的${w.member(d.id)}询问${w.member(d.to)}是否愿意在任期${d.term + 1}中投票给它；它的日志${w.end(d.last)}`
        : `${w.member(d.id)}请求${w.member(d.to)}在任期${d.term}中投票给它；它的日志${w.end(d.last)}`,
  },
  voteCounted: {
    rule: (d) => (d.ballot === "preVote" ? "preVote" : "majorityElects"),
    importance: "routine",
    en: (d, w) => {
      const tally = `${d.grants} in favour and ${d.refusals} against`;
      if (!d.first) {
        return `${w.subject(d.id)} got another answer from ${w.member(d.from)}, but only the first one of each voter counts: it remains ${tally}`;
      }
      const term = d.ballot === "preVote" ? d.term + 1 : d.term;
      const kind = d.ballot === "preVote" ? "pre-vote" : "vote";
      const answer = d.granted ? `the ${kind}` : `the refused ${kind}`;
      const whose = d.from === d.id ? `its own ${kind}` : `${answer} of ${w.member(d.from)}`;
      return `${w.subject(d.id)} counts ${whose} for term ${term}: so far ${tally}`;
    },
    zh: (d, w) => {
      const tally = `${d.grants}票赞成，${d.refusals}票反对`;
      if (!d.first) {
        return `${w.member(d.id)}又收到${w.member(d.from)}的答复，但每个投票成员只计第一次：仍是${tally}`;
      }
      const term = d.ballot === "preVote" ? d.term + 1 : d.term;
      const kind = d.ballot === "preVote" ? "预投票" : "";
      const answer = d.granted ? "赞成票" : "反对票";
      const whose = d.from === d.id ? "自己" : w.member(d.from);
      return `${w.member(d.id)}计入${whose}对任期${term}的${kind}${answer}：目前${tally}`;
    },
  },
  electionDecided: {
    rule: (d) => (d.ballot === "preVote" ? "preVote" : "majorityElects"),
    importance: "notable",
    en: (d, w) => {
      const won = d.outcome === "won";
      if (d.ballot === "preVote") {
        return won
          ? `${w.subject(d.id)} won the pre-vote in term ${d.term}: a majority of the voters would elect it in term ${d.term + 1}`
          : `${w.subject(d.id)} lost the pre-vote in term ${d.term}: so many voters refused that no majority is left which could elect it in term ${d.term + 1}`;
      }
      return won
        ? `${w.subject(d.id)} won the election of term ${d.term}: a majority of the voters gave it their vote`
        : `${w.subject(d.id)} lost the election of term ${d.term}: so many voters refused that no majority is left which could elect it`;
    },
    zh: (d, w) => {
      const won = d.outcome === "won";
      if (d.ballot === "preVote") {
        return won
          ? `${w.member(d.id)}在任期${d.term}中赢得预投票：多数投票成员愿意在任期${d.term + 1}中选它`
          : `${w.member(d.id)}在任期${d.term}中输掉预投票：拒绝的成员太多，已不可能有多数派在任期${d.term + 1}中选它`;
      }
      return won
        ? `${w.member(d.id)}赢得任期${d.term}的选举：多数投票成员把票投给了它`
        : `${w.member(d.id)}输掉任期${d.term}的选举：拒绝的成员太多，已不可能得到多数票`;
    },
  },
};
