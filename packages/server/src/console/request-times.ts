import type { ServiceMethod } from "../rpc/typed-method.ts";

/** The newest requests that are remembered: enough for a p99 that means something. */
const KEPT = 1024;

/** Methods whose time somebody waits for; streams and administration would only blur the picture. */
const TIMED: ReadonlySet<string> = new Set([
  "/etcdserverpb.KV/Range",
  "/etcdserverpb.KV/Put",
  "/etcdserverpb.KV/DeleteRange",
  "/etcdserverpb.KV/Txn",
]);

/** Requests older than this say nothing about now. */
const WINDOW_MS = 5000;

/** How long requests took on this member lately, in milliseconds, for the page. */
export interface TimeSummary {
  /** Requests since the start. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long requests of clients take on this member. */
export class RequestTimes {
  readonly #nowMs: () => number;
  readonly #tookMs: Float64Array = new Float64Array(KEPT);
  readonly #endedMs: Float64Array = new Float64Array(KEPT);
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The same method, timed if it is one of those that clients wait for. */
  timed(method: ServiceMethod): ServiceMethod {
    if (method.kind !== "unary" || !TIMED.has(method.path)) return method;
    const { kind, path } = method;
    return {
      kind,
      path,
      handle: (request, call) => this.#time(() => method.handle(request, call)),
      handleJson: (request, call) => this.#time(() => method.handleJson(request, call)),
    };
  }

  /** Of the requests of the last seconds, as far as they are remembered; 0 when there were none. */
  summary(): TimeSummary {
    const since = this.#nowMs() - WINDOW_MS;
    const remembered = Math.min(this.#count, KEPT);
    const recent = this.#tookMs.slice(0, remembered).filter((_, at) => {
      return (this.#endedMs[at] as number) >= since;
    });
    recent.sort();
    const at = (part: number): number => recent[Math.floor((recent.length - 1) * part)] ?? 0;
    return { count: this.#count, p50Ms: at(0.5), p99Ms: at(0.99) };
  }

  #time<T>(run: () => T | Promise<T>): T | Promise<T> {
    const began = this.#nowMs();
    const answer = run();
    if (!(answer instanceof Promise)) {
      this.#add(began);
      return answer;
    }
    return answer.finally(() => this.#add(began));
  }

  #add(began: number): void {
    const at = this.#count % KEPT;
    const now = this.#nowMs();
    this.#tookMs[at] = now - began;
    this.#endedMs[at] = now;
    this.#count += 1;
  }
}
