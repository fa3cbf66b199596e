import type { MemberId } from "@quorate/core";
import type { MemberAddress } from "../group/membership-request.ts";
import type { GroupId, Transport } from "../transport/transport.ts";

/** Keeps the transport's peers in step with the memberships of all groups on this host. */
export class AddressBook {
  readonly #transport: Pick<Transport, "setPeer" | "removePeer">;
  readonly #self: MemberId;
  readonly #byGroup: Map<GroupId, readonly MemberAddress[]> = new Map();
  #peers: Map<MemberId, string> = new Map();

  constructor(transport: Pick<Transport, "setPeer" | "removePeer">, self: MemberId) {
    this.#transport = transport;
    this.#self = self;
  }

  /** A group's members, as they are now. Contacts of a group that was joined count until it knows its members. */
  set(group: GroupId, members: readonly MemberAddress[]): void {
    this.#byGroup.set(group, members);
    this.#follow();
  }

  remove(group: GroupId): void {
    this.#byGroup.delete(group);
    this.#follow();
  }

  #follow(): void {
    const wanted = new Map<MemberId, string>();
    for (const members of this.#byGroup.values()) {
      for (const { id, address } of members) {
        if (id !== this.#self && address !== "") wanted.set(id, address);
      }
    }
    for (const peer of this.#peers.keys()) if (!wanted.has(peer)) this.#transport.removePeer(peer);
    for (const [peer, address] of wanted) {
      if (this.#peers.get(peer) !== address) this.#transport.setPeer(peer, address);
    }
    this.#peers = wanted;
  }
}
