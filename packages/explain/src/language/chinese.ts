import type {
  LogIndex,
  LogPosition,
  MemberId,
  Membership,
  PeerMessageType,
  Role,
} from "@quorate/core";
import type { MemberNaming } from "./naming.ts";

const MESSAGES: Readonly<Record<PeerMessageType | "unknown", string>> = {
  append: "追加请求",
  appendOk: "追加确认",
  appendRejected: "追加拒绝",
  heartbeat: "心跳",
  heartbeatOk: "心跳应答",
  vote: "投票请求",
  preVote: "预投票请求",
  voteReply: "投票应答",
  preVoteReply: "预投票应答",
  snapshot: "快照",
  timeoutNow: "立即参选指令",
  forwardTransfer: "转交的领导权移交请求",
  forwardProposal: "转交的提案",
  readIndex: "读请求",
  readIndexReply: "读应答",
  unknown: "种类不明的消息",
};

const ROLES: Readonly<Record<Role, string>> = {
  follower: "跟随者",
  preCandidate: "预候选人",
  candidate: "候选人",
  leader: "领导者",
};

/** The phrases from which Chinese sentences are put together; `spaced` sets the spaces around digits at the end. */
export class Chinese {
  readonly #nameOf: MemberNaming | undefined;

  constructor(nameOf?: MemberNaming) {
    this.#nameOf = nameOf;
  }

  /** "成员 2", or the name as it is. */
  member(id: MemberId): string {
    return this.#nameOf === undefined ? `成员${id}` : this.#nameOf(id);
  }
  /** "1、2、3", or "无". */
  names(ids: readonly MemberId[]): string {
    const nameOf = this.#nameOf;
    if (ids.length === 0) return "无";
    return ids.map((id) => (nameOf === undefined ? String(id) : nameOf(id))).join("、");
  }
  /** "成员 1、2、3", or "无". */
  members(ids: readonly MemberId[]): string {
    if (this.#nameOf !== undefined || ids.length === 0) return this.names(ids);
    return `成员${this.names(ids)}`;
  }
  /** "（任期 4，索引 17）". Index 0 is the place before the first entry. */
  position(place: LogPosition): string {
    return place.index === 0 ? "日志开头" : `（任期${place.term}，索引${place.index}）`;
  }
  /** "接在（任期 4，索引 17）之后", for what follows there. */
  following(place: LogPosition): string {
    return place.index === 0 ? "从日志开头起" : `接在${this.position(place)}之后`;
  }
  /** Follows "日志": an empty log has no end to name. */
  end(last: LogPosition): string {
    return last.index === 0 ? "为空" : `末尾为${this.position(last)}`;
  }
  /** "已提交到索引 28". */
  committed(index: LogIndex): string {
    return index === 0 ? "尚无条目提交" : `已提交到索引${index}`;
  }
  /** "已应用到索引 26". */
  applied(index: LogIndex): string {
    return index === 0 ? "尚未应用任何条目" : `已应用到索引${index}`;
  }
  /** "条目 5", "条目 5–7". */
  entries(first: LogIndex, last: LogIndex): string {
    return first === last ? `条目${first}` : `条目${first}–${last}`;
  }
  message(type: PeerMessageType | "unknown"): string {
    return MESSAGES[type];
  }
  role(role: Role): string {
    return ROLES[role];
  }
  /** "投票成员 1、2、3，学习者 4". */
  membership(membership: Membership): string {
    const { voters, outgoing, learners, learnersNext } = membership;
    const joint = outgoing.length > 0 ? `与原投票成员${this.names(outgoing)}联合` : "";
    const parts = [
      `${voters.length === 0 ? "没有投票成员" : `投票成员${this.names(voters)}`}${joint}`,
    ];
    if (learners.length > 0) parts.push(`学习者${this.names(learners)}`);
    if (learnersNext.length > 0) parts.push(`即将转为学习者的${this.members(learnersNext)}`);
    return parts.join("，");
  }
}

const HAN_BEFORE_LATIN = /(\p{Script=Han})([A-Za-z0-9])/gu;
const LATIN_BEFORE_HAN = /([A-Za-z0-9])(\p{Script=Han})/gu;

/** Sets a space between Chinese characters and Latin letters or digits, as Chinese technical writing does. */
export function spaced(text: string): string {
  return text.replace(HAN_BEFORE_LATIN, "$1 $2").replace(LATIN_BEFORE_HAN, "$1 $2");
}
