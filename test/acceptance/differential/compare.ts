import { isDeepStrictEqual } from "node:util";
import { comparable, reasonToDiffer } from "./known-differences.ts";
import type { Program } from "./program.ts";
import { base64 } from "./requests.ts";
import { lineOf, type Outcome, type Step } from "./step.ts";
import type { Subject } from "./subject.ts";
import type { Seen } from "./watch-tap.ts";

/** How long watchers may take to be told what both servers have. */
const SETTLE_TIMEOUT_MS = 10_000;
const LOOK_INTERVAL_MS = 5;
/** The watcher that tells when everything before it has arrived. */
const CLOSING_KEY = base64("~settled");

/** Where the two came apart. */
export interface Difference {
  readonly steps: readonly Step[];
  readonly etcd: unknown;
  readonly quorate: unknown;
}

/** Carries out steps on both servers and compares what they come to. */
export class Comparison {
  readonly #etcd: Subject;
  readonly #quorate: Subject;
  readonly #steps: Step[] = [];
  /** Known differences met, with how often. */
  readonly met = new Map<string, number>();
  #place = 0;

  constructor(etcd: Subject, quorate: Subject) {
    this.#etcd = etcd;
    this.#quorate = quorate;
  }

  /** Resolves with the first difference that is not on purpose. */
  async run(steps: Iterable<Step>, onOutcome: Program["observe"]): Promise<Difference | undefined> {
    await this.#both({ type: "watch", request: { key: CLOSING_KEY } });
    for (const step of steps) {
      this.#steps.push(step);
      this.#place += 1;
      const difference =
        step.type === "settle" ? await this.#settle(onOutcome) : await this.#one(step, onOutcome);
      if (difference !== undefined) return difference;
    }
    this.#steps.push({ type: "settle" });
    return this.#settle(onOutcome);
  }

  async #one(
    step: Exclude<Step, { readonly type: "settle" }>,
    onOutcome: Program["observe"],
  ): Promise<Difference | undefined> {
    const pair = await this.#both(step);
    onOutcome(step, pair.etcd);
    const [etcd, quorate] = [comparable(step, pair.etcd), comparable(step, pair.quorate)];
    if (isDeepStrictEqual(etcd, quorate)) return undefined;
    const reason = reasonToDiffer(step, pair);
    if (reason !== undefined) {
      this.met.set(reason, (this.met.get(reason) ?? 0) + 1);
      return undefined;
    }
    return { steps: this.#steps, etcd, quorate };
  }

  async #both(
    step: Exclude<Step, { readonly type: "settle" }>,
  ): Promise<{ readonly etcd: Outcome; readonly quorate: Outcome }> {
    // Watchers live on the first member; what a member answers from its own state may lag on the others.
    const place = step.type === "watch" || step.type === "cancelWatch" ? 0 : this.#place;
    if (isAnsweredLocally(step)) await this.#quorate.catchUp(place);
    const [etcd, quorate] = await Promise.all([
      this.#etcd.carryOut(step, 0),
      this.#quorate.carryOut(step, place),
    ]);
    return { etcd, quorate };
  }

  /** Watchers are told in their own time: both are waited for until they have been told the same. */
  async #settle(onOutcome: Program["observe"]): Promise<Difference | undefined> {
    const request = { key: CLOSING_KEY, value: base64(String(this.#place)) };
    const closing = { type: "call", method: "put", request, via: "grpc", user: "root" } as const;
    const difference = await this.#one(closing, onOutcome);
    if (difference !== undefined) return difference;
    const until = Date.now() + SETTLE_TIMEOUT_MS;
    for (;;) {
      const [etcd, quorate] = [seenBy(this.#etcd), seenBy(this.#quorate)];
      if (isDeepStrictEqual(etcd, quorate)) return undefined;
      if (Date.now() > until) return { steps: this.#steps, ...differing(etcd, quorate) };
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
  }
}

/** Whether a member answers this from what it has applied itself. */
function isAnsweredLocally(step: Step): boolean {
  switch (step.type) {
    case "call":
      return (
        ["leases", "hashKv", "alarm"].includes(step.method) ||
        // Nothing but comparisons: there is no read that would have to be fresh.
        (step.method === "txn" && !JSON.stringify(step.request).includes('"request_')) ||
        JSON.stringify(step.request).includes('"serializable":true')
      );
    case "watch":
    case "cancelWatch":
    case "tryWatch":
      return true;
    default:
      return false;
  }
}

type SeenById = Readonly<Record<string, Seen>>;

function seenBy(subject: Subject): SeenById {
  return Object.fromEntries(subject.watch.seen);
}

/** Of what watchers have seen, what the two servers do not have in common. */
function differing(
  etcd: SeenById,
  quorate: SeenById,
): { readonly etcd: SeenById; readonly quorate: SeenById } {
  const ids = [...new Set([...Object.keys(etcd), ...Object.keys(quorate)])];
  const apart = ids.filter((id) => !isDeepStrictEqual(etcd[id], quorate[id]));
  const only = (seen: SeenById): SeenById =>
    Object.fromEntries(Object.entries(seen).filter(([id]) => apart.includes(id)));
  return { etcd: only(etcd), quorate: only(quorate) };
}

/** What a person needs to see. */
export function told({ steps, etcd, quorate }: Difference): string {
  return [
    ...steps.slice(-40).map(lineOf),
    `etcd:    ${JSON.stringify(etcd)}`,
    `quorate: ${JSON.stringify(quorate)}`,
  ].join("\n");
}
