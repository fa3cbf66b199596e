import type { SnapshotInfo } from "@quorate/core";
import { expect, test } from "vitest";
import { memoryEnvironment, portableChecksum } from "../../src/environment/memory-environment.ts";
import { beginFrame, endFrame, FrameKind } from "../../src/transport/frame.ts";
import type { Lane } from "../../src/transport/handshake.ts";
import { STREAM_MAGIC, writeHello } from "../../src/transport/handshake.ts";
import { writeMessage } from "../../src/transport/message-codec.ts";
import { writeSnapshotChunk, writeSnapshotOffer } from "../../src/transport/snapshot-codec.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import type { Station } from "./cluster.ts";
import { Cluster } from "./cluster.ts";

/** A host of the cluster that keeps to the handshake, and to nothing after it. */
function hostile(
  cluster: Cluster,
  station: Station,
  lane: Lane,
): {
  frame(kind: number, body: (writer: ByteWriter) => void): void;
  isClosed(): boolean;
} {
  const { network } = memoryEnvironment({
    world: cluster.world,
    network: cluster.network,
    host: "host9",
  });
  const connection = network.connect(station.transport.address);
  const writer = new ByteWriter();
  let closed = false;
  const frame = (kind: number, body: (writer: ByteWriter) => void): void => {
    const start = beginFrame(writer, kind, 1);
    body(writer);
    endFrame(writer, start, portableChecksum);
    connection.write(writer.take());
  };
  connection.handle({
    onConnect: () => {
      writer.raw(STREAM_MAGIC);
      frame(FrameKind.hello, (into) =>
        writeHello(into, {
          versionMin: 1,
          version: 1,
          clusterId: "test",
          host: 9,
          target: station.host,
          dataId: "data9",
          incarnation: 1,
          features: 0,
          nonce: 1,
          lane,
          address: "host9:1",
        }),
      );
    },
    onData: () => undefined,
    onClose: () => {
      closed = true;
    },
  });
  return { frame, isClosed: () => closed };
}

const INFO: SnapshotInfo = {
  term: 1,
  index: 5,
  id: "s",
  bytes: 100,
  membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
};

/** A station that takes every snapshot and never gets its chunks written. */
async function taking(cluster: Cluster): Promise<Station> {
  const station = await cluster.station(1);
  station.onSnapshotOffer = async () => ({
    haveBytes: 0,
    write: () => new Promise<void>(() => undefined),
    finish: async () => undefined,
    abort: async () => undefined,
  });
  return station;
}

const OFFER = (transfer: number) => (writer: ByteWriter) =>
  writeSnapshotOffer(writer, { transfer, term: 1, info: INFO });
const CHUNK = (offset: number, bytes: number) => (writer: ByteWriter) =>
  writeSnapshotChunk(writer, { transfer: 1, offset, content: new Uint8Array(bytes) });

test.each([
  ["a frame of an unknown kind", "control", [[99, () => undefined]]],
  ["a snapshot frame on a lane for messages", "log", [[FrameKind.snapshotOffer, OFFER(1)]]],
  ["a second hello", "control", [[FrameKind.hello, () => undefined]]],
  [
    "a message with bytes behind its end",
    "control",
    [
      [
        FrameKind.message,
        (writer: ByteWriter) => {
          writeMessage(writer, { type: "timeoutNow", from: 9, to: 1, term: 1 });
          writer.u8(0);
        },
      ],
    ],
  ],
  [
    "a frame beyond the lane's limit",
    "control",
    [[4, (writer) => writer.raw(new Uint8Array((1 << 20) + 1))]],
  ],
  [
    "a snapshot chunk out of order",
    "bulk",
    [
      [FrameKind.snapshotOffer, OFFER(1)],
      [FrameKind.snapshotChunk, CHUNK(7, 10)],
    ],
  ],
  [
    "more snapshot chunks than the window",
    "bulk",
    [
      [FrameKind.snapshotOffer, OFFER(1)],
      ...[0, 1, 2, 3, 4].map((nth) => [FrameKind.snapshotChunk, CHUNK(nth << 20, 1 << 20)]),
    ],
  ],
  [
    "more snapshots than one peer may send",
    "bulk",
    Array.from({ length: 17 }, (_, nth) => [FrameKind.snapshotOffer, OFFER(nth + 1)]),
  ],
] as [string, Lane, [number, (writer: ByteWriter) => void][]][])(
  "%s ends the connection with an event, and nothing else",
  async (_, lane, frames) => {
    const cluster = new Cluster();
    const station = await taking(cluster);
    const peer = hostile(cluster, station, lane);
    await cluster.world.run(100);
    expect(peer.isClosed()).toBe(false);
    for (const [kind, body] of frames) {
      peer.frame(kind, body);
      await cluster.world.run(10);
    }
    await cluster.until(peer.isClosed);
    expect(station.events.filter(({ type }) => type === "badPeerBytes").length).toBe(1);
    expect(station.messages).toEqual([]);
  },
);

test("a peer that pings without reading does not fill our memory", async () => {
  const cluster = new Cluster();
  const station = await cluster.station(1);
  const peer = hostile(cluster, station, "control");
  await cluster.world.run(100);
  cluster.network.link("host1", "host9").isCut = true;
  const before = station.transport.counters.bytesSent;
  for (let nth = 0; nth < 300; nth++) {
    peer.frame(FrameKind.ping, (writer) => writer.raw(new Uint8Array(1_000)));
  }
  await cluster.world.run(100);
  expect(station.transport.counters.bytesSent - before).toBeLessThan(100_000);
});
