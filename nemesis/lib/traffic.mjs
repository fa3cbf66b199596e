// All clients of a run: who asks whom, how fast, and what they remember.
import { Client } from "@quorate/client";
import { Chronicle } from "./clients/chronicle.mjs";
import { KeyClient } from "./clients/key-client.mjs";
import { LeaseClient } from "./clients/lease-client.mjs";
import { SessionClient } from "./clients/session-client.mjs";
import { Watcher } from "./clients/watcher.mjs";

/** Short, so that a client that asks a member without a majority is soon back. */
const TIMEOUTS = { timeoutMs: 1_500, connectTimeoutMs: 500, attemptTimeoutMs: 700 };
/**
 * The share of key clients that know one member and no other: only they can see what a member without a majority says. The
 * others know all members.
 */
const PINNED_SHARE = 0.6;
const SESSIONS = 3;
const LEASES = 4;
const WATCHERS = 10;
/** Operations of one client follow each other at least this closely, whatever the rate: none is overlooked. */
const REST_MS = { session: 60, lease: 200 };
const BREAK_OFF_MS = 4_000;

export class Traffic {
  #clients = [];
  #workers = [];
  #running = [];
  #isOn = false;
  #pause;
  #rate;

  constructor({ endpoints, seed, rate, clients, log, pause }) {
    this.#pause = pause;
    this.#rate = rate;
    this.log = log;
    const roaming = this.#client(endpoints);
    const pinned = endpoints.map((endpoint) => this.#client([endpoint]));
    let number = 0;
    const keyClient = (client) => {
      number += 1;
      return new KeyClient({ client, log, number, seed, clients });
    };
    const pinnedEach = Math.floor((clients * PINNED_SHARE) / endpoints.length);
    const roamingCount = clients - pinnedEach * endpoints.length;
    this.keyClients = [
      ...pinned.flatMap((client) => Array.from({ length: pinnedEach }, () => keyClient(client))),
      ...Array.from({ length: roamingCount }, () => keyClient(roaming)),
    ];
    const sessions = { count: 0 };
    this.sessionClients = Array.from({ length: SESSIONS }, () => {
      number += 1;
      return new SessionClient({ client: this.#client(endpoints), log, number, sessions });
    });
    this.leaseClients = Array.from({ length: LEASES }, () => {
      number += 1;
      return new LeaseClient({ client: roaming, log, number, seed });
    });
    this.watchers = Array.from({ length: WATCHERS }, (_, at) => {
      return new Watcher({ client: this.#client(endpoints), number: at + 1 });
    });
    this.chronicle = new Chronicle(this.#client(endpoints));
  }

  #client(endpoints) {
    const client = new Client({ endpoints, ...TIMEOUTS });
    this.#clients.push(client);
    return client;
  }

  /** Everybody begins; `onError` hears of anything that a client did not expect. */
  start(onError) {
    this.#isOn = true;
    const meanPauseMs = () => (this.keyClients.length / this.#rate) * 1_000;
    const begin = (worker, everyMs) => {
      this.#workers.push(worker);
      this.#running.push(worker.run(everyMs, this.#pause).catch(onError));
    };
    for (const client of this.keyClients) begin(client, meanPauseMs);
    for (const client of this.sessionClients) begin(client, () => REST_MS.session);
    for (const client of this.leaseClients) begin(client, () => REST_MS.lease);
    for (const watcher of this.watchers) void watcher.run(this.#pause).catch(onError);
    void this.#breakOffNowAndThen();
  }

  async #breakOffNowAndThen() {
    for (let turn = 0; this.#isOn; turn += 1) {
      await this.#pause(BREAK_OFF_MS);
      if (this.#isOn) this.watchers[turn % this.watchers.length].breakOff();
    }
  }

  /** No new operations; resolves when those under way have ended. Watchers go on. */
  async quiet() {
    this.#isOn = false;
    for (const worker of this.#workers) worker.stop();
    await Promise.all(this.#running);
  }

  async close() {
    for (const watcher of this.watchers) watcher.stop();
    await this.chronicle.close();
    for (const client of this.#clients) client.close();
  }
}
