import type { Decision } from "@quorate/core";
import { expect, test } from "vitest";
import { explainReads, type Finding } from "../../src/index.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { JOINT } from "../samples/samples.ts";
import { follower, leader } from "./statuses.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

const BECAME_LEADER: Decision = { type: "becameLeader", id: 1, term: 5, noop: 32 };

test("a leader without waiting reads says so", () => {
  expect(codes(explainReads(leader()))).toEqual(["noReadsWait"]);
});

test("reads wait for a majority, and who is silent is seen", () => {
  const status = leader({ pendingReads: 4 }, { 2: { active: false }, 3: { active: false } });
  const [finding] = explainReads(status);
  expect(finding?.about).toMatchObject({
    code: "readsWaitForMajority",
    count: 4,
    heard: [1],
    needed: 2,
  });
  expect(finding?.importance).toBe("warning");
  const [reachable] = explainReads(leader({ pendingReads: 4 }, { 3: { active: false } }));
  expect(reachable?.importance).toBe("routine");
});

test("in a joint state both halves must confirm", () => {
  const findings = explainReads(leader({ pendingReads: 1, membership: JOINT }));
  expect(codes(findings)).toEqual(["readsWaitForMajority", "readsWaitForMajority"]);
  expect(findings.map(({ about }) => "half" in about && about.half)).toEqual([
    "voters",
    "outgoing",
  ]);
});

test("a new leader's reads wait for its first entry, if its election is remembered", () => {
  const status = leader({ pendingReads: 4 });
  const [waits] = explainReads(status, { decisions: [BECAME_LEADER] });
  expect(waits?.about).toMatchObject({ code: "readsWaitForOwnCommit", noop: 32, commit: 31 });
  const committed = { ...BECAME_LEADER, noop: 31 };
  expect(codes(explainReads(status, { decisions: [committed] }))).toEqual(["readsWaitForMajority"]);
  const ofOther = { ...BECAME_LEADER, id: 3 };
  expect(codes(explainReads(status, { decisions: [ofOther] }))).toEqual(["readsWaitForMajority"]);
});

test("a follower's reads wait for its leader's answer, then to be applied", () => {
  expect(codes(explainReads(follower({ applied: 20 })))).toEqual(["readsAskLeader", "applyBehind"]);
  const status = leader({ pendingReads: 2 });
  expect(codes(explainReads(follower(), { others: [status] }))).toContain("readsWaitForMajority");
});

test("without a leader reads are refused", () => {
  expect(codes(explainReads(follower({ leader: 0 })))).toEqual(["readsNeedLeader"]);
});

test("the last refusal of the term is told, unless a read was answered since", () => {
  const refused: Decision = { ...DECISION_SAMPLES.readRefused[0], id: 1 };
  const confirmed: Decision = { ...DECISION_SAMPLES.readConfirmed[0], id: 1 };
  expect(codes(explainReads(leader(), { decisions: [confirmed, refused] }))).toEqual([
    "readRefused",
    "noReadsWait",
  ]);
  expect(codes(explainReads(leader(), { decisions: [refused, confirmed] }))).toEqual([
    "noReadsWait",
  ]);
  expect(codes(explainReads(leader({ term: 6 }), { decisions: [refused] }))).toEqual([
    "noReadsWait",
  ]);
});

test("a stopped member has nothing else to say", () => {
  expect(codes(explainReads(leader({ stopped: "x", pendingReads: 3 })))).toEqual(["stopped"]);
});
