import type { PeerMessage } from "@quorate/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Connection } from "../../src/environment/environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { STREAM_MAGIC } from "../../src/transport/handshake.ts";
import { Cluster } from "./cluster.ts";

function appendOk(from: number, to: number, match: number): PeerMessage {
  return { type: "appendOk", from, to, term: 1, match };
}

function append(from: number, to: number, bytes: number): PeerMessage {
  const payload = new Uint8Array(bytes).fill(0x5a);
  const entries = [{ term: 1, index: 1, kind: "command" as const, payload }];
  return { type: "append", from, to, term: 1, previous: { term: 0, index: 0 }, commit: 0, entries };
}

test("messages of one turn arrive in order and leave in one write per lane", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const before = left.transport.counters.socketWrites;
  const sent = [appendOk(1, 2, 1), appendOk(1, 2, 2), appendOk(1, 2, 3)];
  for (const message of sent) expect(left.transport.send(5, message)).toBe("queued");
  await cluster.until(() => right.messages.length === 3);
  expect(right.messages).toEqual(sent.map((message) => ({ group: 5, message })));
  expect(left.transport.counters.socketWrites - before).toBe(1);
});

test("large appends and their neighbours come whole through small pieces", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  cluster.network.link("host1", "host2").pieceBytesMax = 777;
  const sent = [append(1, 2, 10), append(1, 2, 100_000), append(1, 2, 0)];
  for (const message of sent) left.transport.send(1, message);
  left.transport.sendHost(1, 2, new TextEncoder().encode("forwarded"));
  await cluster.until(() => right.hostMessages.length === 1);
  expect(right.messages.map(({ message }) => message)).toEqual(sent);
  expect(right.hostMessages).toEqual([{ from: 1, text: "forwarded" }]);
});

test("heartbeats of many groups share one frame each way", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  const before = left.transport.counters.framesSent;
  for (let group = 1; group <= 100; group++) {
    left.transport.send(group, {
      type: "heartbeat",
      from: 1,
      to: 2,
      term: 3,
      commit: group,
      readSequence: 0,
    });
    left.transport.send(group, { type: "heartbeatOk", from: 1, to: 2, term: 3, readSequence: 9 });
  }
  await cluster.until(() => right.messages.length === 200);
  expect(left.transport.counters.framesSent - before).toBe(2);
  expect(right.messages[41]).toEqual({
    group: 42,
    message: { type: "heartbeat", from: 1, to: 2, term: 3, commit: 42, readSequence: 0 },
  });
});

test("an outage is reported once, and messages flow again after it", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair();
  right.environment.stop();
  await cluster.world.run(10_000);
  expect(left.unreachable).toEqual([2]);
  expect(left.transport.send(1, appendOk(1, 2, 1))).toBe("dropped");
  const again = await cluster.station(2, {
    incarnation: 2,
    environment: memoryEnvironment({
      world: cluster.world,
      network: cluster.network,
      disk: right.environment.disk,
      host: "host2",
    }),
  });
  await cluster.until(() => left.events.filter((event) => event.type === "connected").length === 2);
  left.transport.send(1, appendOk(1, 2, 2));
  await cluster.until(() => again.messages.length === 1);
});

test("a peer that is away is dialed again and again, after random pauses, by no two hosts at the same times", async () => {
  const cluster = new Cluster();
  const dials = new Map<number, number[]>();
  for (const host of [1, 2]) {
    const base = memoryEnvironment({
      world: cluster.world,
      network: cluster.network,
      host: `host${host}`,
    });
    const times: number[] = [];
    const connect = (address: string): Connection => {
      times.push(cluster.world.nowMs);
      return base.network.connect(address);
    };
    const environment = { ...base, network: { ...base.network, connect } };
    const { transport } = await cluster.station(host, { environment });
    transport.setPeer(9, "host9:1");
    dials.set(host, times);
  }
  await cluster.world.run(120_000);
  const pauses = (host: number): number[] =>
    (dials.get(host) ?? []).map((at, place, all) => at - (all[place - 2] ?? 0)).slice(4);
  for (const host of [1, 2]) {
    // Two lanes, each about once a second: the pauses lie between none and two seconds.
    expect(pauses(host).length).toBeGreaterThan(150);
    expect(pauses(host).length).toBeLessThan(400);
    expect(new Set(pauses(host)).size).toBeGreaterThan(100);
  }
  expect(dials.get(1)).not.toEqual(dials.get(2));
});

test("a half-open connection is noticed by the silence", async () => {
  const cluster = new Cluster();
  const [left] = await cluster.pair();
  cluster.network.partition(["host1"], ["host2"]);
  await cluster.until(() => left.saw("disconnected"), 5_000);
  expect(left.unreachable).toEqual([2]);
  cluster.network.heal();
  await cluster.until(() => left.events.filter((event) => event.type === "connected").length === 2);
});

test("a joining host is answered although nobody told its address", async () => {
  const cluster = new Cluster();
  const member = await cluster.station(1);
  const joiner = await cluster.station(2);
  joiner.transport.setPeer(1, member.transport.address);
  await cluster.until(() => member.saw("connected") && joiner.saw("connected"));
  member.transport.send(1, appendOk(1, 2, 7));
  await cluster.until(() => joiner.messages.length === 1);
});

test("another cluster's host is refused on both sides with the reason", async () => {
  const cluster = new Cluster();
  const left = await cluster.station(1, { clusterId: "red" });
  const right = await cluster.station(2, { clusterId: "blue" });
  left.transport.setPeer(2, right.transport.address);
  await cluster.until(() => left.saw("handshakeRefused") && right.saw("handshakeRefused"));
  expect(left.saw("connected")).toBe(false);
  const reason = "host 1 belongs to cluster red, this is blue";
  const code = "clusterMismatch";
  expect(right.events[0]).toMatchObject({ by: "self", peer: 1, code, reason });
  expect(left.events[0]).toMatchObject({ by: "peer", peer: 2, code, reason });
});

test("a host that answers under another number is refused", async () => {
  const cluster = new Cluster();
  const left = await cluster.station(1);
  const right = await cluster.station(3);
  left.transport.setPeer(2, right.transport.address);
  await cluster.until(() => left.saw("handshakeRefused"));
  expect(left.saw("connected")).toBe(false);
});

test.each([
  ["lost its data", { dataId: "fresh", incarnation: 9 }],
  ["shows an old copy of its data", { dataId: "data2", incarnation: 1 }],
])("a host that %s is refused, even after a restart of the refusing one", async (_, options) => {
  const cluster = new Cluster();
  const left = await cluster.station(1);
  const right = await cluster.station(2, { incarnation: 2 });
  right.transport.setPeer(1, left.transport.address);
  await cluster.until(() => right.saw("connected"));
  right.environment.stop();
  left.environment.stop();
  const restart = async (): Promise<typeof left> => {
    const environment = memoryEnvironment({
      world: cluster.world,
      network: cluster.network,
      disk: left.environment.disk,
      host: "host1",
    });
    return cluster.station(1, { incarnation: 2, environment });
  };
  const leftAgain = await restart();
  const wiped = await cluster.station(2, options);
  wiped.transport.setPeer(1, leftAgain.transport.address);
  await cluster.until(() => wiped.saw("handshakeRefused"));
  await cluster.world.run(10_000);
  expect(wiped.saw("connected")).toBe(false);
  expect(leftAgain.saw("connected")).toBe(false);
});

/** Opens a raw stream to the station, writes `parts`, and tells whether the other side has closed. */
function stranger(cluster: Cluster, address: string, parts: readonly Uint8Array[]): () => boolean {
  const { network } = memoryEnvironment({
    world: cluster.world,
    network: cluster.network,
    host: "outside",
  });
  const connection: Connection = network.connect(address);
  let closed = false;
  connection.handle({
    onConnect: () => {
      for (const part of parts) connection.write(part.slice());
    },
    onData: () => undefined,
    onClose: () => {
      closed = true;
    },
  });
  return () => closed;
}

test.each([
  ["HTTP", [new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")]],
  ["a huge length", [STREAM_MAGIC, Uint8Array.of(0xff, 0xff, 0xff, 0x7f, ...Array(12).fill(0))]],
  ["silence", []],
  ["the magic and silence", [STREAM_MAGIC]],
])("%s ends with an event and a closed connection", async (_, parts) => {
  const cluster = new Cluster();
  const station = await cluster.station(1);
  const closed = stranger(cluster, station.transport.address, parts);
  await cluster.until(closed);
  expect(station.events.map((event) => event.type)).toEqual(["badPeerBytes"]);
});

test("random bytes never get through, whether or not they begin well", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 4 }),
      async (magic, parts) => {
        const cluster = new Cluster();
        const station = await cluster.station(1);
        const all = magic ? [STREAM_MAGIC, ...parts] : parts;
        await cluster.until(stranger(cluster, station.transport.address, all));
        expect(station.messages).toEqual([]);
        expect(station.saw("badPeerBytes")).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

test("strangers beyond the limit are closed at once", async () => {
  const cluster = new Cluster();
  const station = await cluster.station(1);
  const closed = Array.from({ length: 100 }, () =>
    stranger(cluster, station.transport.address, [STREAM_MAGIC]),
  );
  await cluster.world.run(100);
  expect(closed.filter((isClosed) => isClosed()).length).toBe(36);
});

test("a queue that is full drops, reports once, and takes again after it has drained", async () => {
  const cluster = new Cluster();
  const [left, right] = await cluster.pair({ limits: { logQueueBytes: 50_000 } });
  cluster.network.link("host1", "host2").isCut = true;
  const verdicts: string[] = [];
  for (let turn = 0; turn < 10; turn++) {
    verdicts.push(left.transport.send(1, append(1, 2, 20_000)));
    left.transport.flush();
  }
  expect(verdicts).toContain("dropped");
  expect(left.unreachable).toEqual([2]);
  expect(left.transport.send(1, appendOk(1, 2, 1))).toBe("queued");
  cluster.network.heal();
  const queued = verdicts.filter((verdict) => verdict === "queued").length;
  await cluster.until(() => right.messages.length === queued + 1);
  expect(left.transport.send(1, append(1, 2, 20_000))).toBe("queued");
});

test("the round trip is measured", async () => {
  const cluster = new Cluster();
  cluster.network.setDefaultDelay(() => 5);
  const [left] = await cluster.pair();
  await cluster.until(() => left.transport.peers()[0]?.roundTripMs !== undefined);
  expect(left.transport.peers()[0]?.roundTripMs).toBeCloseTo(10, 1);
});
