import type { Committed, SnapshotSource, StateMachine } from "@quorate/host";
import {
  type KvAnswer,
  type KvCommand,
  type KvQuery,
  type KvResult,
  kvCommandCodec,
} from "@quorate/kv";
import { expect, test } from "vitest";
import type { DirectoryMember } from "../../src/directory/directory.ts";
import {
  type MemberCommand,
  MemberMachine,
  memberCommandCodec,
} from "../../src/directory/member-machine.ts";

const key = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

/** A machine that remembers what it was given, to see what the directory adds and takes away. */
class Recorder implements StateMachine<KvCommand, KvResult, KvQuery, KvAnswer> {
  readonly batches: string[][] = [];
  flushed: Uint8Array = bytes();
  restored: { chunks: number[]; companion: Uint8Array } | undefined;
  opened: Uint8Array = bytes();

  open() {
    return { position: { term: 1, index: 1 }, companion: this.opened };
  }
  apply(batch: readonly Committed<KvCommand>[]): readonly KvResult[] {
    this.batches.push(batch.map(({ command }) => command.type));
    return batch.map(({ index }) => ({ type: "compact", revision: index }));
  }
  query(): KvAnswer {
    return { type: "leases", ids: [], revision: 1 };
  }
  beginSnapshot(): SnapshotSource {
    return {
      async *chunks() {
        yield bytes(1, 2, 3);
        yield bytes(4);
      },
      release: () => {},
    };
  }
  async restore(
    _: unknown,
    chunks: AsyncIterable<Uint8Array>,
    companion: Uint8Array,
  ): Promise<void> {
    const all: number[] = [];
    for await (const chunk of chunks) all.push(...chunk);
    this.restored = { chunks: all, companion };
  }
  async flush(_: unknown, companion: Uint8Array): Promise<void> {
    this.flushed = companion;
  }
  async close(): Promise<void> {}
}

const founder: DirectoryMember = {
  id: 1,
  publicId: 11n,
  name: "",
  peerUrls: ["http://a:1"],
  clientUrls: [],
  isLearner: false,
};
const publish: MemberCommand = {
  type: "memberPublish",
  member: { ...founder, name: "a" },
  founders: [founder],
};
const put: MemberCommand = { type: "put", key: key("k"), value: key("v") };

const committed = (commands: readonly MemberCommand[]): readonly Committed<MemberCommand>[] =>
  commands.map((command, at) => ({ term: 1, index: at + 1, slot: 0, command, proposedAtMs: 0 }));

test("keys go to the key-value machine in runs, members to the directory, results in order", async () => {
  const kv = new Recorder();
  const machine = new MemberMachine(kv);
  const results = await machine.apply(committed([put, put, publish, put]));
  expect(kv.batches).toEqual([["put", "put"], ["put"]]);
  expect(results.map(({ type }) => type)).toEqual(["compact", "compact", "directory", "compact"]);
  expect(results[3]).toEqual({ type: "compact", revision: 4 });
  expect(machine.directory.member(1)?.name).toBe("a");
  expect(machine.counts.put).toBe(3);
});

test("a batch of keys alone passes through as it is, at once", () => {
  const kv = new Recorder();
  expect(new MemberMachine(kv).apply(committed([put, put]))).toHaveLength(2);
  expect(kv.batches).toEqual([["put", "put"]]);
});

test("the directory is flushed and opened together with the companion", async () => {
  const kv = new Recorder();
  const machine = new MemberMachine(kv);
  await machine.apply(committed([publish]));
  await machine.flush?.({ term: 1, index: 1 }, bytes(9, 8));
  const reopened = new Recorder();
  reopened.opened = kv.flushed;
  const again = new MemberMachine(reopened);
  expect((await again.open()).companion).toEqual(bytes(9, 8));
  expect(again.directory.members()).toEqual(machine.directory.members());
  expect(again.directory.nextId).toBe(2);
});

test("an empty machine opens empty", async () => {
  const machine = new MemberMachine(new Recorder());
  expect((await machine.open()).companion).toEqual(bytes());
  expect(machine.directory.members()).toEqual([]);
});

test.each([1, 2, 5, 1000])("a snapshot carries the directory, in chunks of %i", async (size) => {
  const machine = new MemberMachine(new Recorder());
  await machine.apply(committed([publish]));
  const whole: number[] = [];
  for await (const chunk of machine.beginSnapshot().chunks()) whole.push(...chunk);
  const target = new Recorder();
  const restored = new MemberMachine(target);
  const info = {
    index: 1,
    term: 1,
    membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
  };
  await restored.restore(
    { ...info } as unknown as Parameters<MemberMachine["restore"]>[0],
    (async function* () {
      for (let at = 0; at < whole.length; at += size)
        yield Uint8Array.from(whole.slice(at, at + size));
    })(),
    bytes(7),
  );
  expect(target.restored?.chunks).toEqual([1, 2, 3, 4]);
  expect(restored.directory.members()).toEqual(machine.directory.members());
  // What the key-value machine keeps is what its next start is opened with.
  target.opened = target.restored?.companion ?? bytes();
  expect((await new MemberMachine(target).open()).companion).toEqual(bytes(7));
});

test("a snapshot that ends within the directory is refused", async () => {
  const machine = new MemberMachine(new Recorder());
  const cut = (async function* () {
    yield bytes(200, 0, 0, 0, 1);
  })();
  await expect(
    machine.restore({} as unknown as Parameters<MemberMachine["restore"]>[0], cut, bytes()),
  ).rejects.toThrow("ends within the directory");
});

async function* streamOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

test("a snapshot whose directory cannot be read leaves the keys alone", async () => {
  const recorder = new Recorder();
  const machine = new MemberMachine(recorder as never);
  const nonsense = bytes(3, 0, 0, 0, 1, 2, 3, 9);
  await expect(machine.restore({} as never, streamOf(nonsense), bytes())).rejects.toThrow();
  expect(recorder.restored).toBeUndefined();
});

test("a snapshot that announces a directory of gigabytes is refused before it is held", async () => {
  const machine = new MemberMachine(new Recorder() as never);
  let taken = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield bytes(255, 255, 255, 255);
    // All of it is less than what is announced: without a limit everything would be taken.
    for (taken = 0; taken < 100; taken += 1) yield new Uint8Array(1024);
  }
  await expect(machine.restore({} as never, endless(), bytes())).rejects.toThrow("does not begin");
  expect(taken).toBe(0);
});

test("both kinds of log entries are told apart", () => {
  const codec = memberCommandCodec(kvCommandCodec);
  expect(codec.decode(codec.encode(put))).toMatchObject({
    type: "put",
    key: key("k"),
    value: key("v"),
  });
  expect(codec.decode(codec.encode(publish))).toEqual(publish);
  expect(() => codec.decode(bytes(99))).toThrow("kind 99");
});
