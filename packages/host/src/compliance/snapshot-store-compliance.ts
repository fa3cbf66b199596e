import type { SnapshotInfo } from "@quorate/core";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import { type ComplianceRunner, rejectionCode } from "./compliance-runner.ts";

/** What the suite needs of an implementation under test. */
export interface SnapshotStoreUnderTest {
  /** An empty store, new for every call. */
  create(): Promise<SnapshotStore>;
  /** The same store after the process was ended and started again. */
  restart(store: SnapshotStore): Promise<SnapshotStore>;
  /** Bytes after which content written so far is durable without a commit, so that a transfer can go on there. */
  readonly syncBytes: number;
}

/** Checks an implementation of `SnapshotStore` against its contract. */
export function snapshotStoreCompliance(
  runner: ComplianceRunner,
  subject: SnapshotStoreUnderTest,
): void {
  const { test, equal } = runner;

  test("a committed snapshot is listed and gives its content back, across restarts", async () => {
    const store = await subject.create();
    const content = bytes(3_000_000);
    const info = await write(store, described(5, "a"), content, 700_001);
    equal(info, { ...described(5, "a"), bytes: content.length });
    equal(await store.list(), [info]);
    equal(same(await collect(store, info, 0), content), true);
    const again = await subject.restart(store);
    equal(await again.list(), [info]);
    equal(same(await collect(again, info, 0), content), true);
  });

  test("content is read from any byte", async () => {
    const store = await subject.create();
    const content = bytes(2_500_000);
    const info = await write(store, described(5, "a"), content, 1 << 20);
    for (const from of [1, 1_048_575, 1_048_576, 1_048_577, 2_499_999, 2_500_000]) {
      equal(same(await collect(store, info, from), content.subarray(from)), true);
    }
  });

  test("an empty snapshot is a snapshot", async () => {
    const store = await subject.create();
    const info = await write(store, described(1, "empty"), bytes(0), 1);
    equal(info.bytes, 0);
    equal((await collect(store, info, 0)).length, 0);
    equal(await (await subject.restart(store)).list(), [info]);
  });

  test("nothing of a snapshot counts before it is committed", async () => {
    const store = await subject.create();
    const writer = await store.create(described(5, "a"));
    await writer.write(bytes(10));
    equal(await store.list(), []);
    equal(await (await subject.restart(store)).list(), []);
  });

  test("a discarded snapshot of unknown length leaves nothing to go on from", async () => {
    const store = await subject.create();
    const writer = await store.create(described(5, "a"));
    await writer.write(bytes(10));
    await writer.discard();
    await writer.discard();
    equal(await store.list(), []);
    equal(await store.resume({ ...described(5, "a"), bytes: 10 }), undefined);
  });

  test("a broken transfer goes on behind what is durable, also after a restart", async () => {
    const store = await subject.create();
    const content = bytes(subject.syncBytes + 2_000_000);
    const info = { ...described(5, "a"), bytes: content.length };
    const writer = await store.create(info);
    await writer.write(content.subarray(0, subject.syncBytes + 1_500_000));
    equal(writer.durableBytes >= subject.syncBytes, true);
    await writer.discard();
    const again = await subject.restart(store);
    const resumed = await again.resume(info);
    equal(resumed !== undefined && resumed.durableBytes >= subject.syncBytes, true);
    if (resumed === undefined) return;
    await resumed.write(content.subarray(resumed.durableBytes));
    equal(await resumed.commit(), info);
    equal(same(await collect(again, info, 0), content), true);
  });

  test("only the very snapshot that was begun can be continued", async () => {
    const store = await subject.create();
    const info = { ...described(5, "a"), bytes: 100 };
    await (await store.create(info)).discard();
    equal(await store.resume({ ...info, id: "b" }), undefined);
    equal(await store.resume({ ...info, index: 6 }), undefined);
    equal(await store.resume({ ...info, bytes: 101 }), undefined);
    const resumed = await store.resume(info);
    equal(resumed?.durableBytes, 0);
  });

  test("a transfer that is shorter or longer than announced is not committed", async () => {
    const store = await subject.create();
    for (const [id, length] of [
      ["short", 99],
      ["long", 101],
    ] as const) {
      const info: SnapshotInfo = { ...described(5, id), bytes: 100 };
      const writer = await store.create(info);
      await writer.write(bytes(length));
      equal(await rejectionCode(writer.commit()), "CORRUPT_SNAPSHOT");
    }
    equal(await store.list(), []);
  });

  test("lists are newest first, and pruning keeps the newest and what may be continued", async () => {
    const store = await subject.create();
    const infos: SnapshotInfo[] = [];
    for (const index of [3, 9, 5, 7]) {
      infos.push(await write(store, described(index, `id-${index}`), bytes(index), 2));
    }
    const indexes = async (from: SnapshotStore): Promise<number[]> =>
      (await from.list()).map((info) => info.index);
    equal(await indexes(store), [9, 7, 5, 3]);
    const wanted = { ...described(20, "wanted"), bytes: 50 };
    const unwanted = { ...described(21, "unwanted"), bytes: 50 };
    await (await store.create(wanted)).discard();
    await (await store.create(unwanted)).discard();
    const busy = await store.create(described(22, "busy"));
    await store.prune(2, ["wanted"]);
    equal(await indexes(store), [9, 7]);
    equal((await store.resume(wanted)) !== undefined, true);
    equal(await store.resume(unwanted), undefined);
    await busy.write(bytes(3));
    await busy.commit();
    equal(await indexes(await subject.restart(store)), [22, 9, 7]);
  });

  test("reading what is not there is an error, not an empty snapshot", async () => {
    const store = await subject.create();
    const missing = { ...described(5, "missing"), bytes: 10 };
    equal(await rejectionCode(collect(store, missing, 0)), "CORRUPT_SNAPSHOT");
  });

  test("identifiers may hold anything", async () => {
    const store = await subject.create();
    const ids = ["../up", "a/b", "..", "%", "ä\u{1f600}", "a.partial", "A", "a".repeat(40)];
    for (const id of ids) await write(store, described(5, id), bytes(7), 7);
    const found = (await (await subject.restart(store)).list()).map((info) => info.id);
    equal([...found].sort(), [...ids].sort());
  });

  test("the same snapshot twice is refused", async () => {
    const store = await subject.create();
    await write(store, described(5, "a"), bytes(7), 7);
    equal(await rejectionCode(store.create(described(5, "a"))), "ALREADY_EXISTS");
    const writer = await store.create(described(6, "b"));
    equal(await rejectionCode(store.create(described(6, "b"))), "ALREADY_EXISTS");
    await writer.discard();
  });
}

function described(index: number, id: string): Omit<SnapshotInfo, "bytes"> {
  const membership = {
    voters: [1, 2, 3],
    outgoing: [1, 2],
    learners: [4],
    learnersNext: [2],
    autoLeave: true,
  };
  return { term: 2, index, id, membership };
}

/** Bytes that repeat at no distance a chunk could have. */
function bytes(length: number): Uint8Array {
  const made = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    made[at] = state >>> 16;
  }
  return made;
}

async function write(
  store: SnapshotStore,
  info: Omit<SnapshotInfo, "bytes">,
  content: Uint8Array,
  pieceBytes: number,
): Promise<SnapshotInfo> {
  const writer = await store.create(info);
  for (let at = 0; at < content.length; at += pieceBytes) {
    await writer.write(content.subarray(at, at + pieceBytes));
  }
  return writer.commit();
}

async function collect(
  store: SnapshotStore,
  info: SnapshotInfo,
  fromByte: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of store.read(info, fromByte)) {
    chunks.push(chunk);
    length += chunk.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
