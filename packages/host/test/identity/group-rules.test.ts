import { expect, test } from "vitest";
import { type GroupVerb, judgeGroup, rulingError } from "../../src/identity/group-rules.ts";
import type { Identity } from "../../src/identity/identity.ts";
import type { LogPresence } from "../../src/log/open-log.ts";

function identity(state: "active" | "removing" | undefined): Identity {
  const groups = state === undefined ? [] : [{ groupId: 4, state }];
  const foundedAs = "c";
  return { clusterId: "c", foundedAs, hostId: 1, hostName: "", dataId: "", incarnation: 1, groups };
}

test.each<[string, "active" | "removing" | undefined, LogPresence, GroupVerb, string]>([
  ["a new group begins", undefined, "none", "begin", "proceed"],
  ["a broken-off creation begins again", undefined, "unfinished", "begin", "proceed"],
  ["a log nobody listed is not begun over", undefined, "present", "begin", "IDENTITY_MISSING"],
  ["a log nobody listed is not opened", undefined, "present", "open", "IDENTITY_MISSING"],
  ["nothing is not opened", undefined, "none", "open", "IDENTITY_MISSING"],
  ["a broken-off creation is not opened", undefined, "unfinished", "open", "IDENTITY_MISSING"],
  ["a listed group with its log opens", "active", "present", "open", "proceed"],
  ["a listed group is not begun over", "active", "present", "begin", "ALREADY_EXISTS"],
  ["a lost log is amnesia, not an empty start", "active", "none", "open", "IDENTITY_MISSING"],
  ["a lost log is not begun again", "active", "none", "begin", "IDENTITY_MISSING"],
  ["an emptied log is amnesia", "active", "unfinished", "open", "IDENTITY_MISSING"],
  ["an emptied log is not begun again", "active", "unfinished", "begin", "IDENTITY_MISSING"],
  ["a removed group is not opened", "removing", "present", "open", "IDENTITY_MISSING"],
  ["a removed group may begin anew", "removing", "none", "begin", "proceed"],
])("%s", (_name, state, presence, verb, expected) => {
  const error = rulingError(judgeGroup(identity(state), 4, presence, verb));
  expect(error?.code ?? "proceed").toBe(expected);
});
