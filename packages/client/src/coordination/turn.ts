import type { Keyspace } from "../keys/keyspace.ts";
import type { Lease } from "../lease/lease.ts";
import type { Leases } from "../lease/leases.ts";
import type { CallOptions } from "../requests.ts";
import { QueuePlace } from "./queue-place.ts";

/** How to wait for a turn. */
export interface TurnOptions extends CallOptions {
  /** How long after its holder's death others may take over, in whole seconds. Default 10. */
  readonly ttlSeconds?: number | undefined;
  /** Use this lease, which stays the caller's. Default: a lease of its own. */
  readonly lease?: Lease | undefined;
}

/** Time to clean up after giving up, whatever was left for waiting. */
const CLEANUP_MS = 2_000;

/** A turn that has come: the place at the head, and whose lease it is. */
export interface Turn {
  readonly place: QueuePlace;
  readonly lease: Lease;
  /** Leaves, and ends the lease if it was made for this turn. */
  leave(options: CallOptions): Promise<void>;
}

/**
 * Joins the queue of a name and waits to be first. Without `timeoutMs` it waits as long as it takes. Whoever gives up leaves
 * the queue, so that nobody waits behind them; if that cannot be done either, the lease ends by itself.
 */
export async function takeTurn(
  keys: Keyspace,
  leases: Leases,
  name: Uint8Array,
  value: Uint8Array,
  options: TurnOptions,
): Promise<Turn> {
  const { signal, timeoutMs } = options;
  const untilMs = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  const leftMs = (): number | undefined =>
    untilMs === undefined ? undefined : untilMs - performance.now();
  const lease =
    options.lease ?? (await leases.grant({ ttlSeconds: options.ttlSeconds, signal, timeoutMs }));
  let place: QueuePlace | undefined;
  const leave = async (call: CallOptions): Promise<void> => {
    if (options.lease === undefined) await lease.revoke(call);
    else await place?.leave(call);
  };
  try {
    place = await QueuePlace.join(keys, name, lease, value, { signal, timeoutMs: leftMs() });
    await place.waitForHead(signal, leftMs);
    return { place, lease, leave };
  } catch (error) {
    if (options.lease === undefined) lease.stopKeepingAlive();
    await leave({ timeoutMs: CLEANUP_MS }).catch(() => {});
    throw error;
  }
}
