// The mix of a soak: what many small clients do all day, as fast as the members take it.
import { KVService, LeaseService, utf8 } from "@quorate/protocol";
import { mayHaveHappened } from "../drills/lib/member-calls.mjs";
import { pause } from "../drills/lib/report.mjs";

const WORKERS = 16;
const KEYS_PER_WORKER = 100;
const VALUE_BYTES_MAX = 2000;
const TIMEOUT_MS = 10_000;

const keyOf = (worker, number) => `soak/${worker}/${number}`;

/** Every worker has keys of its own, so that it knows what each of them must be. */
export class MixedLoad {
  /** By key: what it may be. More than one possibility after an answer that did not come; undefined is "not there". */
  expected = new Map();
  counts = { puts: 0, gets: 0, deletes: 0, transactions: 0, leases: 0, pages: 0 };
  unanswered = 0;
  wrong = [];
  #drill;
  #running = true;
  #done;

  constructor(drill) {
    this.#drill = drill;
    this.#done = Array.from({ length: WORKERS }, (_, worker) => this.#work(worker));
  }

  get operations() {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#done);
  }

  async #work(worker) {
    const { cluster, random } = this.#drill;
    for (let turn = 0; this.#running; turn += 1) {
      const member = cluster.members[(worker + turn) % cluster.members.length];
      if (!cluster.isRunning(member)) {
        await pause(1);
        continue;
      }
      const key = keyOf(worker, Math.floor(random() * KEYS_PER_WORKER));
      await this.#operate(member, key, `${worker}/${turn}`, random());
    }
  }

  async #operate(member, key, name, dice) {
    const calls = this.#drill.calls(member);
    const value = `${name}/${"x".repeat(Math.floor(dice * 1000 * VALUE_BYTES_MAX) % VALUE_BYTES_MAX)}`;
    const put = { key: utf8(key), value: utf8(value) };
    if (dice < 0.55) {
      await this.#change("puts", key, value, () => calls.call(KVService.put, put, TIMEOUT_MS));
    } else if (dice < 0.7) await this.#read(calls, key);
    else if (dice < 0.8) {
      const range = { key: utf8(key) };
      await this.#change("deletes", key, undefined, () =>
        calls.call(KVService.deleteRange, range, TIMEOUT_MS),
      );
    } else if (dice < 0.9) {
      const success = [{ request: { kind: "requestPut", value: put } }];
      await this.#change("transactions", key, value, () =>
        calls.call(KVService.txn, { success }, TIMEOUT_MS),
      );
    } else if (dice < 0.95) await this.#lease(calls, name);
    else await this.#page(member, key);
  }

  /** One worker does one thing at a time: nobody else changes its keys meanwhile. */
  async #change(kind, key, value, act) {
    const before = this.expected.get(key) ?? [undefined];
    this.expected.set(key, [...before, value]);
    try {
      await act();
      this.expected.set(key, [value]);
      this.counts[kind] += 1;
    } catch (error) {
      if (!mayHaveHappened(error)) this.expected.set(key, before);
      this.unanswered += 1;
      await pause(5);
    }
  }

  async #read(calls, key) {
    try {
      const found = await calls.get(key, { timeoutMs: TIMEOUT_MS });
      this.#compare(key, found === undefined ? undefined : Buffer.from(found.value).toString());
      this.counts.gets += 1;
    } catch {
      this.unanswered += 1;
    }
  }

  #compare(key, value) {
    const expected = this.expected.get(key) ?? [undefined];
    if (!expected.includes(value)) this.wrong.push(`${key} is ${value?.slice(0, 20)}`);
  }

  /** A lease that comes and goes with its key. */
  async #lease(calls, name) {
    try {
      const { id } = await calls.call(LeaseService.leaseGrant, { ttl: 5 }, TIMEOUT_MS);
      const leased = { key: utf8(`leased/${name}`), value: utf8("1"), lease: id };
      await calls.call(KVService.put, leased, TIMEOUT_MS);
      // The other half is left to expire.
      if (id % 2n === 0n) await calls.call(LeaseService.leaseRevoke, { id }, TIMEOUT_MS);
      this.counts.leases += 1;
    } catch {
      this.unanswered += 1;
    }
  }

  /** The same through the JSON pages. */
  async #page(member, key) {
    try {
      const answer = await fetch(`${member.clientUrl}/v3/kv/range`, {
        method: "POST",
        body: JSON.stringify({ key: Buffer.from(key).toString("base64") }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { kvs, error } = await answer.json();
      if (error !== undefined) throw new Error(error);
      this.#compare(key, kvs && Buffer.from(kvs[0].value ?? "", "base64").toString());
      this.counts.pages += 1;
    } catch {
      this.unanswered += 1;
    }
  }

  /** Reads every key from `member`. */
  async verify(member) {
    const found = await this.#drill.calls(member).list("soak/", { timeoutMs: 30_000 });
    const values = new Map(found.map(({ name, text }) => [name, text]));
    for (const key of new Set([...this.expected.keys(), ...values.keys()])) {
      this.#compare(key, values.get(key));
    }
  }
}
