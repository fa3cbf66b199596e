import type {
  Entry,
  LogIndex,
  MemberId,
  PeerMessage,
  RaftCore,
  Role,
  VoteRequestMessage,
} from "@quorate/core";
import { decodeMembershipChange } from "@quorate/core";
import type { Companion } from "../session/companion.ts";
import { decodeAddresses } from "../session/companion.ts";
import { WireError } from "../wire/wire-error.ts";
import type { EventFeed } from "./event-feed.ts";
import type { HostMessage } from "./host-message.ts";
import type { MemberAddress } from "./membership-request.ts";

export interface BelongingGroup {
  readonly core: RaftCore;
  readonly self: MemberId;
  readonly role: Role;
  readonly companion: Companion;
  readonly feed: EventFeed;
  readonly log: { readonly lastIndex: LogIndex };
  readonly parts: { onMembers(members: readonly MemberAddress[]): void };
  sendHostMessage(to: MemberId, message: HostMessage): "queued" | "dropped";
  /** This member belongs to the group, or does not any more. */
  belongs(belongs: boolean): void;
}

/** Who belongs to the group: puts changes in force, keeps addresses, and lets those know who were removed. */
export class Belonging {
  readonly #group: BelongingGroup;
  /** A member that joins does not belong to the group at first. */
  #wasMember: boolean;

  constructor(group: BelongingGroup) {
    this.#group = group;
    this.#wasMember = this.#isMember(group.self);
    group.parts.onMembers(group.companion.members);
  }

  /** A change's turn has come. A core that stops over it leaves the companion as it was. */
  apply(entry: Entry): "inForce" | "stopped" {
    const { core, companion } = this.#group;
    const before = companion.members;
    const applied = core.applyMembership(entry);
    if (!applied.ok) return "stopped";
    companion.changeMembership(applied.membership, addressesOf(entry));
    this.changed();
    if (this.#group.role !== "leader") return "inForce";
    for (const { id } of before) if (!this.#isMember(id)) this.#tellRemoved(id, entry.index);
    return "inForce";
  }

  /** The companion holds another membership than before. */
  changed(): void {
    const { membership, members } = this.#group.companion;
    this.#group.parts.onMembers(members);
    this.#group.feed.emit({ type: "membership", membership, members });
    const isMember = this.#isMember(this.#group.self);
    if (isMember || this.#wasMember) this.#group.belongs(isMember);
    this.#wasMember ||= isMember;
  }

  /**
   * A member without any log has never heard a leader, or has lost everything that it once promised: a voter that came
   * back empty under its old number. Members that never met it before cannot tell. It elects nobody until it has a log.
   */
  isTooNewFor({ type }: PeerMessage): boolean {
    return (type === "vote" || type === "preVote") && this.#group.log.lastIndex === 0;
  }

  /** A member that was away when it was removed asks for votes: it gets to know why it will never win. */
  onCandidate(message: VoteRequestMessage): void {
    const { index } = this.#group.companion.position;
    if (this.#isMember(message.from) || message.last.index >= index) return;
    this.#tellRemoved(message.from, index);
  }

  /** Somebody says that as of `index` this member does not belong to the group. */
  onRemoved(index: LogIndex): void {
    if (index > this.#group.companion.position.index) this.#group.belongs(false);
  }

  #tellRemoved(member: MemberId, index: LogIndex): void {
    this.#group.sendHostMessage(member, { type: "removed", index });
  }

  #isMember(member: MemberId): boolean {
    return this.#group.companion.address(member) !== undefined;
  }
}

/** The addresses that a change brings along; none when its context is not ours. */
function addressesOf(entry: Entry): readonly MemberAddress[] {
  const change = decodeMembershipChange(entry.payload);
  if (change === undefined) return [];
  try {
    return decodeAddresses(change.context);
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}
