import type { JsonObject } from "@quorate/protocol";
import { AuthProgram } from "./auth-program.ts";
import { bodyOf, Program } from "./program.ts";
import type { ProgramRandom } from "./random.ts";
import { base64, LEASES } from "./requests.ts";
import type { Outcome, Step } from "./step.ts";

/** Reads, writes, transactions, compaction, hashes. */
class KeyValueProgram extends Program {
  next(): Step {
    const { random, requests } = this;
    const kind = random.below(40);
    if (kind === 0) return this.call("compact", { revision: requests.revision() });
    if (kind === 1) return this.call("hashKv", { revision: requests.revision() });
    if (kind === 2) return this.call("leaseGrant", { ID: requests.lease(), TTL: "600" });
    return this.keyValueStep();
  }
}

/** Leases and what is attached to them. */
class LeaseProgram extends Program {
  next(): Step {
    const { random, requests } = this;
    const kind = random.below(20);
    if (kind < 4) return this.call("leaseGrant", { ID: requests.lease(), TTL: this.#ttl() });
    if (kind < 6) return this.call("leaseRevoke", { ID: this.#anyLease() });
    if (kind < 9) {
      return this.call("leaseTimeToLive", { ID: this.#anyLease(), keys: random.chance(0.7) });
    }
    if (kind < 11) return { type: "keepAlive", id: this.#anyLease() };
    if (kind < 12) return this.call("leases", {});
    if (kind < 16) {
      const lease = requests.lease();
      return this.call("put", { key: requests.key(), value: requests.value(), lease });
    }
    return this.keyValueStep();
  }

  /** Long enough that none runs out while the program runs. */
  #ttl(): string {
    return this.random.pick(["600", "1800", "9000000000", "9000000001", "9223372036854775807"]);
  }

  #anyLease(): string {
    return this.random.chance(0.05) ? "0" : this.random.pick(LEASES);
  }
}

/** Watchers of the past, the present and the future, beside writes and compaction. */
class WatchProgram extends Program {
  readonly #open = new Set<string>();
  /** Ended by compaction; etcd does not give their ids out again, and they are not asked for. */
  readonly #ended = new Set<string>();
  #sinceSettled = 0;

  next(): Step {
    const { random } = this;
    this.#sinceSettled += 1;
    const kind = random.below(30);
    if (this.#sinceSettled > 12) return this.#settle();
    if (kind < 5 && this.#open.size < 12) return { type: "watch", request: this.#watchRequest() };
    if (kind < 6 && this.#open.size > 0) {
      return { type: "cancelWatch", watchId: random.pick([...this.#open]) };
    }
    if (kind < 7) return { type: "tryWatch", request: this.#watchRequest() };
    // Watchers that still have the past to read would race with its removal.
    if (kind < 8) {
      if (this.#sinceSettled > 1) return this.#settle();
      return this.call("compact", { revision: this.requests.revision() });
    }
    if (kind < 9) return this.call("leaseGrant", { ID: this.requests.lease(), TTL: "600" });
    if (kind < 10) return this.call("leaseRevoke", { ID: this.requests.lease() });
    return this.keyValueStep();
  }

  override observe(step: Step, outcome: Outcome): void {
    super.observe(step, outcome);
    const { watch_id, canceled } = bodyOf(outcome);
    if (step.type === "watch" && canceled !== true) {
      const list = this.#endsByItself(step.request) ? this.#ended : this.#open;
      list.add(watch_id ?? "0");
    }
    if (step.type === "cancelWatch") this.#open.delete(step.watchId);
  }

  /** What is compacted cannot be watched: the server ends the watcher right after it was made. */
  #endsByItself(request: JsonObject): boolean {
    const start = Number(request["start_revision"] ?? 0);
    return start > 0 && start < this.view.compacted;
  }

  #settle(): Step {
    this.#sinceSettled = 0;
    return { type: "settle" };
  }

  #watchRequest(): JsonObject {
    const { random, requests } = this;
    const request: Record<string, string | boolean | string[]> = { ...requests.interval() };
    if (random.chance(0.6)) request["start_revision"] = String(Math.max(0, this.#start()));
    if (random.chance(0.3)) request["prev_kv"] = true;
    if (random.chance(0.15))
      request["filters"] = random.pick([["NOPUT"], ["NODELETE"], ["NOPUT", "NODELETE"]]);
    if (random.chance(0.2)) request["fragment"] = true;
    const watchId = String(random.below(5));
    if (random.chance(0.15) && !this.#ended.has(watchId) && !this.#endsByItself(request)) {
      request["watch_id"] = watchId;
    }
    return request;
  }

  #start(): number {
    const { revision } = this.view;
    return this.random.chance(0.2)
      ? revision + 1 + this.random.below(5)
      : Number(this.requests.revision());
  }
}

/** The server's own locks and elections, none of which has to wait. */
class RecipeProgram extends Program {
  readonly #holders = new Map<string, string>();
  readonly #leaders: JsonObject[] = [];
  readonly #lockKeys: string[] = [];

  next(): Step {
    const { random, requests } = this;
    const kind = random.below(16);
    if (kind < 3) return this.call("leaseGrant", { ID: requests.lease(), TTL: "600" });
    if (kind < 4) return this.call("leaseRevoke", { ID: requests.lease() });
    if (kind < 6) return this.#acquire("lock", "locks");
    if (kind < 8) return this.#acquire("campaign", "posts");
    if (kind < 9 && this.#lockKeys.length > 0) {
      return this.call("unlock", { key: random.pick(this.#lockKeys) });
    }
    if (kind < 11) return this.call("leader", { name: base64(random.pick(["posts", "empty"])) });
    if (kind < 13 && this.#leaders.length > 0) {
      return this.call("proclaim", { leader: random.pick(this.#leaders), value: requests.value() });
    }
    if (kind < 14 && this.#leaders.length > 0) {
      return this.call("resign", { leader: random.pick(this.#leaders) });
    }
    if (kind < 15) return this.call(random.pick(["proclaim", "resign", "unlock"] as const), {});
    const key = random.pick(["locks/", "posts/"]);
    return this.call("range", { key: base64(key), range_end: base64(`${key.slice(0, -1)}0`) });
  }

  override observe(step: Step, outcome: Outcome): void {
    super.observe(step, outcome);
    if (step.type !== "call" || outcome.code !== 0) return;
    const { key, leader } = bodyOf(outcome);
    switch (step.method) {
      case "lock":
      case "campaign":
        this.#holders.set(step.method, String(step.request["lease"]));
        if (key !== undefined) this.#lockKeys.push(key);
        if (leader !== undefined) this.#leaders.push(leader);
        return;
      case "leaseRevoke":
        this.#forget(String(step.request["ID"]));
        return;
      case "unlock":
        this.#forgetKey(String(step.request["key"]));
        return;
      case "resign":
        this.#resigned(step.request["leader"] as JsonObject | undefined);
        return;
      default:
    }
  }

  #acquire(method: "lock" | "campaign", name: string): Step {
    // Whoever does not hold it already would have to wait.
    const lease = this.#holders.get(method) ?? this.requests.lease();
    const request = { name: base64(name), lease };
    return this.call(
      method,
      method === "lock" ? request : { ...request, value: this.requests.value() },
    );
  }

  #forget(lease: string): void {
    for (const [method, holder] of this.#holders) {
      if (holder === lease) this.#holders.delete(method);
    }
  }

  #forgetKey(key: string): void {
    const holder = this.#holders.get("lock");
    const hex = BigInt(holder ?? 0).toString(16);
    if (base64(`locks/${hex}`) === key) this.#holders.delete("lock");
  }

  #resigned(leader: JsonObject | undefined): void {
    // A stale leader that resigns changes nothing: the newest one is the holder's.
    if (leader !== undefined && leader["rev"] === this.#leaders.at(-1)?.["rev"]) {
      this.#holders.delete("campaign");
    }
  }
}

/** Kinds of programs by the name they are printed with. */
export const PROGRAMS: Readonly<Record<string, new (random: ProgramRandom) => Program>> = {
  keyValue: KeyValueProgram,
  leases: LeaseProgram,
  watch: WatchProgram,
  recipes: RecipeProgram,
  auth: AuthProgram,
};
