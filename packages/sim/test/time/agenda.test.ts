import { expect, test } from "vitest";
import { Random } from "../../src/random/random.ts";
import { Agenda, type Appointment } from "../../src/time/agenda.ts";

test("what is due now waits for what was put here before for the same moment", () => {
  const agenda = new Agenda();
  const seen: string[] = [];
  agenda.at(5, () => {
    seen.push("first");
    agenda.after(0, () => seen.push("third"));
  });
  agenda.at(5, () => seen.push("second"));
  agenda.at(6, () => seen.push("fourth"));
  agenda.runUntil(10);
  expect(seen).toEqual(["first", "second", "third", "fourth"]);
  expect(agenda.nowMs).toBe(10);
});

test("what is cancelled does not happen, wherever it waits", () => {
  const agenda = new Agenda();
  const seen: string[] = [];
  agenda.at(1, () => {
    const soon = agenda.after(0, () => seen.push("soon"));
    agenda.after(0, () => seen.push("kept"));
    soon.cancel();
  });
  agenda.at(2, () => seen.push("later")).cancel();
  expect(agenda.nextMs).toBe(1);
  agenda.runUntil(3);
  expect(seen).toEqual(["kept"]);
  expect(agenda.nextMs).toBe(Number.POSITIVE_INFINITY);
  expect(agenda.step()).toBe(false);
});

test("any mixture happens in the order of a sorted list", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = Random.fromSeed(seed);
    const agenda = new Agenda();
    const planned: { atMs: number; order: number; isCancelled: boolean }[] = [];
    const happened: number[] = [];
    const appointments: Appointment[] = [];
    const plan = (): void => {
      const order = planned.length;
      const atMs = agenda.nowMs + random.pick([0, 0, 1, 3, random.next()]);
      planned.push({ atMs, order, isCancelled: false });
      const appointment = agenda.at(atMs, () => {
        happened.push(order);
        for (let more = random.integer(3); more > 0 && planned.length < 200; more -= 1) plan();
        if (random.chance(0.1)) {
          const which = random.integer(appointments.length);
          if (!happened.includes(which))
            (planned[which] as { isCancelled: boolean }).isCancelled = true;
          appointments[which]?.cancel();
        }
      });
      appointments.push(appointment);
    };
    for (let first = 0; first < 5; first += 1) plan();
    agenda.runUntil(1_000);
    const expected = planned
      .filter(({ isCancelled }) => !isCancelled)
      .sort((left, right) => left.atMs - right.atMs || left.order - right.order)
      .map(({ order }) => order);
    expect(happened, `seed ${seed}`).toEqual(expected);
  }
});
