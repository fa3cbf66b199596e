import type { RefusalReason, Refused } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { explainRefusal, type Finding } from "../../src/index.ts";
import { JOINT } from "../samples/samples.ts";
import { follower, leader } from "./statuses.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

function refused(reason: RefusalReason, to = 0): Refused {
  return { ok: false, reason, leader: to };
}

const WAITING = { commit: 28, applied: 26, applying: 26 };

describe("a refused call", () => {
  test("names the rule of each reason and what to do", () => {
    const [asked] = explainRefusal(refused("notLeader", 1), follower());
    expect(asked?.statement.en).toContain("ask member 1");
    expect(asked?.section).toBe("Ongaro §6.2");
    const [lease] = explainRefusal(refused("leaseUnavailable"), leader());
    expect(lease?.section).toBe("Ongaro §6.4.1");
  });

  test("adds nothing that the state no longer shows", () => {
    expect(codes(explainRefusal(refused("stopped"), leader()))).toEqual(["callRefused"]);
    expect(codes(explainRefusal(refused("notMember"), follower({ id: 9 })))).toEqual([
      "callRefused",
    ]);
  });

  test("adds why nobody leads", () => {
    expect(codes(explainRefusal(refused("noLeader"), follower({ leader: 0 })))).toEqual([
      "callRefused",
      "noLeaderKnown",
    ]);
  });

  test("adds what keeps the quota full", () => {
    const status = leader(
      { ...WAITING, uncommittedBytes: 900 },
      { 2: { match: 1 }, 3: { match: 1 } },
    );
    const findings = explainRefusal(refused("quotaExceeded"), status);
    expect(codes(findings).slice(0, 2)).toEqual(["callRefused", "waitsForMajority"]);
    expect(findings[0]?.about).toMatchObject({ uncommittedBytes: 900 });
  });

  test("adds the defect that stopped the member", () => {
    const findings = explainRefusal(refused("stopped"), leader({ stopped: "commit within log" }));
    expect(codes(findings)).toEqual(["callRefused", "stopped"]);
    expect(findings[1]?.statement.en).toContain("commit within log");
  });

  test("tells a refusing outsider from a call that names one", () => {
    const [outsider] = explainRefusal(refused("notMember"), follower({ id: 9 }));
    expect(outsider?.statement.en).toContain("it does not belong to the group");
    const [named] = explainRefusal(refused("notMember"), leader());
    expect(named?.statement.en).toContain("names somebody who is no voter");
  });

  test("names the target of a running handover", () => {
    const [finding] = explainRefusal(refused("transferInProgress"), leader({ transferee: 3 }));
    expect(finding?.statement.en).toContain("being handed to member 3");
  });
});

describe("a refused change of membership", () => {
  test("waits for an earlier one: committed or not, and what that waits for", () => {
    const status = leader(WAITING, { 2: { match: 28 }, 3: { match: 28 } });
    const change = { offset: 0, reason: "changePending", pendingIndex: 30 } as const;
    const findings = explainRefusal(change, status);
    expect(codes(findings).slice(0, 2)).toEqual(["changeRefused", "waitsForMajority"]);
    expect(findings[0]?.statement.en).toContain("index 30, which is not committed yet");
    const [unapplied] = explainRefusal({ ...change, pendingIndex: 28 }, status);
    expect(unapplied?.statement.en).toContain("committed but not applied yet");
    const over = explainRefusal({ ...change, pendingIndex: 26 }, status);
    expect(codes(over)).toEqual(["changeRefused"]);
    expect(over[0]?.statement.en).toContain("it can be asked for again");
  });

  test("names the membership that it does not fit", () => {
    const [joint] = explainRefusal(
      { offset: 0, reason: "mustLeaveJoint", pendingIndex: 0 },
      leader({ membership: JOINT }),
    );
    expect(joint?.statement.en).toContain(
      "voters 1, 2 and 4 jointly with the outgoing voters 1, 2 and 3",
    );
    const single = explainRefusal({ offset: 0, reason: "notJoint", pendingIndex: 0 }, leader());
    expect(codes(single)).toEqual(["changeRefused"]);
  });
});
