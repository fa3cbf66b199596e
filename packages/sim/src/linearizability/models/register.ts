import { hashText } from "../../random/mix.ts";
import type { Model } from "../model.ts";

/** Compared by equality; null stands for "never written". */
export type RegisterValue = string | number | null;

/** What is asked of a register. */
export type RegisterInput =
  | { readonly type: "read"; readonly key: string }
  | { readonly type: "write"; readonly key: string; readonly value: RegisterValue }
  /** Writes `value` if the register holds `expected`. */
  | {
      readonly type: "compareAndSet";
      readonly key: string;
      readonly expected: RegisterValue;
      readonly value: RegisterValue;
    };

/** What a register answers. */
export type RegisterOutput =
  | { readonly type: "value"; readonly value: RegisterValue }
  | { readonly type: "written" }
  | { readonly type: "swapped"; readonly done: boolean };

/** Registers under names, each a single value with reads, writes and compare-and-set. */
export const registerModel: Model<RegisterValue, RegisterInput, RegisterOutput> = {
  name: "register",
  keysOf: (input) => [input.key],
  initial: () => null,
  step(state, input, output) {
    switch (input.type) {
      case "read":
        if (output === undefined) return state;
        return output.type === "value" && output.value === state ? state : undefined;
      case "write":
        return output === undefined || output.type === "written" ? input.value : undefined;
      case "compareAndSet": {
        const done = state === input.expected;
        if (output !== undefined && !(output.type === "swapped" && output.done === done)) {
          return undefined;
        }
        return done ? input.value : state;
      }
    }
  },
  isRead: (input) => input.type === "read",
  fingerprint: fingerprintOfValue,
  equal: (left, right) => left === right,
  describe(input, output) {
    switch (input.type) {
      case "read":
        return `${input.key} → ${output?.type === "value" ? shownValue(output.value) : "?"}`;
      case "write":
        return `${input.key} := ${shownValue(input.value)}${output === undefined ? " ?" : ""}`;
      case "compareAndSet": {
        const answer = output?.type === "swapped" ? (output.done ? "yes" : "no") : "?";
        return `${input.key}: ${shownValue(input.expected)} ⇒ ${shownValue(input.value)} ${answer}`;
      }
    }
  },
};

export function fingerprintOfValue(value: RegisterValue): number {
  if (value === null) return 0x2545f491;
  return typeof value === "number" ? hashText(`#${value}`) : hashText(value);
}

export function shownValue(value: RegisterValue): string {
  return value === null ? "∅" : String(value);
}
