import type { QuorateError } from "../errors.ts";
import type { AbortSignalLike } from "../transport/transport.ts";
import { aborted } from "./failures.ts";

interface Waiting {
  readonly deadlineMs: number;
  /** True when it has settled its promise. */
  check(): boolean;
  fail(error: QuorateError): void;
  readonly timedOut: () => QuorateError;
}

/** Calls that wait for a state of the group to come about; asked again after every turn. */
export class Conditions {
  #waiting: Waiting[] = [];

  /** Resolves with the first value of `probe` that is not undefined; a throw of `probe` rejects. */
  until<T>(
    probe: () => T | undefined,
    deadlineMs: number,
    timedOut: () => QuorateError,
    signal: AbortSignalLike | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((known) => known !== waiting);
        reject(aborted("unknown", signal?.reason));
      };
      const settle = (): void => signal?.removeEventListener("abort", onAbort);
      const waiting: Waiting = {
        deadlineMs,
        timedOut,
        check: () => {
          try {
            const value = probe();
            if (value === undefined) return false;
            settle();
            resolve(value);
          } catch (error) {
            settle();
            reject(error);
          }
          return true;
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      if (!waiting.check()) this.#waiting.push(waiting);
    });
  }

  check(): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !waiting.check());
  }

  expire(nowMs: number): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => {
      if (waiting.deadlineMs > nowMs) return true;
      waiting.fail(waiting.timedOut());
      return false;
    });
  }

  failAll(error: () => QuorateError): void {
    for (const waiting of this.#waiting.splice(0)) waiting.fail(error());
  }
}
