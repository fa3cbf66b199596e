import type { SnapshotInfo } from "@quorate/core";
import type { AbortSignalLike, SnapshotReader, SnapshotReceiver } from "../transport/transport.ts";
import type { ComplianceRunner } from "./compliance-runner.ts";
import type { TransportCase, TransportUnderTest } from "./transport-case.ts";
import { at, withStations } from "./transport-case.ts";
import { appendOf, snapshotOf, TransportStation } from "./transport-station.ts";

const TERM = 9;
/** More than an implementation would send without a word from the receiver. */
const LARGE_BYTES = 9_000_000;

/** The part of the transport's suite that is about snapshots. */
export function transportSnapshotCompliance(
  runner: ComplianceRunner,
  subject: TransportUnderTest,
): void {
  arrival(runner, subject);
  breaks(runner, subject);
}

function arrival(runner: ComplianceRunner, subject: TransportUnderTest): void {
  const { test, equal } = runner;

  test("a snapshot arrives whole, one piece after the other, and its sender hears when it is in", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      const info = snapshotOf(LARGE_BYTES);
      take.holdFinish = true;
      const sending = send(given, info);
      await given.network.until(() => take.finishing);
      equal(sending.outcome, undefined);
      take.holdFinish = false;
      take.release();
      await given.network.until(() => sending.outcome !== undefined);
      equal(sending.outcome, "installed");
      equal(take.offers, [{ info, group: 4, from: 1, term: TERM }]);
      equal([same(take.bytes, content(LARGE_BYTES)), take.overlaps], [true, 0]);
    });
  });

  test("an empty snapshot is a snapshot", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      const sending = send(given, snapshotOf(0));
      await given.network.until(() => sending.outcome !== undefined);
      equal([sending.outcome, take.bytes.length], ["installed", 0]);
    });
  });

  test("what the receiver has already is neither read nor sent", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      for (const have of [1, 1_234_567, 2_000_000]) {
        take.bytes = content(2_000_000).slice(0, have);
        const sending = send(given, snapshotOf(2_000_000));
        await given.network.until(() => sending.outcome !== undefined);
        equal([sending.outcome, sending.readFrom], ["installed", have]);
        equal(same(take.bytes, content(2_000_000)), true);
      }
    });
  });

  test("snapshots of two groups for one peer do not mix", async () => {
    await withStations(subject, 2, async (given) => {
      const station = at(given, 2);
      const takes = new Map([
        [4, new Intake(station)],
        [5, new Intake(station)],
      ]);
      station.onOffer = (info, group, from, term) =>
        takes.get(group)?.take(info, group, from, term) ?? Promise.resolve("refused");
      const both = [send(given, snapshotOf(2_000_000, "a")), send(given, snapshotOf(900_000), 5)];
      await given.network.until(() => both.every(({ outcome }) => outcome !== undefined));
      equal(
        both.map(({ outcome }) => outcome),
        ["installed", "installed"],
      );
      equal(same(takes.get(4)?.bytes, content(2_000_000)), true);
      equal(same(takes.get(5)?.bytes, content(900_000)), true);
    });
  });

  test("messages go on while the receiver of a snapshot takes its time", async () => {
    await withStations(subject, 2, async (given) => {
      const station = at(given, 2);
      const take = new Intake(station);
      take.holdWrites = true;
      const sending = send(given, snapshotOf(LARGE_BYTES));
      await given.network.until(() => take.writing);
      for (let index = 1; index <= 20; index += 1) {
        at(given, 1).transport.send(1, appendOf(1, 2, index, 10_000));
        await given.network.until(() => station.messages.length === index);
      }
      equal([take.bytes.length, sending.outcome], [0, undefined]);
      take.holdWrites = false;
      take.release();
      await given.network.until(() => sending.outcome !== undefined);
      equal(same(take.bytes, content(LARGE_BYTES)), true);
    });
  });
}

function breaks(runner: ComplianceRunner, subject: TransportUnderTest): void {
  const { test, equal } = runner;

  test("the sender hears of a refusal, of a failed write and of a failed installation", async () => {
    await withStations(subject, 2, async (given) => {
      const refused = send(given, snapshotOf(1_000));
      await given.network.until(() => refused.outcome !== undefined);
      equal(refused.outcome, "failed");
      for (const where of ["write", "finish"] as const) {
        const take = new Intake(at(given, 2));
        take.failure = where;
        const sending = send(given, snapshotOf(1_000));
        await given.network.until(() => sending.outcome !== undefined && take.aborts === 1);
        equal(sending.outcome, "failed");
      }
    });
  });

  test("a snapshot for a host that nobody named fails", async () => {
    await withStations(subject, 2, async (given) => {
      const sending = send(given, snapshotOf(1_000), 4, 9);
      await given.network.until(() => sending.outcome !== undefined);
      equal(sending.outcome, "failed");
    });
  });

  test("a transfer that is given up ends on both sides, also before it has begun", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      take.holdWrites = true;
      const sending = send(given, snapshotOf(LARGE_BYTES));
      await given.network.until(() => take.writing);
      sending.giveUp();
      await given.network.until(() => sending.outcome !== undefined && take.aborts === 1);
      equal([sending.outcome, take.finishing], ["failed", false]);
      const late = send(given, snapshotOf(1_000), 4, 2, true);
      await given.network.until(() => late.outcome !== undefined);
      equal([late.outcome, take.offers.length], ["failed", 1]);
    });
  });

  test("a transfer whose receiver dies fails, and the next one goes on behind what is there", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      const info = snapshotOf(LARGE_BYTES);
      take.holdAfterBytes = 1_000_000;
      const sending = send(given, info);
      await given.network.until(() => take.bytes.length >= 1_000_000);
      await given.network.kill(2);
      await given.network.until(() => sending.outcome !== undefined);
      equal(sending.outcome, "failed");
      const again = new TransportStation(2, await given.network.restart(2));
      const rest = new Intake(again);
      rest.bytes = take.bytes;
      await again.transport.start(again);
      await given.network.until(() => at(given, 1).reaches(2));
      const next = send(given, info);
      await given.network.until(() => next.outcome !== undefined);
      equal([next.outcome, next.readFrom], ["installed", take.bytes.length]);
      equal(same(rest.bytes, content(LARGE_BYTES)), true);
    });
  });

  test("a transfer whose sender dies is aborted at its receiver", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      take.holdWrites = true;
      send(given, snapshotOf(LARGE_BYTES));
      await given.network.until(() => take.writing);
      await given.network.kill(1);
      await given.network.until(() => take.aborts === 1);
      equal(take.finishing, false);
    });
  });

  test("a stop ends the transfers that are under way", async () => {
    await withStations(subject, 2, async (given) => {
      const take = new Intake(at(given, 2));
      take.holdWrites = true;
      const sending = send(given, snapshotOf(LARGE_BYTES));
      await given.network.until(() => take.writing);
      await at(given, 1).transport.stop();
      await given.network.until(() => sending.outcome !== undefined && take.aborts === 1);
      equal(sending.outcome, "failed");
    });
  });
}

/** Takes snapshots in, and lets a test hold every step of it. */
class Intake {
  bytes: Uint8Array = new Uint8Array(0);
  readonly offers: unknown[] = [];
  writing = false;
  finishing = false;
  aborts = 0;
  /** Writes that began before the one before them was done. */
  overlaps = 0;
  holdWrites = false;
  holdFinish = false;
  /** Every write behind this many bytes is held. */
  holdAfterBytes: number = Number.POSITIVE_INFINITY;
  failure: "write" | "finish" | undefined;
  #held: (() => void)[] = [];

  constructor(station: TransportStation) {
    station.onOffer = (info, group, from, term) => this.take(info, group, from, term);
  }

  async take(
    info: SnapshotInfo,
    group: number,
    from: number,
    term: number,
  ): Promise<SnapshotReceiver> {
    this.offers.push({ info, group, from, term });
    return {
      haveBytes: this.bytes.length,
      write: (chunk) => this.#write(chunk),
      finish: () => this.#finish(),
      abort: async () => {
        this.aborts += 1;
      },
    };
  }

  /** Lets everything that was held go on. */
  release(): void {
    for (const go of this.#held.splice(0)) go();
  }

  async #write(chunk: Uint8Array): Promise<void> {
    if (this.failure === "write") throw new Error("the disk is full");
    if (this.writing) this.overlaps += 1;
    this.writing = true;
    if (this.holdWrites || this.bytes.length >= this.holdAfterBytes) await this.#hold();
    const grown = new Uint8Array(this.bytes.length + chunk.length);
    grown.set(this.bytes);
    grown.set(chunk, this.bytes.length);
    this.bytes = grown;
    this.writing = false;
  }

  async #finish(): Promise<void> {
    if (this.failure === "finish") throw new Error("the checksum does not match");
    this.finishing = true;
    if (this.holdFinish) await this.#hold();
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve));
  }
}

/** A transfer and what became of it. */
class Sending implements AbortSignalLike {
  outcome: "installed" | "failed" | undefined;
  /** Where the content was read from. */
  readFrom: number | undefined;
  aborted: boolean;
  readonly #listeners: Set<() => void> = new Set();

  constructor(aborted: boolean) {
    this.aborted = aborted;
  }

  giveUp(): void {
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}

/** Begins to send a snapshot from host 1. */
function send(
  given: TransportCase,
  info: SnapshotInfo,
  group = 4,
  to = 2,
  aborted = false,
): Sending {
  const sending = new Sending(aborted);
  const source: SnapshotReader = {
    async *read(fromByte) {
      sending.readFrom = fromByte;
      const whole = content(info.bytes);
      for (let from = fromByte; from < whole.length; from += 700_000) {
        yield whole.slice(from, from + 700_000);
      }
    },
  };
  at(given, 1)
    .transport.sendSnapshot(group, to, info, source, sending, TERM)
    .then(
      () => {
        sending.outcome = "installed";
      },
      () => {
        sending.outcome = "failed";
      },
    );
  return sending;
}

/** Bytes that repeat at no distance a piece could have. */
function content(length: number): Uint8Array {
  const made = new Uint8Array(length);
  let state = 1;
  for (let place = 0; place < length; place += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    made[place] = state >>> 16;
  }
  return made;
}

function same(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left?.length === right.length && left.every((byte, place) => byte === right[place]);
}
