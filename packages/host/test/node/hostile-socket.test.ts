import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { portableChecksum } from "../../src/environment/memory-environment.ts";
import type { HostEvent } from "../../src/host.ts";
import { createHost } from "../../src/index.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { beginFrame, endFrame, FRAME_HEADER_BYTES, FrameKind } from "../../src/transport/frame.ts";
import { STREAM_MAGIC, writeHello } from "../../src/transport/handshake.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Far below what the length announces, far above what a connection takes. */
const MEMORY_BYTES_MAX = 32 << 20;

interface RunningHost {
  readonly address: string;
  readonly events: readonly HostEvent[];
}

async function runningHost(): Promise<RunningHost> {
  const events: HostEvent[] = [];
  const host = await createHost({
    environment: nodeEnvironment(),
    directory: await temporaryDirectory(),
    clusterId: "test",
    hostId: 1,
    listenAddress: "127.0.0.1:0",
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => host.close());
  return { address: host.address, events };
}

interface Dialed {
  readonly socket: Socket;
  received: number;
  isClosed: boolean;
}

function dial({ address }: RunningHost): Dialed {
  const [host, port] = address.split(":");
  const socket = connect(Number(port), host);
  const dialed: Dialed = { socket, received: 0, isClosed: false };
  socket.on("data", (bytes) => {
    dialed.received += bytes.length;
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    dialed.isClosed = true;
  });
  onTestFinished(() => void socket.destroy());
  return dialed;
}

function hello(clusterId: string): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(STREAM_MAGIC);
  const start = beginFrame(writer, FrameKind.hello, 0);
  writeHello(writer, {
    versionMin: 1,
    version: 1,
    clusterId,
    host: 9,
    target: 1,
    dataId: "data9",
    incarnation: 1,
    features: 0,
    nonce: 1,
    lane: "log",
    address: "127.0.0.1:1",
  });
  endFrame(writer, start, portableChecksum);
  return writer.take();
}

test("over a real socket a host of another cluster is refused with the reason, and closed", async () => {
  const host = await runningHost();
  const stranger = dial(host);
  stranger.socket.write(hello("another"));
  await vi.waitUntil(() => stranger.isClosed);
  expect(stranger.received).toBeGreaterThan(FRAME_HEADER_BYTES);
  const text = JSON.stringify(host.events);
  expect(text).toContain("host 9 belongs to cluster another");
});

test("over a real socket a huge length behind a good handshake ends the connection and takes no memory", async () => {
  const host = await runningHost();
  const peer = dial(host);
  peer.socket.write(hello("test"));
  await vi.waitUntil(() => peer.received > 0);
  expect(peer.isClosed).toBe(false);
  const before = process.memoryUsage().arrayBuffers;
  const header = new ByteWriter();
  header.u32(0xffff_fff0);
  header.u32(0);
  header.u32(FrameKind.message);
  header.u32(1);
  peer.socket.write(header.take());
  await vi.waitUntil(() => peer.isClosed);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MEMORY_BYTES_MAX);
  // The host goes on: the next one is answered.
  const next = dial(host);
  next.socket.write(hello("test"));
  await vi.waitUntil(() => next.received > 0);
  expect(next.isClosed).toBe(false);
});
