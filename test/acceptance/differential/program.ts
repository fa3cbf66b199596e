import type { JsonObject } from "@quorate/protocol";
import type { MethodName } from "./methods.ts";
import { PAGES } from "./methods.ts";
import type { ProgramRandom } from "./random.ts";
import { Requests, type StoreView } from "./requests.ts";
import type { Outcome, Step } from "./step.ts";

/** How often a program takes the way over the JSON gateway. */
const JSON_SHARE = 0.3;

/** Makes the steps of one program, one after the other, from what the answers so far were. */
export abstract class Program {
  protected readonly random: ProgramRandom;
  protected readonly view: StoreView = { revision: 1, compacted: 0 };
  protected readonly requests: Requests;

  constructor(random: ProgramRandom) {
    this.random = random;
    this.requests = new Requests(random, this.view);
  }

  abstract next(): Step;

  /** Hears what a step came to on etcd. */
  observe(step: Step, outcome: Outcome): void {
    const revision = Number(bodyOf(outcome).header?.revision ?? 0);
    this.view.revision = Math.max(this.view.revision, revision);
    if (step.type !== "call" || step.method !== "compact" || outcome.code !== 0) return;
    this.view.compacted = Number(step.request["revision"] ?? 0);
  }

  protected call(method: MethodName, request: JsonObject, user?: string): Step {
    const overJson = PAGES[method] !== undefined && this.random.chance(JSON_SHARE);
    return { type: "call", method, request, user, via: overJson ? "json" : "grpc" };
  }

  /** Any request of the key-value service. */
  protected keyValueStep(user?: string): Step {
    const { random, requests } = this;
    const kind = random.below(20);
    if (kind < 6) return this.call("range", requests.range(), user);
    if (kind < 12) return this.call("put", requests.put(), user);
    if (kind < 14) return this.call("deleteRange", requests.deleteRange(), user);
    return this.call("txn", requests.txn(), user);
  }
}

interface AnswerBody {
  readonly header?: { readonly revision?: string };
  readonly watch_id?: string;
  readonly canceled?: boolean;
  readonly leader?: JsonObject;
  readonly key?: string;
}

export function bodyOf(outcome: Outcome): AnswerBody {
  return (outcome.body ?? {}) as AnswerBody;
}
