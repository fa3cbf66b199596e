import type { Decision } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { DecisionFeed } from "../../src/console/decision-feed.ts";

const won = (term: number): Decision => ({ type: "becameLeader", id: 1, term, noop: term });
const beat: Decision = { type: "heartbeatsSent", id: 1, term: 1, to: [2], readSequence: 0 };

describe("the feed of decisions", () => {
  test("leaves out what is done all the time and numbers the rest", () => {
    const feed = new DecisionFeed(() => 5);
    for (const decision of [won(1), beat, beat, won(2)]) feed.add(decision);
    expect(feed.after(0)).toEqual([
      { sequence: 1, wallClockMs: 5, decision: won(1) },
      { sequence: 2, wallClockMs: 5, decision: won(2) },
    ]);
    expect(feed.after(1).map(({ sequence }) => sequence)).toEqual([2]);
    expect(feed.after(2)).toEqual([]);
  });

  test("a reader that knew another life of the process hears everything", () => {
    const feed = new DecisionFeed(() => 0);
    feed.add(won(7));
    expect(feed.after(900)).toHaveLength(1);
  });

  test("forgets the oldest and tells listeners of each", () => {
    const feed = new DecisionFeed(() => 0);
    let heard = 0;
    const stop = feed.onChange(() => {
      heard += 1;
    });
    for (let term = 1; term <= 1_000; term += 1) feed.add(won(term));
    stop();
    feed.add(won(1_001));
    expect(heard).toBe(1_000);
    const kept = feed.after(0);
    expect(kept.length).toBeLessThan(1_000);
    expect(kept.at(-1)?.decision.term).toBe(1_001);
  });
});
