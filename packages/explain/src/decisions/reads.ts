import { NOBODY } from "@quorate/core";
import type { Chinese } from "../language/chinese.ts";
import type { English } from "../language/english.ts";
import type { RuleId } from "../rules/rule-id.ts";
import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type Confirmed = DecisionByType["readConfirmed"];
type Refused = DecisionByType["readRefused"];

interface Asked {
  readonly id: number;
  readonly from: number;
  readonly requestId: number;
}

function readEn(d: Asked, w: English): string {
  return d.from === d.id ? `read ${d.requestId}` : `read ${d.requestId} of ${w.member(d.from)}`;
}

function readZh(d: Asked, w: Chinese): string {
  return d.from === d.id ? `读请求${d.requestId}` : `${w.member(d.from)}的读请求${d.requestId}`;
}

const BASIS_EN: Readonly<Record<Confirmed["by"], (d: Confirmed) => string>> = {
  quorum: (d) => `a majority confirmed that it still leads term ${d.term}`,
  lease: (d) => `its lease says that nobody else can lead by now, so term ${d.term} goes on`,
  leaderReply: (d) => `the leader of term ${d.term} answered`,
};

const BASIS_ZH: Readonly<Record<Confirmed["by"], (d: Confirmed) => string>> = {
  quorum: (d) => `多数派确认它仍是任期${d.term}的领导者`,
  lease: (d) => `租约保证此刻没有别的领导者，任期${d.term}仍在继续`,
  leaderReply: (d) => `任期${d.term}的领导者已答复`,
};

const BASIS_RULE: Readonly<Record<Confirmed["by"], RuleId>> = {
  quorum: "readIndex",
  lease: "leaseRead",
  leaderReply: "followerRead",
};

const REFUSAL_EN: Readonly<Record<Refused["reason"], (d: Refused, w: English) => string>> = {
  noLeader: (d) => `it knows no leader in term ${d.term}`,
  notLeader: (d, w) =>
    d.leader === NOBODY
      ? `it does not lead term ${d.term}`
      : `it does not lead term ${d.term}; ${w.member(d.leader)} does`,
  leaseUnavailable: (d) => `its settings allow no reads under a lease (term ${d.term})`,
  quotaExceeded: (d) => `too many reads are waiting already in term ${d.term}`,
};

const REFUSAL_ZH: Readonly<Record<Refused["reason"], (d: Refused, w: Chinese) => string>> = {
  noLeader: (d) => `任期${d.term}中没有已知的领导者`,
  notLeader: (d, w) =>
    d.leader === NOBODY
      ? `它不是任期${d.term}的领导者`
      : `它不是任期${d.term}的领导者，领导者是${w.member(d.leader)}`,
  leaseUnavailable: (d) => `它的设置不允许凭租约读取（任期${d.term}）`,
  quotaExceeded: (d) => `任期${d.term}中等待的读请求已经太多`,
};

const REFUSAL_RULE: Readonly<Record<Refused["reason"], RuleId>> = {
  noLeader: "routing",
  notLeader: "routing",
  leaseUnavailable: "leaseRead",
  quotaExceeded: "boundedWork",
};

/** Reads that never see old data. */
export const READS: DecisionTellings<
  | "readQueued"
  | "readStarted"
  | "readConfirmed"
  | "readForwarded"
  | "readRefused"
  | "readsAbandoned"
> = {
  readQueued: {
    rule: "readAfterOwnCommit",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} lets ${readEn(d, w)} wait: as the new leader of term ${d.term} it knows what is committed only when an entry of that term is`,
    zh: (d, w) =>
      `${w.member(d.id)}让${readZh(d, w)}等待：作为任期${d.term}的新领导者，要等本任期的条目提交之后，它才知道哪些内容已经提交`,
  },
  readStarted: {
    rule: "readIndex",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} will answer ${readEn(d, w)} with index ${d.index} once a majority answers round ${d.readSequence} of its heartbeats, or a later one, in term ${d.term}`,
    zh: (d, w) =>
      `在任期${d.term}中，多数派应答第${d.readSequence}轮或更晚的心跳之后，${w.member(d.id)}将以索引${d.index}答复${readZh(d, w)}`,
  },
  readConfirmed: {
    rule: (d) => BASIS_RULE[d.by],
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} says that ${readEn(d, w)} may be served as soon as index ${d.index} is applied: ${BASIS_EN[d.by](d)}`,
    zh: (d, w) =>
      `${w.member(d.id)}确认${readZh(d, w)}在索引${d.index}应用之后即可读取：${BASIS_ZH[d.by](d)}`,
  },
  readForwarded: {
    rule: "followerRead",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} asks ${w.member(d.leader)}, the leader of term ${d.term}, up to which index it must have applied before it may serve read ${d.requestId}`,
    zh: (d, w) =>
      `${w.member(d.id)}询问任期${d.term}的领导者${w.member(d.leader)}：应用到哪个索引之后才能处理读请求${d.requestId}`,
  },
  readRefused: {
    rule: (d) => REFUSAL_RULE[d.reason],
    importance: "notable",
    en: (d, w) => {
      const kind = d.mode === "lease" ? "lease " : "";
      return `${w.subject(d.id)} refused ${kind}${readEn(d, w)}: ${REFUSAL_EN[d.reason](d, w)}`;
    },
    zh: (d, w) => {
      const kind = d.mode === "lease" ? "（租约读）" : "";
      return `${w.member(d.id)}拒绝了${readZh(d, w)}${kind}：${REFUSAL_ZH[d.reason](d, w)}`;
    },
  },
  readsAbandoned: {
    rule: "readIndex",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} gives up ${w.count(d.count, "waiting read")} in term ${d.term}: it no longer has the leadership, or the leader, that they relied on`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中放弃${d.count}个等待中的读请求：它们所依赖的领导权或领导者已经不在`,
  },
};
