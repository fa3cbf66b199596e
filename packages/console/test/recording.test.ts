import { findScenario, ScenarioRun } from "@quorate/sim";
import { describe, expect, test } from "vitest";
import { Recording } from "../src/recording/recording.ts";

const SETTINGS = { members: 5, core: { heartbeatTicks: 3 } };

function free(seed: number, moments: number): Recording {
  const recording = new Recording({ type: "free", seed, settings: SETTINGS });
  while (recording.last < moments && recording.extend());
  return recording;
}

/** Everything that the views read of a moment. */
function seenAt(recording: Recording, moment: number): unknown {
  const { track } = recording;
  const { members, cuts, violations } = track.frame(moment);
  return {
    atMs: track.atMs(moment),
    members,
    cuts: [...cuts],
    violations,
    logs: members.map((member) =>
      Array.from({ length: member.last + 1 }, (_, index) =>
        track.entryAt(member, index, moment),
      ).map((entry) => entry && [entry.term, entry.index, entry.kind]),
    ),
    flights: track.flights.at(moment).map(({ id, arrivesMs }) => [id, arrivesMs]),
    acts: track.operations.at(moment),
    events: track.eventsOf(moment).length,
  };
}

function busy(seed: number, moments: number): Recording {
  const recording = free(seed, 300);
  const ask = (client: number, value: string): void => {
    recording.perform({
      type: "ask",
      client,
      operation: { type: "write", key: "x", value },
    });
  };
  for (let round = 0; recording.last < moments; round += 1) {
    ask(1 + (round % 3), `v${round}`);
    if (round % 7 === 3) recording.perform({ type: "crash", member: 1 + (round % 5) });
    if (round % 7 === 5) recording.perform({ type: "restartAll" });
    if (round % 11 === 4) recording.perform({ type: "partition", groups: [[1, 2]] });
    if (round % 11 === 8) recording.perform({ type: "mendAll" });
    for (let count = 0; count < 90; count += 1) recording.extend();
  }
  return recording;
}

describe("a recording", () => {
  test("looks at any moment the same as when it happened", () => {
    const recording = new Recording({ type: "free", seed: 11, settings: SETTINGS });
    const asSeen: string[] = [JSON.stringify(seenAt(recording, 0))];
    for (let count = 0; count < 1_500; count += 1) {
      if (count % 200 === 150) recording.perform({ type: "crash", member: 1 + (count % 5) });
      if (count % 200 === 190) recording.perform({ type: "restartAll" });
      recording.extend();
      while (asSeen.length <= recording.last) {
        const moment = asSeen.length;
        // Only what had ended by then: the newest moment is looked at while it is the newest.
        asSeen.push(moment === recording.last ? JSON.stringify(seenAt(recording, moment)) : "");
      }
    }
    asSeen.forEach((seen, moment) => {
      if (seen !== "") expect(JSON.stringify(seenAt(recording, moment))).toBe(seen);
    });
  });

  test("messages under way are those sent and not yet ended, at every moment", () => {
    const { track, last } = busy(3, 4_000);
    const open = new Map<number, number>();
    for (let moment = 0; moment <= last; moment += 1) {
      for (const event of track.eventsOf(moment)) {
        if (event.type === "sent") open.set(event.messageId, moment);
        if (event.type === "delivered" || event.type === "lost") open.delete(event.messageId);
      }
      const found = track.flights.at(moment).map(({ id }) => id);
      expect(found.sort((a, b) => a - b)).toEqual([...open.keys()].sort((a, b) => a - b));
    }
  });

  test("a branch shares its past and continues exactly like its parent when nothing else is done", () => {
    const parent = busy(5, 3_000);
    const branch = parent.fork(1_234);
    expect(branch.last).toBe(1_234);
    for (const moment of [0, 1, 700, 1_233, 1_234]) {
      expect(seenAt(branch, moment)).toEqual(seenAt(parent, moment));
    }
    const again = parent.fork(parent.last);
    expect(again.digest()).toBe(parent.digest());
    for (let count = 0; count < 200; count += 1) {
      again.extend();
      parent.extend();
    }
    expect(again.digest()).toBe(parent.digest());
    expect(seenAt(again, again.last)).toEqual(seenAt(parent, parent.last));
  });

  test("a branch with an action goes another way", () => {
    const parent = busy(6, 2_000);
    const branch = parent.fork(1_000);
    branch.perform({ type: "crashAll" });
    for (let count = 0; count < 50; count += 1) branch.extend();
    expect(branch.track.frame(branch.last).members.every(({ power }) => power === "down")).toBe(
      true,
    );
    expect(parent.track.frame(1_001).members.some(({ power }) => power === "up")).toBe(true);
  });

  test("a story told to its end is the run of the scenario itself", () => {
    const scenario = findScenario("split-brain");
    if (scenario === undefined) throw new Error("the story is gone");
    const recording = new Recording({ type: "story", scenario, sabotage: undefined });
    expect(recording.tellStory(Number.POSITIVE_INFINITY, () => 0)).toBe(true);
    expect(recording.storyAt(recording.last)).toEqual({ type: "goalReached" });
    const run = new ScenarioRun(scenario);
    expect(run.play()).toEqual({ type: "goalReached" });
    expect(recording.digest()).toBe(run.cluster.digest());
    expect(recording.stepEnds().length).toBeGreaterThanOrEqual(scenario.steps.length);
  });
});
