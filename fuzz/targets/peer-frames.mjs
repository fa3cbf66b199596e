import { join } from "node:path";
import { root } from "../../scripts/prepare.mjs";
import { mutated, pieces } from "../lib/mutate.mjs";

const host = (path) => import(join(root, "packages/host/dist", path));
const { memoryEnvironment, portableChecksum } = await host("environment/memory-environment.js");
const { MemoryNetwork } = await host("environment/memory-network.js");
const { World } = await host("environment/world.js");
const { KnownHosts } = await host("transport/known-hosts.js");
const { StreamTransport } = await host("transport/stream-transport.js");
const { beginFrame, endFrame, FrameKind } = await host("transport/frame.js");
const { STREAM_MAGIC, writeHello } = await host("transport/handshake.js");
const { writeMessage } = await host("transport/message-codec.js");
const { writeSnapshotChunk, writeSnapshotEnd, writeSnapshotOffer, writeSnapshotProgress } =
  await host("transport/snapshot-codec.js");
const { ByteWriter } = await host("wire/byte-writer.js");

const LIMITS = {
  controlQueueBytes: 1 << 20,
  logQueueBytes: 1 << 20,
  snapshotBytesPerSecond: 0,
  snapshotsMax: 2,
};
const KINDS = Object.values(FrameKind);
const LANES = ["control", "log", "bulk"];
const MEMBERSHIP = {
  voters: [1, 9],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};
/** A peer that is served gets acknowledgements and pongs, nothing larger. */
const ANSWER_BYTES_MAX = 100_000;

const position = (random) => ({ term: random.number(), index: random.number() });
const info = (random) => ({
  ...position(random),
  id: "s".repeat(random.below(30)),
  bytes: random.number(),
  membership: MEMBERSHIP,
});

const MESSAGES = [
  (random) => ({
    type: "append",
    previous: position(random),
    commit: random.number(),
    entries: Array.from({ length: random.below(5) }, (_, at) => ({
      kind: "command",
      index: at,
      term: random.number(),
      payload: random.bytes(random.below(50)),
    })),
  }),
  (random) => ({ type: "appendOk", match: random.number() }),
  (random) => ({ type: "appendRejected", probed: random.number(), hint: position(random) }),
  (random) => ({ type: "heartbeat", commit: random.number(), readSequence: random.number() }),
  (random) => ({ type: "vote", last: position(random), transfer: random.chance(0.5) }),
  (random) => ({ type: "preVoteReply", granted: random.chance(0.5) }),
  (random) => ({ type: "snapshot", snapshot: info(random) }),
  () => ({ type: "timeoutNow" }),
  (random) => ({
    type: "forwardProposal",
    entries: [{ kind: "command", payload: random.bytes(random.below(50)) }],
  }),
  (random) => ({ type: "readIndexReply", requestId: random.number(), index: random.number() }),
];

function body(kind, random) {
  const writer = new ByteWriter();
  const transfer = random.below(3);
  if (kind === FrameKind.message) {
    writeMessage(writer, {
      from: 9,
      to: 1,
      term: random.number(),
      ...random.pick(MESSAGES)(random),
    });
  } else if (kind === FrameKind.snapshotOffer) {
    writeSnapshotOffer(writer, { transfer, term: random.number(), info: info(random) });
  } else if (kind === FrameKind.snapshotChunk) {
    const offset = random.chance(0.7) ? 0 : random.number();
    writeSnapshotChunk(writer, { transfer, offset, content: random.bytes(random.below(100)) });
  } else if (kind === FrameKind.snapshotHave || kind === FrameKind.snapshotCredit) {
    writeSnapshotProgress(writer, { transfer, bytes: random.number() });
  } else if (kind >= FrameKind.snapshotFinish) {
    writeSnapshotEnd(writer, { transfer, reason: "r".repeat(random.below(20)) });
  } else writer.raw(random.bytes(random.below(40)));
  const bytes = Buffer.from(writer.take());
  return random.chance(0.3) && bytes.length > 0 ? mutated(bytes, random) : bytes;
}

/** A frame with a checksum that fits, so that what is in it is looked at. */
function frame(kind, content, group = 1) {
  const writer = new ByteWriter();
  const start = beginFrame(writer, kind, group);
  writer.raw(content);
  endFrame(writer, start, portableChecksum);
  return Buffer.from(writer.take());
}

function hello(random) {
  const writer = new ByteWriter();
  writeHello(writer, {
    versionMin: 1,
    version: 1,
    clusterId: "test",
    host: 9,
    target: 1,
    dataId: "data9",
    incarnation: 1,
    features: 0,
    nonce: 1,
    lane: random.pick(LANES),
    address: "host9:1",
  });
  const bytes = Buffer.from(writer.take());
  return random.chance(0.1) ? mutated(bytes, random) : bytes;
}

async function station(network) {
  const environment = memoryEnvironment({ world: network.world, network, host: "host1" });
  const opening = environment.files
    .makeDirectory("/data")
    .then(() => KnownHosts.open(environment, "/data"));
  const transport = new StreamTransport({
    environment,
    clusterId: "test",
    host: 1,
    dataId: "data1",
    incarnation: 1,
    listenAddress: "host1:1",
    advertiseAddress: undefined,
    knownHosts: await network.world.complete(opening),
    limits: LIMITS,
    verifyPeer: () => true,
  });
  const seen = { bad: 0, welcome: 0 };
  await transport.start({
    onMessage() {},
    onHostMessage() {},
    onUnreachable() {},
    onSnapshot: async () => ({
      haveBytes: 0,
      write: async () => {},
      finish: async () => {},
      abort: async () => {},
    }),
    onEvent({ type }) {
      if (type === "badPeerBytes") seen.bad += 1;
    },
  });
  return { transport, seen };
}

export default {
  what: "What a member hears from somebody on its peer port: handshakes, messages, snapshot transfers, and noise.",
  covers: [
    "packages/host/dist/transport/frame",
    "packages/host/dist/transport/incoming",
    "packages/host/dist/transport/handshake",
    "packages/host/dist/transport/message-codec",
    "packages/host/dist/transport/heartbeat-codec",
    "packages/host/dist/transport/snapshot-codec",
    "packages/host/dist/transport/snapshot-inbox",
    "packages/host/dist/wire/",
  ],
  input(random) {
    if (random.chance(0.05)) return pieces(random.bytes(random.below(4000)), random);
    const frames = [Buffer.from(STREAM_MAGIC), frame(FrameKind.hello, hello(random))];
    for (let left = random.below(12); left > 0; left -= 1) {
      const kind = random.chance(0.97) ? random.pick(KINDS) : random.below(256);
      frames.push(frame(kind, body(kind, random), random.below(3)));
    }
    const bytes = Buffer.concat(frames);
    return pieces(random.chance(0.2) ? mutated(bytes, random) : bytes, random);
  },
  async run(parts) {
    const network = new MemoryNetwork(new World({ seed: 3 }));
    const { transport, seen } = await station(network);
    const caller = memoryEnvironment({ world: network.world, network, host: "host9" });
    const connection = caller.network.connect(transport.address);
    let isOpen = false;
    let isClosed = false;
    connection.handle({
      onConnect() {
        isOpen = true;
      },
      onData() {},
      onDrain() {},
      onClose() {
        isClosed = true;
      },
    });
    await network.world.runUntil(() => isOpen, 1000);
    for (const part of parts) if (!isClosed) connection.write(part);
    await network.world.run(200);
    const { bytesSent } = transport.counters;
    if (bytesSent > ANSWER_BYTES_MAX) throw new Error(`it was answered with ${bytesSent} bytes`);
    const outcome = seen.bad > 0 ? "refused" : isClosed ? "turned away" : "served";
    connection.destroy();
    await network.world.run(200);
    await network.world.complete(transport.stop());
    return outcome;
  },
};
