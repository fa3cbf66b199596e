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
  append: "an append request",
  appendOk: "an append acknowledgement",
  appendRejected: "an append refusal",
  heartbeat: "a heartbeat",
  heartbeatOk: "a heartbeat answer",
  vote: "a vote request",
  preVote: "a pre-vote request",
  voteReply: "a vote answer",
  preVoteReply: "a pre-vote answer",
  snapshot: "a snapshot",
  timeoutNow: "an order to campaign at once",
  forwardTransfer: "a forwarded request for a handover",
  forwardProposal: "a forwarded proposal",
  readIndex: "a read request",
  readIndexReply: "a read answer",
  unknown: "a message of no known kind",
};

const ROLES: Readonly<Record<Role, string>> = {
  follower: "a follower",
  preCandidate: "a pre-candidate",
  candidate: "a candidate",
  leader: "the leader",
};

/** The phrases from which English sentences are put together. */
export class English {
  readonly #nameOf: MemberNaming | undefined;

  constructor(nameOf?: MemberNaming) {
    this.#nameOf = nameOf;
  }

  /** "member 2", or the name as it is. */
  member(id: MemberId): string {
    return this.#nameOf === undefined ? `member ${id}` : this.#nameOf(id);
  }
  /** The same at the beginning of a sentence. */
  subject(id: MemberId): string {
    return this.#nameOf === undefined ? `Member ${id}` : this.#nameOf(id);
  }
  /** "1, 2 and 3", or "nobody". */
  names(ids: readonly MemberId[]): string {
    const nameOf = this.#nameOf;
    return series(ids.map((id) => (nameOf === undefined ? String(id) : nameOf(id))));
  }
  /** "members 1, 2 and 3", or "nobody". */
  members(ids: readonly MemberId[]): string {
    if (this.#nameOf !== undefined || ids.length === 0) return this.names(ids);
    return `${ids.length === 1 ? "member" : "members"} ${this.names(ids)}`;
  }
  /** "(term 4, index 17)". Index 0 is the place before the first entry. */
  position(place: LogPosition): string {
    return place.index === 0
      ? "the beginning of the log"
      : `(term ${place.term}, index ${place.index})`;
  }
  /** "after (term 4, index 17)". */
  after(place: LogPosition): string {
    return place.index === 0 ? "at the beginning of the log" : `after ${this.position(place)}`;
  }
  /** "its log ends at …" without the subject; an empty log has no end to name. */
  end(last: LogPosition): string {
    return last.index === 0 ? "is empty" : `ends at ${this.position(last)}`;
  }
  /** "everything up to index 28 is committed". */
  committed(index: LogIndex): string {
    return index === 0
      ? "nothing is committed yet"
      : `everything up to index ${index} is committed`;
  }
  /** "everything up to index 26 is applied". */
  applied(index: LogIndex): string {
    return index === 0 ? "nothing is applied yet" : `everything up to index ${index} is applied`;
  }
  /** "entry 5", "entries 5–7". */
  entries(first: LogIndex, last: LogIndex): string {
    return first === last ? `entry ${first}` : `entries ${first}–${last}`;
  }
  /** "1 entry", "2 entries". */
  count(amount: number, one: string, many: string = `${one}s`): string {
    return `${amount} ${amount === 1 ? one : many}`;
  }
  bytes(amount: number): string {
    return this.count(amount, "byte");
  }
  ticks(amount: number): string {
    return this.count(amount, "tick");
  }
  message(type: PeerMessageType | "unknown"): string {
    return MESSAGES[type];
  }
  role(role: Role): string {
    return ROLES[role];
  }
  /** "voters 1, 2 and 3, plus learner 4". */
  membership(membership: Membership): string {
    const { voters, outgoing, learners, learnersNext } = membership;
    const joint =
      outgoing.length > 0 ? ` jointly with the outgoing ${this.#group("voter", outgoing)}` : "";
    const parts = [`${this.#group("voter", voters)}${joint}`];
    if (learners.length > 0) parts.push(this.#group("learner", learners));
    if (learnersNext.length > 0) parts.push(`future ${this.#group("learner", learnersNext)}`);
    return parts.join(", plus ");
  }

  #group(one: string, ids: readonly MemberId[]): string {
    return ids.length === 0
      ? `no ${one}s`
      : `${one}${ids.length === 1 ? "" : "s"} ${this.names(ids)}`;
  }
}

/** "a", "a and b", "a, b and c". */
export function series(parts: readonly string[]): string {
  const last = parts.at(-1);
  if (last === undefined) return "nobody";
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
