import { expect, test } from "vitest";
import { command, LoneMember } from "../support/lone-member.ts";

/** What one message may bring at most; see `FORWARDED_ENTRIES_MAX`. */
const ENTRIES_MAX = 65_536;

test("a follower may forward as many entries as the limit says, and not one more", () => {
  const member = new LoneMember().lead();
  const entries = Array.from({ length: ENTRIES_MAX }, () => command(0));
  expect(member.hear({ type: "forwardProposal", term: 0, entries })).toEqual({ ok: true });
  const more = [...entries, command(0)];
  expect(member.hear({ type: "forwardProposal", term: 0, entries: more })).toMatchObject({
    ok: false,
    reason: "malformed",
  });
});
