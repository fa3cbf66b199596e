import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { GrpcServer } from "@quorate/grpc";
import { root } from "../../scripts/prepare.mjs";
import { mutated, pieces } from "../lib/mutate.mjs";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const RECORDED = ["grpc-js.bin", "etcdctl-put.bin", "nghttp.bin"].map((name) =>
  readFileSync(join(root, "packages/grpc/test/fixtures/recorded", name)),
);
const LIMITS = {
  maxConcurrentStreams: 20,
  maxReceivedBytesHeld: 200_000,
  maxHeaderListBytes: 4096,
  streamWindowBytes: 65_535,
  connectionWindowBytes: 65_535,
};
const MESSAGE_BYTES_MAX = 100_000;
/** Answers are no longer than what was asked: only so much may come back per byte, besides the first greeting. */
const ANSWER_RATIO_MAX = 100;

const nothing = () => {};
const stream = (path, open, singleRequest = false) => ({
  kind: "stream",
  path,
  singleRequest,
  open,
});
const METHODS = [
  { kind: "unary", path: "/etcdserverpb.KV/Put", handle: (request) => request },
  { kind: "unary", path: "/etcdserverpb.KV/Range", handle: async (request) => request },
  { kind: "unary", path: "/fuzz.Calls/Never", handle: () => new Promise(nothing) },
  stream("/etcdserverpb.Watch/Watch", (calls) => {
    calls.onMessage((message) => calls.write(Buffer.from(message)));
    calls.onEnd(() => calls.end());
  }),
  stream(
    "/fuzz.Calls/Once",
    (calls) => {
      calls.onMessage((message) => calls.write(Buffer.from(message)));
      calls.onEnd(() => calls.end());
    },
    true,
  ),
];

/** A socket whose other end is this file. */
class MemorySocket extends Duplex {
  writtenBytes = 0;
  stalled = false;
  _read() {}
  _write(chunk, _encoding, done) {
    this.writtenBytes += chunk.length;
    if (!this.stalled) done();
  }
}

class Clock {
  now = 1_000_000;
  timers = [];
  nowMs = () => this.now;
  startTimer = (ms, run) => this.timers.push({ atMs: this.now + ms, run });
  advance(ms) {
    this.now += ms;
    for (const timer of this.timers.filter(({ atMs }) => atMs <= this.now)) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.run();
    }
  }
}

function frame(type, flags, streamId, payload) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

const word = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

function headers(random) {
  const fields = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", random.chance(0.9) ? random.pick(METHODS).path : "/none.Such/Method"],
    [":authority", "fuzz"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
  ];
  if (random.chance(0.2))
    fields.push(["grpc-timeout", random.pick(["1n", "20m", "9S", "x", "999999999H"])]);
  if (random.chance(0.2))
    fields.push(["grpc-encoding", random.pick(["gzip", "identity", "deflate"])]);
  if (random.chance(0.2))
    fields.push([
      random.pick(["token", "a-bin", "Bad", ":path", ""]),
      random.bytes(random.below(90)).toString("latin1"),
    ]);
  const list = fields.flatMap(([name, value]) => {
    const texts = [Buffer.from(name, "latin1"), Buffer.from(value, "latin1")];
    return [
      Buffer.of(random.pick([0, 0, 0x10])),
      ...texts.flatMap((text) => [Buffer.of(text.length), text]),
    ];
  });
  const block = Buffer.concat(list);
  return random.chance(0.1) ? mutated(block, random) : block;
}

function message(random) {
  const body = random.bytes(random.chance(0.05) ? random.below(20_000) : random.below(60));
  const length = random.chance(0.9) ? body.length : random.number();
  return Buffer.concat([Buffer.of(random.pick([0, 0, 0, 0, 1, 2])), word(length), body]);
}

function anyFrame(random) {
  const id = random.chance(0.95) ? 1 + 2 * random.below(8) : random.number() % 2 ** 31;
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return frame(1, random.pick([4, 4, 4, 5, 0, 0x24, 0x2c]), id, headers(random));
    case 4:
    case 5:
    case 6:
      return frame(0, random.pick([0, 0, 1, 8]), id, message(random));
    case 7:
      return frame(3, 0, id, word(random.number() % 20));
    case 8: {
      const settings = Array.from({ length: random.below(4) }, () => {
        const one = Buffer.alloc(6);
        one.writeUInt16BE(random.below(9));
        one.writeUInt32BE(random.number() % 2 ** 32, 2);
        return one;
      });
      return frame(4, random.pick([0, 0, 0, 1]), 0, Buffer.concat(settings));
    }
    case 9:
      return frame(
        6,
        random.pick([0, 1]),
        0,
        random.bytes(random.chance(0.9) ? 8 : random.below(20)),
      );
    case 10:
      return frame(8, 0, random.pick([0, id]), word(random.number()));
    case 11:
      return frame(9, random.pick([0, 4]), id, headers(random));
    case 12:
      return frame(7, 0, 0, random.bytes(8 + random.below(20)));
    default:
      return frame(random.below(256), random.below(256), id, random.bytes(random.below(40)));
  }
}

const settle = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export default {
  what: "HTTP/2 frames and gRPC messages on a connection: real recordings with mistakes, and frames that make no sense.",
  covers: ["packages/grpc/dist/http2/", "packages/grpc/dist/hpack/", "packages/grpc/dist/call/"],
  input(random) {
    const kind = random.below(10);
    let bytes;
    if (kind < 3) bytes = mutated(random.pick(RECORDED), random);
    else {
      const frames = Array.from({ length: random.below(40) }, () => anyFrame(random));
      bytes = Buffer.concat([PREFACE, ...frames]);
      if (kind === 3) bytes = mutated(bytes, random);
    }
    return { parts: pieces(bytes, random), stallAt: random.chance(0.1) ? random.below(5) : -1 };
  },
  async run({ parts, stallAt }) {
    const clock = new Clock();
    const defects = [];
    const server = new GrpcServer({
      methods: METHODS,
      limits: LIMITS,
      maxRequestBytes: MESSAGE_BYTES_MAX,
      clock,
      onDefect: (where, defect) => defects.push(`${where}: ${defect?.stack ?? defect}`),
    });
    const socket = new MemorySocket();
    server.serve(socket);
    let received = 0;
    for (const [place, part] of parts.entries()) {
      if (socket.destroyed) break;
      if (place === stallAt) socket.stalled = true;
      received += part.length;
      socket.push(part);
      if (server.callCount > LIMITS.maxConcurrentStreams)
        throw new Error("more calls are open than allowed");
    }
    await settle();
    const refused = socket.destroyed || socket.writableEnded;
    const answerMax = 1000 + received * ANSWER_RATIO_MAX;
    if (socket.writtenBytes > answerMax)
      throw new Error(`${socket.writtenBytes} bytes answer ${received}`);
    // Time closes what input left half open, and nothing stays behind.
    for (let step = 0; step < 70; step += 1) clock.advance(1000);
    await settle();
    socket.destroy();
    await settle();
    if (server.connectionCount > 0 || server.callCount > 0) throw new Error("something stays open");
    if (defects.length > 0) throw new Error(defects[0]);
    return refused ? "refused" : "served";
  },
};
