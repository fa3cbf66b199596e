import type { MemberId } from "@quorate/core";
import { WireError } from "../wire/wire-error.ts";
import type { Belonging } from "./belonging.ts";
import type { Forwarding } from "./forwarding.ts";
import type { HostMessage } from "./host-message.ts";
import { decodeHostMessage } from "./host-message.ts";
import type { ProposalQueue } from "./proposal-queue.ts";

/** Takes requests and replies about what several steps at the leader bring about. */
export type RequestHandler = (from: MemberId, message: HostMessage) => void;

export interface PostboxGroup {
  readonly proposals: ProposalQueue;
  readonly onRequest: RequestHandler | undefined;
  readonly parts: { readonly incarnation: number; readonly environment: { nowMs(): number } };
  schedule(): void;
}

/** Hands the messages of other replicas of the group to whom they concern. Bytes that make no sense are dropped. */
export class Postbox {
  readonly #group: PostboxGroup;
  readonly #forwarding: Forwarding;
  readonly #belonging: Belonging;

  constructor(group: PostboxGroup, forwarding: Forwarding, belonging: Belonging) {
    this.#group = group;
    this.#forwarding = forwarding;
    this.#belonging = belonging;
  }

  open(from: MemberId, bytes: Uint8Array): void {
    try {
      this.#deliver(from, decodeHostMessage(bytes));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  #deliver(from: MemberId, message: HostMessage): void {
    switch (message.type) {
      case "batch":
        this.#forwarding.onBatch(from, message.payload);
        return;
      case "batchRefused":
        this.#refused(message);
        return;
      case "removed":
        this.#belonging.onRemoved(message.index);
        return;
      case "request":
      case "reply":
        this.#group.onRequest?.(from, message);
    }
  }

  #refused(message: Extract<HostMessage, { readonly type: "batchRefused" }>): void {
    const { proposals, parts } = this.#group;
    const { incarnation, firstSequence, reason, leader } = message;
    if (incarnation !== parts.incarnation) return;
    proposals.refused(firstSequence, reason, leader, parts.environment.nowMs());
    this.#group.schedule();
  }
}
