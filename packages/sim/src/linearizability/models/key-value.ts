import { hashText } from "../../random/mix.ts";
import type { Model } from "../model.ts";
import { shownValue } from "./register.ts";

export type KeyValueInput =
  | { readonly type: "get"; readonly key: string }
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "append"; readonly key: string; readonly value: string }
  | { readonly type: "delete"; readonly key: string };

export type KeyValueOutput =
  /** The value found, or after `append` the value that resulted; null when there is none. */
  | { readonly type: "value"; readonly value: string | null }
  /** `existed`: the operation replaced or removed something. */
  | { readonly type: "done"; readonly existed: boolean };

/** A map of texts with get, put, append and delete; null stands for "no such key". */
export const keyValueModel: Model<string | null, KeyValueInput, KeyValueOutput> = {
  name: "key-value",
  keysOf: (input) => [input.key],
  initial: () => null,
  step(state, input, output) {
    switch (input.type) {
      case "get":
        if (output === undefined) return state;
        return output.type === "value" && output.value === state ? state : undefined;
      case "put":
        return existedFits(output, state) ? input.value : undefined;
      case "append": {
        const next = (state ?? "") + input.value;
        if (output === undefined) return next;
        return output.type === "value" && output.value === next ? next : undefined;
      }
      case "delete":
        return existedFits(output, state) ? null : undefined;
    }
  },
  isRead: (input) => input.type === "get",
  fingerprint: (state) => (state === null ? 0x2545f491 : hashText(state)),
  equal: (left, right) => left === right,
  describe(input, output) {
    const answer =
      output === undefined
        ? "?"
        : output.type === "value"
          ? shownValue(output.value)
          : output.existed
            ? "replaced"
            : "new";
    switch (input.type) {
      case "get":
        return `get ${input.key} → ${answer}`;
      case "put":
        return `put ${input.key} = ${input.value} (${answer})`;
      case "append":
        return `append ${input.key} + ${input.value} → ${answer}`;
      case "delete":
        return `delete ${input.key} (${answer})`;
    }
  },
};

function existedFits(output: KeyValueOutput | undefined, state: string | null): boolean {
  return output === undefined || (output.type === "done" && output.existed === (state !== null));
}
