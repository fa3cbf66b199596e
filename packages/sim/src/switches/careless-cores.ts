import type {
  Accepted,
  ConfirmedRead,
  Effects,
  PeerMessage,
  ReadMode,
  Stepped,
} from "@quorate/core";
import { CoreProxy } from "./core-proxy.ts";

/** Answers reads from its own state while it takes itself for the leader. */
export class LocalReader extends CoreProxy {
  #reads: ConfirmedRead[] = [];

  override readIndex(requestId: number, mode?: ReadMode): Accepted {
    const { role, commit } = this.inner.status();
    if (role !== "leader") return super.readIndex(requestId, mode);
    this.#reads.push({ requestId, index: commit });
    return { ok: true };
  }

  override hasEffects(): boolean {
    return this.#reads.length > 0 || super.hasEffects();
  }

  override takeEffects(): Effects {
    const effects = super.takeEffects();
    const reads = [...effects.reads, ...this.#reads];
    this.#reads = [];
    return { ...effects, reads };
  }
}

/** Takes every candidate's log for as good as its own: the request is rewritten on its way in. */
export class CarelessVoter extends CoreProxy {
  override step(message: PeerMessage): Stepped {
    if (message.type !== "vote" && message.type !== "preVote") return super.step(message);
    const { last } = this.inner.status();
    if (last.term > message.term) return super.step(message);
    return super.step({ ...message, last });
  }
}
