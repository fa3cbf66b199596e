import type { SnapshotInfo } from "@quorate/core";
import { expect, test } from "vitest";
import { Abort } from "../../src/group/abort.ts";
import type { SnapshotReader, SnapshotReceiver } from "../../src/transport/transport.ts";
import type { Station } from "./cluster.ts";
import { Cluster } from "./cluster.ts";

const CONTENT = Uint8Array.from({ length: 9_000_000 }, (_, place) => (place * 31) >> 3);

const INFO: SnapshotInfo = {
  term: 3,
  index: 700,
  id: "s1",
  bytes: CONTENT.length,
  membership: { voters: [1, 2], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
};

const source: SnapshotReader = {
  async *read(fromByte) {
    for (let at = fromByte; at < CONTENT.length; at += 700_000) {
      yield CONTENT.slice(at, at + 700_000);
    }
  },
};

/** Keeps what it was sent, also across broken transfers. */
class Receiver {
  bytes: Uint8Array = new Uint8Array(0);
  finished = false;
  aborts = 0;
  unwritten = 0;
  unwrittenMax = 0;
  offers: SnapshotInfo[] = [];
  /** Bytes that a broken transfer leaves behind durably. */
  keepOnAbort = Number.POSITIVE_INFINITY;
  slowMs = 0;
  failure: Error | undefined;

  constructor(station: Station) {
    station.onSnapshotOffer = async (info) => {
      this.offers.push(info);
      return this.#receiver(station);
    };
  }

  #receiver(station: Station): SnapshotReceiver {
    const receiver = this;
    return {
      get haveBytes() {
        return receiver.bytes.length;
      },
      async write(chunk) {
        receiver.unwritten += chunk.length;
        receiver.unwrittenMax = Math.max(receiver.unwrittenMax, receiver.unwritten);
        await new Promise<void>((resolve) =>
          station.environment.setTimer(receiver.slowMs, resolve),
        );
        receiver.unwritten -= chunk.length;
        const grown = new Uint8Array(receiver.bytes.length + chunk.length);
        grown.set(receiver.bytes);
        grown.set(chunk, receiver.bytes.length);
        receiver.bytes = grown;
      },
      async finish() {
        if (receiver.failure !== undefined) throw receiver.failure;
        receiver.finished = true;
      },
      async abort() {
        receiver.aborts += 1;
        receiver.bytes = receiver.bytes.slice(0, receiver.keepOnAbort);
      },
    };
  }
}

function send(from: Station, to: number, abort = new Abort()): Promise<void> {
  return from.transport.sendSnapshot(1, to, INFO, source, abort, 3);
}

test("a snapshot arrives whole, and its sender hears when it is installed", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const receiver = new Receiver(right);
  await cluster.world.complete(send(left, 2));
  expect(receiver.offers).toEqual([INFO]);
  expect(receiver.finished).toBe(true);
  expect(Buffer.compare(receiver.bytes, CONTENT)).toBe(0);
  expect(left.transport.counters.snapshotBytesSent).toBe(CONTENT.length);
});

test("a slow receiver is never sent more than its window", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const receiver = new Receiver(right);
  receiver.slowMs = 200;
  await cluster.world.complete(send(left, 2));
  expect(receiver.unwrittenMax).toBeLessThanOrEqual(4 << 20);
  expect(Buffer.compare(receiver.bytes, CONTENT)).toBe(0);
});

test("heartbeats are not delayed by a snapshot on a slow link", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const receiver = new Receiver(right);
  receiver.slowMs = 1_000;
  const sending = send(left, 2);
  await cluster.until(() => receiver.unwritten > 0);
  const before = cluster.world.nowMs;
  left.transport.send(1, {
    type: "heartbeat",
    from: 1,
    to: 2,
    term: 1,
    commit: 0,
    readSequence: 0,
  });
  await cluster.until(() => right.messages.length === 1);
  expect(cluster.world.nowMs - before).toBeLessThan(5);
  await cluster.world.complete(sending);
});

test("a transfer that breaks off is continued where it was durable", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const receiver = new Receiver(right);
  receiver.slowMs = 20;
  receiver.keepOnAbort = 2_000_000;
  const first = cluster.world.complete(Promise.allSettled([send(left, 2)]));
  await cluster.until(() => receiver.bytes.length > 3_000_000);
  cluster.network.partition(["host1"], ["host2"]);
  expect(await first).toMatchObject([{ status: "rejected" }]);
  await cluster.until(() => receiver.aborts === 1);
  const sentBefore = left.transport.counters.snapshotBytesSent;
  cluster.network.heal();
  await cluster.world.complete(send(left, 2));
  expect(Buffer.compare(receiver.bytes, CONTENT)).toBe(0);
  const sentAgain = left.transport.counters.snapshotBytesSent - sentBefore;
  expect(sentAgain).toBe(CONTENT.length - 2_000_000);
});

test("a refusal and a failed installation are heard by the sender with their reasons", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const refused = await cluster.world.complete(Promise.allSettled([send(left, 2)]));
  expect(String((refused[0] as PromiseRejectedResult).reason)).toContain("does not want it");
  const receiver = new Receiver(right);
  receiver.failure = new Error("its checksum does not match");
  const failed = await cluster.world.complete(Promise.allSettled([send(left, 2)]));
  expect(String((failed[0] as PromiseRejectedResult).reason)).toContain("checksum does not match");
});

test("a transfer that is given up ends on both sides", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const receiver = new Receiver(right);
  receiver.slowMs = 50;
  const abort = new Abort();
  const sending = cluster.world.complete(Promise.allSettled([send(left, 2, abort)]));
  await cluster.until(() => receiver.bytes.length > 0);
  abort.abort("leadership lost");
  expect(await sending).toMatchObject([{ status: "rejected" }]);
  await cluster.until(() => receiver.aborts === 1);
  expect(receiver.finished).toBe(false);
});

test("a rate limit holds", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair({ limits: { snapshotBytesPerSecond: 1_000_000 } });
  const receiver = new Receiver(right);
  const before = cluster.world.nowMs;
  await cluster.world.complete(send(left, 2));
  expect(cluster.world.nowMs - before).toBeGreaterThan(8_000);
  expect(Buffer.compare(receiver.bytes, CONTENT)).toBe(0);
});

test("under a very low rate limit a transfer is slow, not given up", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair({ limits: { snapshotBytesPerSecond: 20_000 } });
  const receiver = new Receiver(right);
  const info = { ...INFO, bytes: 1_400_000 };
  const short: SnapshotReader = {
    async *read() {
      yield CONTENT.slice(0, 700_000);
      yield CONTENT.slice(700_000, 1_400_000);
    },
  };
  const before = cluster.world.nowMs;
  const sending = left.transport.sendSnapshot(1, 2, info, short, new Abort(), 3);
  await cluster.world.complete(sending, 200_000);
  expect(cluster.world.nowMs - before).toBeGreaterThan(68_000);
  expect(Buffer.compare(receiver.bytes, CONTENT.slice(0, 1_400_000))).toBe(0);
});

test("no more snapshots are on their way out than allowed", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair({ limits: { snapshotsMax: 1 } });
  const receiver = new Receiver(right);
  receiver.slowMs = 10;
  const both = Promise.all([send(left, 2), send(left, 2)]);
  await cluster.until(() => receiver.bytes.length > 1_000_000);
  expect(receiver.offers.length).toBe(1);
  await cluster.world.complete(both);
  expect(receiver.offers.length).toBe(2);
});

test("a transfer that is given up while it waits for its turn ends at once, and the next in line goes on", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair({ limits: { snapshotsMax: 1 } });
  const receiver = new Receiver(right);
  receiver.slowMs = 1_000;
  const first = send(left, 2);
  await cluster.until(() => receiver.unwritten > 0);
  const abort = new Abort();
  const second = Promise.allSettled([send(left, 2, abort)]);
  const third = send(left, 2);
  abort.abort("leadership lost");
  expect(await cluster.world.complete(second, 100)).toMatchObject([{ status: "rejected" }]);
  await cluster.world.complete(Promise.all([first, third]));
  expect(receiver.offers.length).toBe(2);
});

test.each([
  ["removed", (left: Station) => left.transport.removePeer(2)],
  ["gone because its sender stops", (left: Station) => void left.transport.stop()],
])("a transfer to a peer that is %s fails at once, under way or waiting", async (_, end) => {
  const cluster = new Cluster();
  const [left] = await cluster.pair({ limits: { snapshotsMax: 1 } });
  cluster.network.partition(["host1"], ["host2"]);
  // The first waits for its connection, the second for the first.
  const both = Promise.allSettled([send(left, 2), send(left, 2)]);
  await cluster.world.run(10);
  end(left);
  const ended = await cluster.world.complete(both, 100);
  expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
