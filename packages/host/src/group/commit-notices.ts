import type { AppendMessage, LogIndex, MemberId, PeerMessage } from "@quorate/core";
import type { Environment, Timer } from "../environment/environment.ts";

/**
 * The longest that a follower is left without word of a commit: while writes follow each other more quickly than this,
 * the next one's entries bring it, and where they do not, nobody waits for longer.
 */
export const NOTICE_MS = 2;

/**
 * On the leader: appends that tell a follower the commit index and nothing else. A client that puts again as soon as it
 * has its answer makes the next entries leave within a millisecond, and they carry the index as well. Sent on its own
 * it costs a write for each follower, before the client's answer leaves, and wakes each follower once more. So in
 * such a stream of writes a notice waits for the next entries. It does not wait when writes come one by one, nor
 * for a follower whose own clients wait for what was committed, nor in front of another message to that follower.
 */
export class CommitNotices {
  readonly #environment: Environment;
  readonly #send: (message: PeerMessage) => void;
  readonly #held: Map<MemberId, AppendMessage> = new Map();
  /** The newest entry that came from each follower and that it has not been told the commit of. */
  readonly #owed: Map<MemberId, LogIndex> = new Map();
  #heldSinceMs = 0;
  #timer: Timer | undefined;
  /** When a commit was last told, or was to be told, on its own. */
  #committedAtMs = Number.NEGATIVE_INFINITY;
  /** After the last commit entries followed in time. */
  #isStream = false;

  constructor(environment: Environment, send: (message: PeerMessage) => void) {
    this.#environment = environment;
    this.#send = send;
  }

  /** The entry at `index` holds commands of clients of `follower`. */
  owes(follower: MemberId, index: LogIndex): void {
    this.#owed.set(follower, index);
  }

  /** Passes the message on, now or later, or drops it for one that says more. */
  pass(message: PeerMessage): void {
    if (message.type !== "append") {
      this.#release(message.to);
      this.#send(message);
      return;
    }
    const isOwed = this.#settle(message);
    if (message.entries.length > 0) {
      this.#noteEntries();
      this.#held.delete(message.to);
      this.#send(message);
    } else if (this.#noteCommit() && !isOwed) this.#hold(message);
    else {
      this.#held.delete(message.to);
      this.#send(message);
    }
  }

  /** This member does not lead any more, or leads anew. What was held is as good as lost on the way. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#held.clear();
    this.#owed.clear();
    this.#isStream = false;
  }

  /** Whether the follower's own clients wait for what this message tells it. */
  #settle({ to, commit }: AppendMessage): boolean {
    const index = this.#owed.get(to);
    if (index === undefined || commit < index) return false;
    this.#owed.delete(to);
    return true;
  }

  #noteEntries(): void {
    if (this.#committedAtMs === Number.NEGATIVE_INFINITY) return;
    this.#isStream = this.#environment.nowMs() - this.#committedAtMs < NOTICE_MS;
    this.#committedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether entries are likely to follow soon. */
  #noteCommit(): boolean {
    const nowMs = this.#environment.nowMs();
    if (this.#committedAtMs === Number.NEGATIVE_INFINITY) this.#committedAtMs = nowMs;
    else if (nowMs - this.#committedAtMs >= NOTICE_MS) this.#isStream = false;
    return this.#isStream;
  }

  #hold(message: AppendMessage): void {
    if (this.#held.size === 0) this.#heldSinceMs = this.#environment.nowMs();
    this.#held.set(message.to, message);
    this.#timer ??= this.#environment.setTimer(NOTICE_MS, this.#onTime);
  }

  /** The timer may have been started for notices that are gone since. */
  readonly #onTime = (): void => {
    this.#timer = undefined;
    if (this.#held.size === 0) return;
    const restMs = this.#heldSinceMs + NOTICE_MS - this.#environment.nowMs();
    if (restMs > 0) {
      this.#timer = this.#environment.setTimer(restMs, this.#onTime);
      return;
    }
    this.#isStream = false;
    for (const follower of [...this.#held.keys()]) this.#release(follower);
  };

  #release(follower: MemberId): void {
    const message = this.#held.get(follower);
    if (message === undefined) return;
    this.#held.delete(follower);
    this.#send(message);
  }
}
