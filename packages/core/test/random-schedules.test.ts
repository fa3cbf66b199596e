import type { CoreSettings } from "@quorate/core";
import fc from "fast-check";
import { test } from "vitest";
import type { Cluster } from "./support/cluster.ts";
import { anySchedule, evenSchedule, playSchedule, type Schedule } from "./support/schedule.ts";

/** Raise them for a long search: `QUORATE_PROPERTY_RUNS=20000 npx vitest run packages/core/test/random-schedules`. */
const { QUORATE_PROPERTY_RUNS: runs = "150", QUORATE_PROPERTY_SEED: fixedSeed } = process.env;

function check(
  schedule: fc.Arbitrary<Schedule>,
  settings: Partial<CoreSettings>,
  afterwards: (cluster: Cluster) => void,
): void {
  fc.assert(
    fc.property(schedule, (each) => afterwards(playSchedule(each, settings))),
    {
      numRuns: Number(runs),
      ...(fixedSeed === undefined ? {} : { seed: Number(fixedSeed) }),
    },
  );
}

test("safe whatever the network, the disks and the operators do, and well again when they stop", () => {
  check(anySchedule, {}, (cluster) => cluster.mustRecover());
});

test("safe without pre-vote and quorum check, with forwarding, tiny windows and quotas", () => {
  const settings = {
    preVote: false,
    checkQuorum: false,
    forwardProposals: true,
    stepDownOnRemoval: false,
    appendBytesMax: 20,
    inflightMessagesMax: 2,
    inflightBytesMax: 40,
    applyBytesMax: 40,
    uncommittedBytesMax: 200,
    electionTicks: 3,
  };
  check(anySchedule, settings, (cluster) => cluster.checkLogs());
});

test("safe and well again where appends that only tell the commit index are not answered", () => {
  const settings = { answerCommits: false, appendBytesMax: 40, inflightMessagesMax: 2 };
  check(anySchedule, settings, (cluster) => cluster.mustRecover());
});

test("reads under a lease are never stale while clocks run evenly", () => {
  check(evenSchedule, { readMode: "lease" }, (cluster) => cluster.mustRecover());
});
