import { expect, test } from "vitest";
import { type LeaseMoment, validateLease } from "../../src/checkers/lease-validator.ts";

const granted: LeaseMoment = { type: "granted", calledMs: 0, atMs: 10, ttlMs: 1_000 };
const renewed: LeaseMoment = { type: "renewed", calledMs: 500, atMs: 520, ttlMs: 1_000 };
const seen = (calledMs: number, present: boolean, atMs = calledMs): LeaseMoment => ({
  type: "seen",
  calledMs,
  atMs,
  key: "k",
  present,
});

function messages(moments: readonly LeaseMoment[], graceMs = 500): string {
  return validateLease({ lease: "7", moments }, { clockRateMax: 1, graceMs })
    .map((violation) => violation.message)
    .join("; ");
}

test("accepts a lease that lives as promised and ends in its time", () => {
  expect(messages([granted, seen(900, true), renewed, seen(1_400, true), seen(1_501, false)])).toBe(
    "",
  );
  expect(messages([granted, seen(1_490, true), seen(1_600, false)])).toBe("");
  // A read that took its time may have looked after the end.
  expect(messages([granted, seen(900, false, 1_200)])).toBe("");
  const revoked: LeaseMoment = { type: "revoked", calledMs: 300, atMs: 320 };
  expect(messages([granted, seen(310, false), revoked, seen(330, false)])).toBe("");
});

test("reports an early end, by a missing key or a refused renewal", () => {
  expect(messages([granted, seen(900, false)])).toContain("promised until 1000");
  expect(messages([granted, renewed, seen(1_400, false)])).toContain("promised until 1500");
  expect(messages([granted, { type: "renewalRefused", atMs: 700 }])).toContain(
    "gone for its owner",
  );
});

test("reports a key that outlives its revocation or its time, and a renewal from beyond", () => {
  const revoked: LeaseMoment = { type: "revoked", calledMs: 300, atMs: 320 };
  expect(messages([granted, revoked, seen(330, true)])).toContain("still held");
  expect(messages([granted, revoked, renewed])).toContain("after its revocation");
  expect(messages([granted, seen(1_600, true)])).toContain("its time ended");
  expect(messages([granted, seen(1_600, true)], Number.POSITIVE_INFINITY)).toBe("");
});
