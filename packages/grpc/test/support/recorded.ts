import type { RpcMethod } from "../../src/call/method.ts";
import { keyValueMethods } from "../interop/key-value-methods.ts";
import { fixture } from "./fixtures.ts";
import { TEST_METHODS } from "./methods.ts";

export interface Recording {
  readonly client: string;
  readonly bytes: Buffer;
  /** Status that ends each stream. */
  readonly statuses: readonly (readonly [streamId: number, code: string])[];
}

/** What real clients sent, from the first byte, recorded once. */
export const RECORDED: readonly Recording[] = [
  {
    client: "grpc-js",
    bytes: fixture("recorded/grpc-js.bin"),
    statuses: [
      [1, "0"],
      [3, "0"],
      [5, "7"],
      [7, "0"],
      [9, "0"],
    ],
  },
  { client: "etcdctl", bytes: fixture("recorded/etcdctl-put.bin"), statuses: [[1, "0"]] },
  { client: "nghttp", bytes: fixture("recorded/nghttp.bin"), statuses: [[13, "0"]] },
];

/** The methods that the recorded clients called. */
export function recordedMethods(): readonly RpcMethod[] {
  return [...TEST_METHODS, ...keyValueMethods()];
}
