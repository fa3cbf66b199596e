// A client of leases: takes one, hangs a key on it, renews it or not, revokes it or lets it run out, and looks after the key.
import { LeaseService } from "@quorate/protocol";
import { seededRandom } from "../../../drills/lib/report.mjs";
import { HistoryLog } from "./history.mjs";

const TTL_SECONDS = [2, 4];
const RENEWALS_MAX = 4;
const RENEWAL_TIMEOUT_MS = 1_500;
/** After its time a lease may live on while there is no leader to end it: it is not looked after for ever. */
const LOOKS_MAX = 20;

export class LeaseClient {
  #client;
  #log;
  #number;
  #random;
  #isOn = false;
  #leases = 0;
  /** As the lease checker takes them. */
  records = [];

  constructor({ client, log, number, seed }) {
    this.#client = client;
    this.#log = log;
    this.#number = number;
    this.#random = seededRandom((seed ^ Math.imul(number, 0x85ebca6b)) >>> 0);
  }

  stop() {
    this.#isOn = false;
  }

  async run(meanPauseMs, pause) {
    this.#isOn = true;
    while (this.#isOn) {
      try {
        await this.#life(pause);
      } catch (error) {
        // What nobody knows the outcome of proves nothing about the lease: the next one.
        if (error?.outcome === undefined) throw error;
      }
      await pause(meanPauseMs());
    }
  }

  async #life(pause) {
    this.#leases += 1;
    const id = BigInt(this.#number) * 1_000_000n + BigInt(this.#leases);
    const key = `k/${id}`;
    const ttl = TTL_SECONDS[Math.floor(this.#random() * TTL_SECONDS.length)];
    const calledMs = this.#log.elapsedMs;
    const granted = await this.#client.call(LeaseService.leaseGrant, { id, ttl }, "write");
    const moments = [
      { type: "granted", calledMs, atMs: this.#log.elapsedMs, ttlMs: granted.ttl * 1_000 },
    ];
    this.records.push({ lease: `${id}`, moments });
    await this.#put(key, id);
    const renewals = Math.floor(this.#random() * RENEWALS_MAX);
    for (let renewal = 0; renewal < renewals; renewal += 1) {
      await pause(ttl * 300);
      await this.#look(key, moments);
      if (!(await this.#renew(id, moments))) break;
    }
    if (this.#random() < 0.4) await this.#revoke(id, moments);
    for (let looks = 0; looks < LOOKS_MAX && this.#isOn; looks += 1) {
      if (!(await this.#look(key, moments))) break;
      await pause(ttl * 200);
    }
  }

  async #put(key, id) {
    const changes = [{ key, value: `${id}` }];
    const open = this.#log.call({
      client: this.#number,
      id: `${id}`,
      kind: "put with lease",
      changes,
    });
    try {
      const { header } = await this.#client.put(key, `${id}`, { lease: id });
      open.answered({ revision: header.revision, changes, observed: [] });
    } catch (error) {
      HistoryLog.close(open, error);
      throw error;
    }
  }

  /** Whether the key is there. */
  async #look(key, moments) {
    const open = this.#log.call({ client: this.#number, id: "", kind: "read", changes: [] });
    const calledMs = this.#log.elapsedMs;
    try {
      const { header, kvs } = await this.#client.get(key);
      const present = kvs.length > 0;
      const value = present ? Buffer.from(kvs[0].value).toString() : null;
      open.answered({
        revision: header.revision,
        changes: [],
        observed: [{ key, value, equal: true }],
      });
      moments.push({ type: "seen", calledMs, atMs: this.#log.elapsedMs, key, present });
      return present;
    } catch (error) {
      HistoryLog.close(open, error);
      throw error;
    }
  }

  /** False when the cluster says that there is no such lease. */
  async #renew(id, moments) {
    const calledMs = this.#log.elapsedMs;
    const stream = await this.#client.openStream(LeaseService.leaseKeepAlive, undefined, {
      timeoutMs: RENEWAL_TIMEOUT_MS,
    });
    const timer = setTimeout(() => stream.cancel(), RENEWAL_TIMEOUT_MS);
    try {
      stream.write({ id });
      const answer = await stream.next();
      if (answer === undefined) return true;
      const atMs = this.#log.elapsedMs;
      if (answer.ttl <= 0) {
        moments.push({ type: "renewalRefused", atMs });
        return false;
      }
      moments.push({ type: "renewed", calledMs, atMs, ttlMs: answer.ttl * 1_000 });
      return true;
    } finally {
      clearTimeout(timer);
      stream.cancel();
    }
  }

  async #revoke(id, moments) {
    const calledMs = this.#log.elapsedMs;
    const revoked = { type: "revoked", calledMs, atMs: Number.POSITIVE_INFINITY };
    moments.push(revoked);
    try {
      await this.#client.leases.revoke(id);
      revoked.atMs = this.#log.elapsedMs;
    } catch (error) {
      if (error.outcome !== "unknown") throw error;
    }
  }
}
