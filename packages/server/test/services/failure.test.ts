import { type Outcome, QuorateError } from "@quorate/host";
import { expect, test } from "vitest";
import { STATUS } from "../../src/rpc/status.ts";
import { requestFailure } from "../../src/services/failure.ts";

function full(outcome: Outcome): QuorateError {
  return new QuorateError("STORAGE_FULL", "the disk is full", { outcome, retryable: true });
}

test("a full disk refuses a write for good only where the write has certainly not happened", () => {
  expect(requestFailure(full("notApplied"), "proposal").code).toBe(STATUS.RESOURCE_EXHAUSTED);
  // Clients take RESOURCE_EXHAUSTED for a definite refusal.
  expect(requestFailure(full("unknown"), "proposal")).toMatchObject({
    code: STATUS.UNAVAILABLE,
    message: "etcdserver: request timed out, possibly due to previous leader failure",
  });
});
