import { expect, test } from "vitest";
import { explainStatus, type Finding } from "../../src/index.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { follower, leader } from "./statuses.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

test("every question has its own answer", () => {
  const answers = explainStatus(leader());
  expect(codes(answers.standing)).toEqual(["leads"]);
  expect(codes(answers.commit)).toEqual(["everythingCommitted"]);
  expect(codes(answers.reads)).toEqual(["noReadsWait"]);
  expect(codes(answers.leadership)).toEqual(["leadsAlready"]);
  expect(answers.election).toEqual([]);
});

test("a follower, a leaderless member, and one that stopped", () => {
  expect(codes(explainStatus(follower()).standing)).toEqual(["follows"]);
  expect(codes(explainStatus(follower({ leader: 0 })).standing)).toEqual(["noLeaderKnown"]);
  expect(codes(explainStatus(follower({ stopped: "x" })).standing)).toEqual(["stopped"]);
});

test("elections need remembered decisions", () => {
  const decisions = [DECISION_SAMPLES.electionStarted[0]];
  expect(codes(explainStatus(follower(), { decisions }).election)).toContain("electionStarted");
});

test("names are used throughout", () => {
  const nameOf = (member: number): string => `node-${member}`;
  const { standing, leadership } = explainStatus(follower(), { nameOf });
  expect(standing[0]?.sentence.en).toMatch(/^node-2 follows node-1 in term 5/);
  expect(leadership[0]?.sentence.zh).toMatch(/^node-2 跟随任期 5 的领导者 node-1/);
});
