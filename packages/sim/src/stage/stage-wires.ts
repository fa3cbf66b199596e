import type { MemberId, PeerMessage } from "@quorate/core";
import type { ClusterEventBody, LossReason } from "../cluster/events.ts";
import type { FrameFate } from "../world/frame-fate.ts";

/** A message that has not arrived after this time was lost on the way, or waits behind a cut for longer than one cares. */
const GIVEN_UP_MS = 400;

interface OnItsWay {
  readonly id: number;
  readonly message: PeerMessage;
  readonly mark: string;
  /** When it was sent, or would have been to arrive when it will. */
  sentMs: number;
  /** When it arrives, where that was put off by hand. */
  arrivesAtMs: number | undefined;
}

/**
 * The messages between cores, found again at the other end: in between they are bytes of streams, so a message is known by
 * what it says.
 */
export class StageWires {
  readonly #emit: (event: ClusterEventBody) => void;
  /** By sender and receiver, oldest first. */
  readonly #travelling: Map<string, OnItsWay[]> = new Map();
  readonly #meanDelayMs: number;
  #messages = 0;

  constructor(emit: (event: ClusterEventBody) => void, meanDelayMs: number) {
    this.#emit = emit;
    this.#meanDelayMs = meanDelayMs;
  }

  sent(message: PeerMessage, nowMs: number): void {
    const arrivesAtMs = nowMs + this.#meanDelayMs;
    const queue = this.#queueOf(message);
    const id = this.#newNumber();
    const mark = markOf(message);
    queue.push({ id, message, mark, sentMs: nowMs, arrivesAtMs: undefined });
    this.#emit({ type: "sent", messageId: id, message, arrivesAtMs });
  }

  /** The message of that number, while it is on its way. */
  find(id: number): PeerMessage | undefined {
    return this.#find(id)?.message;
  }

  /** Somebody has done this to the frame in which the message travels. */
  changed(id: number, fate: FrameFate, nowMs: number): void {
    const found = this.#find(id);
    if (found === undefined) return;
    const { message } = found;
    const queue = this.#queueOf(message);
    if (fate.type === "lose") {
      queue.splice(queue.indexOf(found), 1);
      this.#lose(id, message, "lost");
    } else if (fate.type === "repeat") {
      const copy = this.#newNumber();
      queue.push({ ...found, id: copy });
      const arrivesAtMs = found.arrivesAtMs ?? Math.max(nowMs, found.sentMs + this.#meanDelayMs);
      this.#emit({ type: "sent", messageId: copy, message, arrivesAtMs });
    } else {
      found.arrivesAtMs = (found.arrivesAtMs ?? found.sentMs + this.#meanDelayMs) + fate.extraMs;
      found.sentMs += fate.extraMs;
      queue.sort((left, right) => left.sentMs - right.sentMs);
    }
  }

  /** Everything that is on its way. */
  *onTheirWay(): Iterable<{ readonly id: number; readonly arrivesAtMs: number | undefined }> {
    for (const queue of this.#travelling.values()) yield* queue;
  }

  #find(id: number): OnItsWay | undefined {
    for (const queue of this.#travelling.values()) {
      const found = queue.find((one) => one.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #newNumber(): number {
    this.#messages += 1;
    return this.#messages;
  }

  #queueOf({ from, to }: PeerMessage): OnItsWay[] {
    const link = `${from}>${to}`;
    const queue = this.#travelling.get(link) ?? [];
    this.#travelling.set(link, queue);
    return queue;
  }

  arrived(message: PeerMessage): void {
    const queue = this.#travelling.get(`${message.from}>${message.to}`) ?? [];
    const mark = markOf(message);
    let place = queue.findIndex((one) => one.mark === mark);
    if (place < 0) place = queue.findIndex((one) => one.message.type === message.type);
    const [found] = place < 0 ? [] : queue.splice(place, 1);
    if (found === undefined) return;
    this.#emit({ type: "delivered", messageId: found.id, message: found.message });
  }

  /** Gives up on what should have arrived long ago. */
  giveUp(nowMs: number, isCut: (from: MemberId, to: MemberId) => boolean): void {
    for (const queue of this.#travelling.values()) {
      while ((queue[0]?.sentMs ?? nowMs) + GIVEN_UP_MS < nowMs) {
        const { id, message } = queue.shift() as OnItsWay;
        this.#lose(id, message, isCut(message.from, message.to) ? "cut" : "lost");
      }
    }
  }

  /** What is on its way to or from a process that ended. */
  memberDown(member: MemberId): void {
    for (const [link, queue] of this.#travelling) {
      const [from, to] = link.split(">").map(Number);
      if (from !== member && to !== member) continue;
      this.#travelling.set(link, []);
      const reason = to === member ? "receiverDown" : "senderDown";
      for (const { id, message } of queue) this.#lose(id, message, reason);
    }
  }

  #lose(messageId: number, message: PeerMessage, reason: LossReason): void {
    this.#emit({ type: "lost", messageId, message, reason });
  }
}

/** Equal for the message that was sent and the one that arrives: everything in it that is a number or a yes or no. */
export function markOf(message: PeerMessage): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(message)) {
    if (typeof value === "object") {
      if (name === "previous" || name === "last")
        parts.push(`${name}:${value.index}/${value.term}`);
      else if (name === "entries") parts.push(`entries:${value.length}`);
    } else parts.push(`${name}:${value}`);
  }
  return parts.join(" ");
}
