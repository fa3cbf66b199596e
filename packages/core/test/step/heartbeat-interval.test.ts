import { expect, test } from "vitest";
import { LoneMember } from "../support/lone-member.ts";

test("a leader sends heartbeats every so many ticks, not at each", () => {
  const member = new LoneMember({ settings: { heartbeatTicks: 3 } }).lead();
  member.takeSent();
  const beats: number[] = [];
  for (let tick = 1; tick <= 7; tick += 1) {
    member.tick();
    const sent = member.takeSent().filter(({ type }) => type === "heartbeat");
    if (sent.length > 0) beats.push(tick);
  }
  expect(beats.map((tick, at) => tick - (beats[at - 1] ?? tick - 3))).toEqual(beats.map(() => 3));
  expect(beats.length).toBeGreaterThanOrEqual(2);
});
