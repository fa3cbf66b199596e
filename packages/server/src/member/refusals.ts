import type { MemberId } from "@quorate/core";
import type { HandshakeRefused, TransportEvent } from "@quorate/host";

/** A stranger may claim any number: beyond so many, what was remembered of them is forgotten. */
const REFUSED_HOSTS_MAX = 64;

/** Who would not talk to this member and whom it turned away, until they do talk. */
export class Refusals {
  readonly #fromPeers = new Map<MemberId, HandshakeRefused>();
  readonly #ofPeers = new Map<MemberId, HandshakeRefused>();
  #onDataLost: ((reason: string) => void) | undefined;

  hear(event: TransportEvent): void {
    switch (event.type) {
      case "connected":
        this.#fromPeers.delete(event.peer);
        this.#ofPeers.delete(event.peer);
        return;
      case "handshakeRefused":
        this.#remember(event);
        return;
      default:
    }
  }

  /** Calls back for each peer that says that this member came back with other data; at once for one that said so before. */
  hearOfLostData(listener: (reason: string) => void): void {
    this.#onDataLost = listener;
    for (const { code, reason } of [...this.#fromPeers.values()]) {
      if (code === "dataLost") listener(reason);
    }
  }

  /** Sentences for people, about those that are members of the group. */
  warnings(members: readonly MemberId[], nameOf: (member: MemberId) => string): readonly string[] {
    const found: string[] = [];
    for (const { peer, reason } of this.#fromPeers.values()) {
      if (members.includes(peer)) {
        found.push(`This member is turned away by ${nameOf(peer)}: ${reason}.`);
      }
    }
    for (const { peer, reason } of this.#ofPeers.values()) {
      if (members.includes(peer)) found.push(`Turned away ${nameOf(peer)}: ${reason}.`);
    }
    return found;
  }

  #remember(event: HandshakeRefused): void {
    const refused = event.by === "peer" ? this.#fromPeers : this.#ofPeers;
    if (refused.size >= REFUSED_HOSTS_MAX) refused.clear();
    refused.set(event.peer, event);
    if (event.by === "peer" && event.code === "dataLost") this.#onDataLost?.(event.reason);
  }
}
