import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { bytesOfBinaryString } from "../../src/bytes/bytes.ts";
import { kvCommandCodec } from "../../src/codec/command-codec.ts";
import { kvResultCodec } from "../../src/codec/result-codec.ts";
import { type KvCommand, TXN_OPERATIONS_MAX } from "../../src/command.ts";
import { LmdbStore } from "../../src/lmdb/index.ts";
import type { KvResult } from "../../src/result.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import type { OrderedStore } from "../../src/store/ordered-store.ts";
import { checkRequest } from "../../src/txn/check-request.ts";
import { command, lease, range } from "../model/arbitraries.ts";
import { etcdHash } from "../model/etcd-hash.ts";
import { MachineDriver } from "../model/machine-driver.ts";
import { ReferenceKv } from "../model/reference-kv.ts";

const root = mkdtempSync(join(tmpdir(), "quorate-kv-machine-"));
let directories = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What happens between requests: nothing of it may show in any answer. */
type Upheaval = "flush" | "flushAndGoOn" | "sweep" | "reopen" | "crash" | "restore";

const upheaval: fc.Arbitrary<Upheaval> = fc.constantFrom(
  "flush",
  "flushAndGoOn",
  "sweep",
  "reopen",
  "crash",
  "restore",
);

const step = fc.oneof(
  { weight: 6, arbitrary: command.map((command) => ({ type: "command" as const, command })) },
  { weight: 4, arbitrary: range.map((request) => ({ type: "range" as const, request })) },
  { weight: 1, arbitrary: lease.map((id) => ({ type: "lease" as const, id })) },
  { weight: 2, arbitrary: upheaval.map((what) => ({ type: "upheaval" as const, what })) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function applyToReference(reference: ReferenceKv, request: KvCommand): KvResult {
  let result: KvResult;
  switch (request.type) {
    case "put":
      result =
        checkRequest(request, TXN_OPERATIONS_MAX) ??
        reference.checkPut(request) ??
        (reference.put(request) as KvResult);
      break;
    case "deleteRange":
      result = reference.deleteRange(request) as KvResult;
      break;
    case "txn":
      result = checkRequest(request, TXN_OPERATIONS_MAX) ?? reference.txn(request);
      break;
    case "compact":
      result = reference.compact(request.revision);
      break;
    case "leaseGrant":
      if (reference.leases.has(request.id)) result = { type: "error", code: "leaseExists" };
      else {
        reference.leases.set(request.id, request.ttlSeconds);
        const { id, ttlSeconds } = request;
        result = { type: "leaseGrant", id, ttlSeconds, revision: reference.revision };
      }
      break;
    case "leaseRevoke":
      result = reference.revoke(request.id);
      break;
    default:
      throw new Error(`The reference does not know ${request.type}.`);
  }
  reference.commit();
  return result;
}

/** Where the machine lives: how to open its store, again and again. */
interface Home {
  open(): OrderedStore;
}

/** A machine that is flushed, crashed and restored while it answers requests. */
class Subject {
  readonly #home: Home;
  #driver: MachineDriver;
  /** Commands since the last flush, which a crash loses and the log brings back. */
  #log: Uint8Array[] = [];
  #pending: Promise<void>[] = [];

  private constructor(home: Home, driver: MachineDriver) {
    this.#home = home;
    this.#driver = driver;
  }

  static async open(home: Home): Promise<Subject> {
    return new Subject(home, await MachineDriver.open(home.open()));
  }

  get driver(): MachineDriver {
    return this.#driver;
  }

  apply(request: KvCommand): KvResult {
    const bytes = kvCommandCodec.encode(request);
    this.#log.push(bytes);
    return this.#driver.apply(kvCommandCodec.decode(bytes));
  }

  async upheave(what: Upheaval): Promise<void> {
    const driver = this.#driver;
    switch (what) {
      case "flush":
        await this.#flush();
        break;
      case "flushAndGoOn":
        this.#pending.push(driver.flush());
        break;
      case "sweep":
        driver.deferred.drain();
        break;
      case "reopen":
        await this.#flush();
        await driver.machine.close();
        this.#driver = await MachineDriver.open(this.#home.open());
        expect(this.#driver.index).toBe(driver.index);
        break;
      case "crash":
        await this.#crash();
        break;
      case "restore":
        await this.#restore();
        break;
    }
  }

  /** Everything in memory is lost; the log is applied again from where the store stands. */
  async #crash(): Promise<void> {
    const { index } = this.#driver;
    await Promise.all(this.#pending.splice(0));
    await this.#driver.store.close();
    this.#driver = await MachineDriver.open(this.#home.open());
    const missing = index - this.#driver.index;
    for (const bytes of this.#log.slice(this.#log.length - missing)) {
      this.#driver.apply(kvCommandCodec.decode(bytes));
    }
  }

  /** Another member takes over by snapshot, and commands that were applied meanwhile follow. */
  async #restore(): Promise<void> {
    const source = this.#driver.machine.beginSnapshot();
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks()) chunks.push(...inPieces(chunk, 777));
    source.release();
    const { index } = this.#driver;
    await this.#flush();
    await this.#driver.machine.close();
    this.#driver = await MachineDriver.open(this.#home.open());
    await this.#driver.restore(chunks, index);
  }

  async #flush(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
    await this.#driver.flush();
    this.#log = [];
  }

  async close(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
    await this.#driver.machine.close();
  }
}

function inPieces(bytes: Uint8Array, length: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += length) pieces.push(bytes.slice(at, at + length));
  return pieces;
}

async function compareWithReference(steps: readonly Step[], home: Home): Promise<void> {
  const subject = await Subject.open(home);
  const witness = new MachineDriver(new MemoryStore());
  const reference = new ReferenceKv();
  for (const step of steps) {
    if (step.type === "upheaval") await subject.upheave(step.what);
    else if (step.type === "command") {
      const expected = applyToReference(reference, step.command);
      const actual = subject.apply(step.command);
      expect(actual).toEqual(expected);
      expect(kvResultCodec.decode(kvResultCodec.encode(actual))).toEqual(expected);
      witness.apply(step.command);
    } else if (step.type === "range") {
      const { driver } = subject;
      const bare = step.request.revision !== undefined && step.request.revision > 0;
      const at = bare ? step.request : { ...step.request, revision: 0 };
      expect(driver.query(step.request)).toEqual(reference.range(at, false));
    } else checkLease(subject, reference, step.id);
  }
  const { machine } = subject.driver;
  const status = machine.status();
  expect(status.revision).toBe(reference.revision);
  expect(status.compactRevision).toBe(reference.compacted);
  expect(status.keys).toBe(reference.snapshot(reference.revision).length);
  expect(status.stateHash).toBe(witness.machine.status().stateHash);
  await compareAllRevisions(subject.driver, witness, reference);
  await subject.close();
}

/** Everything that can still be read is equal, on members with different lives. */
async function compareAllRevisions(
  driver: MachineDriver,
  witness: MachineDriver,
  reference: ReferenceKv,
): Promise<void> {
  const all = { type: "range", key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) } as const;
  for (let at = Math.max(1, reference.compacted); at <= reference.revision; at++) {
    const request = { ...all, revision: at };
    expect(driver.query(request)).toEqual(reference.range(request, false));
    const hashes = await Promise.all(
      [driver, witness].map((one) =>
        one.settle(Promise.resolve(one.machine.query({ type: "hashKv", revision: at }))),
      ),
    );
    expect(hashes[0]).toEqual(hashes[1]);
    expect(hashes[0]).toMatchObject({ hash: etcdHash(reference, at), hashRevision: at });
  }
}

function checkLease(subject: Subject, reference: ReferenceKv, id: bigint): void {
  const query = { type: "leaseTimeToLive", id, keys: true, nowMs: 0 } as const;
  const exists = reference.leases.has(id);
  expect(subject.driver.query(query)).toEqual({
    type: "leaseTimeToLive",
    id,
    ttlSeconds: reference.leases.get(id) ?? -1,
    grantedTtlSeconds: reference.leases.get(id) ?? 0,
    keys: exists ? reference.keysOf(id).map(bytesOfBinaryString) : [],
    revision: reference.revision,
  });
}

test("answers like the reference, whatever happens to the member, in memory", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: "max" }), async (steps) => {
      const store = new MemoryStore();
      await compareWithReference(steps, { open: () => store.reopen() });
    }),
    { numRuns: 300 },
  );
});

test("answers like the reference, whatever happens to the member, on lmdb", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const directory = join(root, String(directories++));
      await compareWithReference(steps, {
        open: () => LmdbStore.open({ directory, noSync: true }),
      });
    }),
    { numRuns: 40 },
  );
});
