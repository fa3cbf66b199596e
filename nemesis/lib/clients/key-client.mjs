// A client of keys: reads and writes registers, compares and sets, changes two keys together, appends to lists.
import { deleting, getting, putting } from "@quorate/client";
import { seededRandom } from "../../../drills/lib/report.mjs";
import { HistoryLog } from "./history.mjs";

/** Clients to a key: enough to meet often, few enough for the search for an order. */
const CLIENTS_PER_REGISTER = 4;
const CLIENTS_PER_PAIR = 6;
const CLIENTS_PER_LIST = 6;
/**
 * Keys are left for new ones after so long: writes whose outcome nobody knows stay open for ever, and the search for an order
 * must not drown in them.
 */
const KEY_LIFE_MS = 4_000;
/** Keeps lists short enough to be read again and again. */
const LIST_LIFE_MS = 8_000;

const textOf = (kv) => (kv === undefined ? null : Buffer.from(kv.value).toString());

/** What a read within a transaction found. */
const found = ({ answers }, at = 0) => textOf(answers[at].kvs[0]);

/** `held`: what the key must hold for the transaction to go ahead. */
const holds = (key, held) =>
  held === null
    ? { key, target: "version", is: "=", to: 0 }
    : { key, target: "value", is: "=", to: held };

export class KeyClient {
  #client;
  #log;
  #random;
  #number;
  /** Of the same kind, this one included: keys are as many as they need. */
  #clients;
  #operations = 0;
  /** What it last knew a key to hold: what compare-and-set expects. */
  #known = new Map();
  #isOn = false;
  /** Appends with what became of them, for the exactly-once check of lists. */
  appends = [];

  constructor({ client, log, number, seed, clients }) {
    this.#client = client;
    this.#log = log;
    this.#number = number;
    this.#clients = clients;
    this.#random = seededRandom((seed ^ Math.imul(number, 0x9e3779b1)) >>> 0);
  }

  /** Runs one operation after the other until `stop`; `meanPauseMs` lies between them. */
  async run(meanPauseMs, pause) {
    this.#isOn = true;
    while (this.#isOn) {
      await this.#one();
      await pause(-Math.log(1 - this.#random()) * meanPauseMs());
    }
  }

  stop() {
    this.#isOn = false;
  }

  #pick(count) {
    return Math.floor(this.#random() * count);
  }

  #key(prefix, clientsEach, lifeMs) {
    const count = Math.ceil(this.#clients / clientsEach);
    return `${prefix}/${Math.floor(this.#log.elapsedMs / lifeMs)}/${this.#pick(count)}`;
  }

  async #one() {
    this.#operations += 1;
    const id = `${this.#number}.${this.#operations}`;
    const draw = this.#random();
    const register = this.#key("r", CLIENTS_PER_REGISTER, KEY_LIFE_MS);
    if (draw < 0.4) await this.#read(id, register, false);
    else if (draw < 0.5) await this.#read(id, register, true);
    else if (draw < 0.66) await this.#put(id, register);
    else if (draw < 0.78) await this.#compareAndSet(id, register);
    else if (draw < 0.81) await this.#delete(id, register);
    else if (draw < 0.9) await this.#together(id);
    else await this.#append(id);
  }

  /** Asks, and closes the operation by the answer or by the error. Resolves with the answer. */
  async #ask(operation, request, conclude) {
    const open = this.#log.call({ client: this.#number, ...operation });
    let answer;
    try {
      answer = await request();
    } catch (error) {
      HistoryLog.close(open, error);
      return { error };
    }
    open.answered(conclude(answer));
    return { answer };
  }

  #read(id, key, serializable) {
    return this.#ask(
      {
        id,
        kind: serializable ? "stale read" : "read",
        changes: [],
        mayBeStale: serializable,
        register: serializable ? undefined : { type: "read", key },
      },
      () => this.#client.get(key, { serializable }),
      ({ header, kvs }) => {
        const value = textOf(kvs[0]);
        if (!serializable) this.#known.set(key, value);
        return {
          revision: header.revision,
          changes: [],
          observed: [{ key, value, equal: true }],
          output: { type: "value", value },
        };
      },
    );
  }

  #put(id, key) {
    const changes = [{ key, value: id }];
    return this.#ask(
      { id, kind: "put", changes, register: { type: "write", key, value: id } },
      () => this.#client.put(key, id),
      ({ header }) => {
        this.#known.set(key, id);
        return { revision: header.revision, changes, observed: [], output: { type: "written" } };
      },
    );
  }

  #compareAndSet(id, key) {
    const expected = this.#known.get(key) ?? null;
    const changes = [{ key, value: id }];
    return this.#ask(
      {
        id,
        kind: "compare-and-set",
        changes,
        register: { type: "compareAndSet", key, expected, value: id },
      },
      () =>
        this.#client
          .transact()
          .when(holds(key, expected))
          .do(putting(key, id))
          .otherwise(getting(key))
          .commit(),
      (response) => {
        const { succeeded, revision } = response;
        const output = { type: "swapped", done: succeeded };
        const value = succeeded ? id : found(response);
        this.#known.set(key, value);
        const observed = succeeded
          ? [{ key, value: expected, equal: true }]
          : [
              { key, value, equal: true },
              { key, value: expected, equal: false },
            ];
        return { revision, changes: succeeded ? changes : [], observed, output };
      },
    );
  }

  /** A mark is written along, so that every deletion can be told from every other. */
  #delete(id, key) {
    const mark = `m/${this.#number}`;
    const changes = [
      { key, value: null },
      { key: mark, value: id },
    ];
    return this.#ask(
      { id, kind: "delete", changes, register: { type: "write", key, value: null } },
      () =>
        this.#client
          .transact()
          .when(holds(key, null))
          .otherwise(deleting(key), putting(mark, id))
          .commit(),
      ({ succeeded, revision }) => {
        this.#known.set(key, null);
        return {
          revision,
          changes: succeeded ? [] : changes,
          observed: [{ key, value: null, equal: succeeded }],
          output: { type: "written" },
        };
      },
    );
  }

  /** Two keys change together if one of them is what it was. */
  #together(id) {
    const pair = this.#key("t", CLIENTS_PER_PAIR, KEY_LIFE_MS);
    const [left, right] = [`${pair}a`, `${pair}b`];
    const expected = this.#known.get(left) ?? null;
    const changes = [
      { key: left, value: id },
      { key: right, value: `${id}+` },
    ];
    return this.#ask(
      { id, kind: "transaction", changes },
      () =>
        this.#client
          .transact()
          .when(holds(left, expected))
          .do(...changes.map(({ key, value }) => putting(key, value)))
          .otherwise(getting(left), getting(right))
          .commit(),
      (response) => {
        const { succeeded, revision } = response;
        if (succeeded) {
          this.#known.set(left, id);
          return {
            revision,
            changes,
            observed: [{ key: left, value: expected, equal: true }],
          };
        }
        const [first, second] = [0, 1].map((at) => found(response, at));
        this.#known.set(left, first);
        return {
          revision,
          changes: [],
          observed: [
            { key: left, value: first, equal: true },
            { key: right, value: second, equal: true },
            { key: left, value: expected, equal: false },
          ],
        };
      },
    );
  }

  /** Reads a list and puts it back with one more element, if it is still the same. */
  async #append(id) {
    const key = this.#key("l", CLIENTS_PER_LIST, LIST_LIFE_MS);
    const before = await this.#ask(
      { id: `${id}r`, kind: "read", changes: [] },
      () => this.#client.get(key),
      ({ header, kvs }) => ({
        revision: header.revision,
        changes: [],
        observed: [{ key, value: textOf(kvs[0]), equal: true }],
      }),
    );
    if (before.error !== undefined) return;
    const list = textOf(before.answer.kvs[0]);
    const longer = list === null ? id : `${list} ${id}`;
    const changes = [{ key, value: longer }];
    const { answer, error } = await this.#ask(
      { id, kind: "append", changes },
      () =>
        this.#client
          .transact()
          .when({ key, target: "modRevision", is: "=", to: before.answer.kvs[0]?.modRevision ?? 0 })
          .do(putting(key, longer))
          .otherwise(getting(key))
          .commit(),
      (response) => {
        const { succeeded, revision } = response;
        const value = succeeded ? list : found(response);
        return {
          revision,
          changes: succeeded ? changes : [],
          observed: [{ key, value, equal: true }],
        };
      },
    );
    const outcome =
      answer === undefined ? error.outcome : answer.succeeded ? "applied" : "notApplied";
    this.appends.push({ key, id, session: this.#number, sequence: this.#operations, outcome });
  }
}
