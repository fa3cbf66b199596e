import { ClientError } from "../errors.ts";
import type { Keyspace } from "../keys/keyspace.ts";
import type { Condition } from "../keys/transaction.ts";
import type { Leases } from "../lease/leases.ts";
import type { CallOptions } from "../requests.ts";
import { type Turn, type TurnOptions, takeTurn } from "./turn.ts";

/** How a lock is taken. Without `timeoutMs` it waits as long as it takes. */
export interface LockOptions extends TurnOptions {}

/**
 * A lock that is held. Nobody can stop a paused holder from believing so: give `token` to whatever the lock protects and let
 * it refuse smaller ones, or, for keys of the same cluster, put `held` into the transaction that writes them.
 */
export class Lock {
  readonly #turn: Turn;

  /** @internal Made by `Keyspace.lock`. */
  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** The key that stands for the lock. */
  get key(): Uint8Array {
    return this.#turn.place.key;
  }

  /** The fencing token: greater than that of every holder before. */
  get token(): number {
    return this.#turn.place.token;
  }

  /** Holds as long as the lock is held, as a condition of transactions. */
  get held(): Condition {
    return this.#turn.place.held;
  }

  /** Aborted once the lock can no longer be relied on. */
  get lost(): AbortSignal {
    return this.#turn.lease.lost;
  }

  /** Lets the next one in. Safe to repeat. */
  release(options: CallOptions = {}): Promise<void> {
    return this.#turn.leave(options);
  }
}

/** Waits for the lock. */
export async function acquireLock(
  keys: Keyspace,
  leases: Leases,
  name: Uint8Array,
  options: LockOptions,
): Promise<Lock> {
  if (name.length === 0) {
    throw new ClientError("INVALID_ARGUMENT", "A lock needs a name.", { outcome: "notApplied" });
  }
  return new Lock(await takeTurn(keys, leases, name, new Uint8Array(), options));
}
