import { describe, expect, test } from "vitest";
import { READS_WAITING_MAX, ReadLedger } from "../../src/reads/read-ledger.ts";

const request = (requestId: number) => ({ requestId, from: 1 });
const confirmed = (ledger: ReadLedger, round: number): number[] => {
  const ids: number[] = [];
  for (;;) {
    const read = ledger.nextConfirmed(round);
    if (read === undefined) return ids;
    ids.push(read.requestId);
  }
};

describe("reads", () => {
  test("of one turn share the next round", () => {
    const ledger = new ReadLedger();
    ledger.wait(request(1), 10);
    ledger.wait(request(2), 11);
    expect(ledger.roundWanted).toBe(true);
    expect(ledger.beginRound()).toBe(1);
    expect(ledger.roundWanted).toBe(false);
    expect(confirmed(ledger, 0)).toEqual([]);
    expect(ledger.nextConfirmed(1)).toMatchObject({ requestId: 1, index: 10 });
    expect(ledger.nextConfirmed(1)).toMatchObject({ requestId: 2, index: 11 });
    expect(ledger.pending).toBe(0);
  });

  test("are not confirmed by a round that began before them", () => {
    const ledger = new ReadLedger();
    ledger.beginRound();
    ledger.wait(request(1), 10);
    expect(confirmed(ledger, 1)).toEqual([]);
    ledger.beginRound();
    ledger.wait(request(2), 10);
    ledger.beginRound();
    expect(confirmed(ledger, 2)).toEqual([1]);
    expect(confirmed(ledger, 3)).toEqual([2]);
  });

  test("that came too early wait apart", () => {
    const ledger = new ReadLedger();
    ledger.open(7);
    ledger.queueEarly(request(1));
    expect([ledger.pending, ledger.roundWanted, ledger.opening]).toEqual([1, false, 7]);
    expect(ledger.takeEarly()).toEqual([request(1)]);
    expect([ledger.pending, ledger.takeEarly()]).toEqual([0, []]);
  });

  test("are given up at the end of a leadership", () => {
    const ledger = new ReadLedger();
    ledger.open(7);
    ledger.queueEarly(request(1));
    ledger.wait(request(2), 3);
    ledger.beginRound();
    ledger.wait(request(3), 3);
    expect(ledger.reset()).toBe(3);
    expect([ledger.pending, ledger.round, ledger.roundWanted]).toEqual([0, 0, false]);
    expect(ledger.opening).toBe(Number.POSITIVE_INFINITY);
    expect(confirmed(ledger, 100)).toEqual([]);
    expect(ledger.reset()).toBe(0);
  });

  test("are limited in number", () => {
    const ledger = new ReadLedger();
    for (let i = 0; i < READS_WAITING_MAX - 1; i++) ledger.wait(request(i), 1);
    expect(ledger.isFull).toBe(false);
    ledger.queueEarly(request(0));
    expect(ledger.isFull).toBe(true);
  });

  test("keep their order and number when they never stop coming", () => {
    const ledger = new ReadLedger();
    let asked = 0;
    let answered = 0;
    for (let round = 1; round <= 3000; round++) {
      ledger.wait(request(asked++), round);
      ledger.wait(request(asked++), round);
      ledger.beginRound();
      // The answers are always one round behind.
      for (const id of confirmed(ledger, round - 1)) expect(id).toBe(answered++);
      expect(ledger.pending).toBe(asked - answered);
    }
    expect(answered).toBe(asked - 2);
  });
});
