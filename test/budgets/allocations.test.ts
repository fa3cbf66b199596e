import { Duplex } from "node:stream";
import type { PeerMessage, RaftCore } from "@quorate/core";
import { createCore } from "@quorate/core";
import { GrpcServer } from "@quorate/grpc";
import type { Committed } from "@quorate/host";
import { type KvCommand, KvMachine, kvCommandCodec, MemoryStore } from "@quorate/kv";
import { PutRequest, PutResponse } from "@quorate/protocol";
import { expect, test } from "vitest";
import { MemoryLog } from "../../packages/core/test/support/memory-log.ts";
import { bytesPerOperation } from "./allocations.ts";

// Bytes of heap per operation of the hot paths, in code that is not optimized: the same in every run, whatever the machine.
// The budgets are what was measured and a fifth; who goes beyond has made every put more expensive.

const VALUE = new Uint8Array(256).fill(0x76);
const key = (place: number): Uint8Array => Uint8Array.of(0x6b, place >> 8, place);

/** Bytes by path. */
const BUDGETS = {
  decodePutRequest: 420,
  encodePutResponse: 630,
  encodeCommand: 310,
  decodeCommand: 520,
  applyPut: 225,
  unaryCall: 4_100,
  replicateEntry: 14_500,
} as const;

/** The budgets are Node 20's. Others lay objects out a little differently: there only a lapse of half is judged. */
const ALLOWANCE = process.versions.node.startsWith("20.") ? 1 : 1.5;

function judge(path: keyof typeof BUDGETS, bytes: number): void {
  expect(bytes, `${path}: bytes per operation`).toBeGreaterThan(0);
  expect(bytes, `${path}: bytes per operation`).toBeLessThanOrEqual(BUDGETS[path] * ALLOWANCE);
}

test("a put's request and answer on the wire", () => {
  const request = PutRequest.encode({ key: key(1), value: VALUE });
  const decoded = bytesPerOperation(200, () => {
    for (let count = 0; count < 200; count++) PutRequest.decode(request);
  });
  judge("decodePutRequest", decoded);
  const header = { clusterId: 0x1234_5678_9abc_def0n, memberId: 0xfedc_ba98n, raftTerm: 3 };
  const encoded = bytesPerOperation(200, () => {
    for (let revision = 0; revision < 200; revision++) {
      PutResponse.encode({ header: { ...header, revision } });
    }
  });
  judge("encodePutResponse", encoded);
});

test("a put as a command in the log", () => {
  const put: KvCommand = { type: "put", key: key(1), value: VALUE };
  const encoded = kvCommandCodec.encode(put, 0);
  judge(
    "encodeCommand",
    bytesPerOperation(200, () => {
      for (let count = 0; count < 200; count++) kvCommandCodec.encode(put, 0);
    }),
  );
  judge(
    "decodeCommand",
    bytesPerOperation(200, () => {
      for (let count = 0; count < 200; count++) kvCommandCodec.decode(encoded, 1);
    }),
  );
});

test("a put applied", () => {
  const machine = new KvMachine({ store: new MemoryStore(), defer: () => {} });
  let index = 0;
  const portion = Array.from({ length: 100 }, (_, place): Committed<KvCommand> => {
    const command: KvCommand = { type: "put", key: key(place), value: VALUE };
    return { term: 1, index: place + 1, slot: 0, proposedAtMs: 0, command };
  });
  judge(
    "applyPut",
    bytesPerOperation(100, () => {
      index += machine.apply(portion).length;
    }),
  );
  expect(machine.revision).toBe(index + 1);
});

/** A socket that takes everything. */
class Sink extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

function frame(type: number, flags: number, stream: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** A header list of indexed and literal fields without Huffman code, nothing of it remembered. */
function headerBlock(path: string): Buffer {
  const literal = (name: string, value: string): Buffer =>
    Buffer.concat([
      Buffer.of(0, name.length),
      Buffer.from(name),
      Buffer.of(value.length),
      Buffer.from(value),
    ]);
  return Buffer.concat([
    Buffer.of(0x83, 0x86),
    literal(":path", path),
    literal(":authority", "localhost"),
    literal("content-type", "application/grpc"),
    literal("te", "trailers"),
    literal("grpc-timeout", "10S"),
  ]);
}

test("a unary call, from the socket's bytes to the answer's", () => {
  const answer = new Uint8Array(40);
  let calls = 0;
  const server = new GrpcServer({
    methods: [
      {
        kind: "unary",
        path: "/budget.Service/Put",
        handle: () => {
          calls += 1;
          return answer;
        },
      },
    ],
    clock: { nowMs: () => 0, startTimer: () => () => {} },
  });
  const socket = new Sink();
  server.serve(socket);
  socket.emit("data", Buffer.concat([PREFACE, frame(4, 0, 0, Buffer.alloc(0))]));
  const block = headerBlock("/budget.Service/Put");
  const message = Buffer.concat([Buffer.of(0, 0, 0, 1, 14), Buffer.alloc(270)]);
  let stream = 1;
  const perRound = 50;
  const round = (): void => {
    const frames: Buffer[] = [];
    for (let count = 0; count < perRound; count++) {
      frames.push(frame(1, 4, stream, block), frame(0, 1, stream, message));
      stream += 2;
    }
    // Windows that the client keeps open, so that every answer leaves at once.
    const grown = Buffer.alloc(4);
    grown.writeUInt32BE(1 << 16);
    frames.push(frame(8, 0, 0, grown));
    socket.emit("data", Buffer.concat(frames));
  };
  judge("unaryCall", bytesPerOperation(perRound, round));
  expect(calls).toBe((stream - 1) / 2);
  socket.destroy();
});

/** Three cores that answer each other at once. */
class Cores {
  readonly #members: { readonly core: RaftCore; readonly log: MemoryLog }[];

  constructor() {
    const membership = {
      voters: [1, 2, 3],
      outgoing: [],
      learners: [],
      learnersNext: [],
      autoLeave: false,
    };
    this.#members = membership.voters.map((id) => {
      const log = new MemoryLog();
      const restored = { hardState: { term: 0, vote: 0, commit: 0 }, membership, applied: 0 };
      return { log, core: createCore({ id, random: () => 0.5 }, restored, log) };
    });
    this.leader.campaign();
    this.settle();
  }

  get leader(): RaftCore {
    return (this.#members[0] as { readonly core: RaftCore }).core;
  }

  /** Carries out everything that everybody wants done. */
  settle(): void {
    while (this.#members.some(({ core }) => core.hasEffects())) {
      for (const { core, log } of this.#members) {
        if (!core.hasEffects()) continue;
        const { send, append, apply } = core.takeEffects();
        this.#deliver(send);
        if (append !== undefined) {
          log.append(append.entries);
          core.appendDone(append.id);
          this.#deliver(append.afterDurable);
        }
        if (apply !== undefined) core.applyDone(apply.id);
      }
    }
  }

  #deliver(messages: readonly PeerMessage[]): void {
    for (const message of messages) this.#members[message.to - 1]?.core.step(message);
  }
}

test("an entry proposed, replicated, committed and applied by three cores", () => {
  const cores = new Cores();
  expect(cores.leader.status().role).toBe("leader");
  const entry = { kind: "command", payload: VALUE } as const;
  const bytes = bytesPerOperation(30, () => {
    for (let count = 0; count < 30; count++) {
      cores.leader.propose([entry]);
      cores.settle();
    }
  });
  judge("replicateEntry", bytes);
});
