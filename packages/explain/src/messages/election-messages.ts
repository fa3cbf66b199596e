import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { MessageByType, MessageTellings } from "./message-telling.ts";

type Request = MessageByType["vote"];
type Reply = MessageByType["voteReply"];

/** Only a campaign that the leader asked for gets past those who still hear from it. */
function orderedEn(m: Request): string {
  return m.transfer ? "; the leader itself asked for this election" : "";
}

function orderedZh(m: Request): string {
  return m.transfer ? "；这次选举由领导者本人要求" : "";
}

function askedEn(m: Request, w: English): string {
  return `its log ${w.end(m.last)}${orderedEn(m)}`;
}

function askedZh(m: Request, w: Chinese): string {
  return `自己的日志${w.end(m.last)}${orderedZh(m)}`;
}

/** A refusal also tells what the sender knows to be committed. */
function committedEn({ committed }: Reply, w: English): string {
  return committed === undefined || committed.index === 0
    ? ""
    : `; it knows everything up to ${w.position(committed)} to be committed`;
}

function committedZh({ committed }: Reply, w: Chinese): string {
  return committed === undefined || committed.index === 0
    ? ""
    : `；据它所知已提交到${w.position(committed)}`;
}

/** What members say to each other about who should lead. */
export const ELECTION_MESSAGES: MessageTellings<
  "vote" | "preVote" | "voteReply" | "preVoteReply" | "timeoutNow" | "forwardTransfer"
> = {
  vote: {
    rule: "majorityElects",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} asks ${w.member(m.to)} for its vote in term ${m.term}; ${askedEn(m, w)}`,
    zh: (m, w) =>
      `${w.member(m.from)}请求${w.member(m.to)}在任期${m.term}中投票给它；${askedZh(m, w)}`,
  },
  preVote: {
    rule: "preVote",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} asks ${w.member(m.to)} whether it would vote for it in term ${m.term}; ${askedEn(m, w)}`,
    zh: (m, w) =>
      `${w.member(m.from)}询问${w.member(m.to)}是否愿意在任期${m.term}中投票给它；${askedZh(m, w)}`,
  },
  voteReply: {
    rule: (m) => {
      if (m.granted) return "oneVotePerTerm";
      return m.committed === undefined ? "majorityElects" : "refusalTellsCommit";
    },
    importance: "routine",
    en: (m, w) =>
      m.granted
        ? `${w.subject(m.from)} gives ${w.member(m.to)} its vote in term ${m.term}`
        : `${w.subject(m.from)}, in term ${m.term}, refuses ${w.member(m.to)} its vote${committedEn(m, w)}`,
    zh: (m, w) =>
      m.granted
        ? `${w.member(m.from)}把任期${m.term}的一票投给${w.member(m.to)}`
        : `处于任期${m.term}的${w.member(m.from)}拒绝投票给${w.member(m.to)}${committedZh(m, w)}`,
  },
  preVoteReply: {
    rule: "preVote",
    importance: "routine",
    en: (m, w) =>
      m.granted
        ? `${w.subject(m.from)} would vote for ${w.member(m.to)} in term ${m.term}`
        : `${w.subject(m.from)}, in term ${m.term}, would not vote for ${w.member(m.to)}${committedEn(m, w)}`,
    zh: (m, w) =>
      m.granted
        ? `${w.member(m.from)}愿意在任期${m.term}中投票给${w.member(m.to)}`
        : `处于任期${m.term}的${w.member(m.from)}不愿意投票给${w.member(m.to)}${committedZh(m, w)}`,
  },
  timeoutNow: {
    rule: "leadershipTransfer",
    importance: "notable",
    en: (m, w) =>
      `${w.subject(m.from)}, the leader of term ${m.term}, tells ${w.member(m.to)} to campaign at once and take over`,
    zh: (m, w) => `任期${m.term}的领导者${w.member(m.from)}让${w.member(m.to)}立即参选并接任`,
  },
  forwardTransfer: {
    rule: "routing",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} passes on to ${w.member(m.to)}, the leader of term ${m.term}, that ${w.member(m.target)} should lead next`,
    zh: (m, w) =>
      `${w.member(m.from)}向任期${m.term}的领导者${w.member(m.to)}转交请求：希望由${w.member(m.target)}接任领导者`,
  },
};
