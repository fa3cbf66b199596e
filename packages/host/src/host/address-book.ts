import type { MemberId } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { MemberAddress } from "../group/membership-request.ts";
import type { GroupId, Transport } from "../transport/transport.ts";

/** A peer that belongs to no group any more is kept for last words: it should hear that it was removed. */
const LINGER_MS = 5_000;

/** Keeps the transport's peers in step with the memberships of all groups on this host. */
export class AddressBook {
  readonly #environment: Environment;
  readonly #transport: Pick<Transport, "setPeer" | "removePeer">;
  readonly #self: MemberId;
  readonly #byGroup: Map<GroupId, readonly MemberAddress[]> = new Map();
  readonly #peers: Map<MemberId, string> = new Map();
  readonly #lingering: Set<MemberId> = new Set();

  constructor(
    environment: Environment,
    transport: Pick<Transport, "setPeer" | "removePeer">,
    self: MemberId,
  ) {
    this.#environment = environment;
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
    const wanted = this.#wanted();
    for (const peer of this.#peers.keys()) if (!wanted.has(peer)) this.#removeLater(peer);
    for (const [peer, address] of wanted) {
      if (this.#peers.get(peer) === address) continue;
      this.#peers.set(peer, address);
      this.#transport.setPeer(peer, address);
    }
  }

  #wanted(): Map<MemberId, string> {
    const wanted = new Map<MemberId, string>();
    for (const members of this.#byGroup.values()) {
      for (const { id, address } of members) {
        if (id !== this.#self && address !== "") wanted.set(id, address);
      }
    }
    return wanted;
  }

  #removeLater(peer: MemberId): void {
    if (this.#lingering.has(peer)) return;
    this.#lingering.add(peer);
    this.#environment.setTimer(LINGER_MS, () => {
      this.#lingering.delete(peer);
      if (this.#wanted().has(peer)) return;
      this.#peers.delete(peer);
      this.#transport.removePeer(peer);
    });
  }
}
