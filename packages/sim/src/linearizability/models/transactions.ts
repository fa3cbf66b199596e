import { hashText, mix32 } from "../../random/mix.ts";
import type { Model } from "../model.ts";
import { fingerprintOfValue, type RegisterValue, shownValue } from "./register.ts";

export interface TransactionGuard {
  readonly key: string;
  readonly expected: RegisterValue;
}

export type TransactionStep =
  | { readonly type: "get"; readonly key: string }
  | { readonly type: "put"; readonly key: string; readonly value: RegisterValue }
  | { readonly type: "delete"; readonly key: string };

/** If all guards hold, `then`, otherwise `otherwise`, at one moment. */
export interface TransactionInput {
  readonly guards: readonly TransactionGuard[];
  readonly then: readonly TransactionStep[];
  readonly otherwise: readonly TransactionStep[];
}

export interface TransactionOutput {
  readonly succeeded: boolean;
  /** What each step found before it changed anything: the value of its key. */
  readonly found: readonly RegisterValue[];
}

/** Only keys that hold something. */
export type TransactionState = ReadonlyMap<string, RegisterValue>;

/** Guarded transactions over several keys. Keys that one transaction touches are checked together. */
export const transactionModel: Model<TransactionState, TransactionInput, TransactionOutput> = {
  name: "transactions",
  keysOf(input) {
    const keys = input.guards.map((guard) => guard.key);
    for (const step of input.then) keys.push(step.key);
    for (const step of input.otherwise) keys.push(step.key);
    return keys;
  },
  initial: () => new Map(),
  step(state, input, output) {
    const holds = input.guards.every((guard) => valueAt(state, guard.key) === guard.expected);
    if (output !== undefined && output.succeeded !== holds) return undefined;
    const steps = holds ? input.then : input.otherwise;
    if (output !== undefined && output.found.length !== steps.length) return undefined;
    let after: Map<string, RegisterValue> | undefined;
    for (let at = 0; at < steps.length; at += 1) {
      const step = steps[at] as TransactionStep;
      if (output !== undefined && output.found[at] !== valueAt(after ?? state, step.key)) {
        return undefined;
      }
      if (step.type === "get") continue;
      after ??= new Map(state);
      if (step.type === "delete" || step.value === null) after.delete(step.key);
      else after.set(step.key, step.value);
    }
    return after ?? state;
  },
  isRead: (input) =>
    input.then.every((step) => step.type === "get") &&
    input.otherwise.every((step) => step.type === "get"),
  fingerprint(state) {
    // Sums do not depend on the order of insertion.
    let sum = 0;
    for (const [key, value] of state) sum += mix32(hashText(key) ^ fingerprintOfValue(value));
    return sum | 0;
  },
  equal(left, right) {
    if (left.size !== right.size) return false;
    for (const [key, value] of left) if (right.get(key) !== value) return false;
    return true;
  },
  describe(input, output) {
    const guards = input.guards.map(({ key, expected }) => `${key}=${shownValue(expected)}`);
    const branch = output?.succeeded === false ? input.otherwise : input.then;
    const steps = branch.map((step, at) => {
      const found = output === undefined ? "?" : shownValue(output.found[at] ?? null);
      if (step.type === "get") return `${step.key}→${found}`;
      return `${step.key}:=${step.type === "put" ? shownValue(step.value) : "∅"}`;
    });
    const condition = guards.length === 0 ? "" : `if ${guards.join(" ")} `;
    const answer = output === undefined ? " ?" : output.succeeded ? "" : " (else)";
    return `${condition}${steps.join(" ")}${answer}`;
  },
};

function valueAt(state: TransactionState, key: string): RegisterValue {
  return state.get(key) ?? null;
}
