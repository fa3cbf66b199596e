import { KV_ERRORS } from "@quorate/kv";
import { expect, test } from "vitest";
import { adviceFor } from "../../src/cli/advice.ts";
import { failure } from "../../src/services/failure.ts";

test("advice belongs to words that the server really uses, and is a sentence", () => {
  const words: readonly string[] = [
    ...Object.values(KV_ERRORS).map(({ message }) => message),
    failure("noLeader").message,
    failure("timedOut").message,
    failure("notForLearner").message,
    "etcdserver: member not found",
    "etcdserver: unhealthy cluster",
    "etcdserver: re-configuration failed due to not enough started members",
    "etcdserver: can only promote a learner member which is in sync with leader",
    "etcdserver: can only promote a learner member",
    "etcdserver: Peer URLs already exists",
    "etcdserver: given member URLs are invalid",
    "etcdserver: too many learner members in cluster",
    "etcdserver: bad leader transferee",
    "etcdserver: not leader",
  ];
  const advised = words.map(adviceFor).filter((advice) => advice !== undefined);
  expect(new Set(advised).size).toBe(38);
  for (const advice of advised) expect(advice).toMatch(/^[A-Za-z].*\.$/);
});
