import type { AlarmRequest, KvCommand, TxnOperation } from "../command.ts";
import { type KvError, kvError } from "../error.ts";
import type { StandingAlarm } from "../result.ts";

/** Which member watches its room, and how much it may use. */
export interface SpaceGuardOptions {
  /** This member, as alarms name it. */
  readonly memberId: bigint;
  /** The store may hold this many bytes; 0 or less for no limit. */
  readonly quotaBytes: number;
}

/** Bookkeeping that each put is charged besides its bytes, and what a lease is charged. etcd's figures. */
const PUT_OVERHEAD_BYTES = 256;
const LEASE_BYTES = 64;

/** The alarm clears itself below this part of the quota, so that it does not come and go with every request. */
const CLEAR_BELOW = 0.9;

/** What the guard needs to know of the machine. */
export interface GuardedMachine {
  readonly usedBytes: number;
  readonly alarms: readonly StandingAlarm[];
}

/**
 * Keeps one member's store within its quota: refuses requests that would go beyond, raises the alarm that stops
 * all members from growing, and takes it back when compaction or deletions have made room. What was removed counts
 * as free at once: space within the file is used again.
 */
export class SpaceGuard {
  readonly #machine: GuardedMachine;
  readonly #memberId: bigint;
  readonly #quotaBytes: number;
  /** Something was refused since the last look. */
  #refused = false;

  constructor(machine: GuardedMachine, options: SpaceGuardOptions) {
    this.#machine = machine;
    this.#memberId = options.memberId;
    this.#quotaBytes = options.quotaBytes;
  }

  /** Why the command must not be proposed, or nothing. Ask before proposing; after a refusal ask what is `due`. */
  check(command: KvCommand): KvError | undefined {
    const cost = costOf(command);
    if (cost === 0 || this.#quotaBytes <= 0) return undefined;
    if (this.#machine.usedBytes + cost < this.#quotaBytes) return undefined;
    this.#refused = true;
    return kvError("noSpace");
  }

  /** The command to propose now, if any: raises the alarm when the store is full, takes it back when it is not. */
  due(): AlarmRequest | undefined {
    if (this.#quotaBytes <= 0) return undefined;
    const refused = this.#refused;
    this.#refused = false;
    const used = this.#machine.usedBytes;
    const standing = this.#machine.alarms.find(
      (alarm) => alarm.memberId === this.#memberId && alarm.alarm === "nospace",
    );
    if (standing === undefined) {
      return refused || used >= this.#quotaBytes ? this.#request("activate") : undefined;
    }
    const roomy = standing.automatic && used < this.#quotaBytes * CLEAR_BELOW;
    return roomy ? this.#request("deactivate") : undefined;
  }

  #request(action: AlarmRequest["action"]): AlarmRequest {
    return { type: "alarm", action, memberId: this.#memberId, alarm: "nospace", automatic: true };
  }
}

/** What a request may add to the store. Of a transaction's branches the larger one counts. */
function costOf(command: KvCommand): number {
  switch (command.type) {
    case "put":
    case "txn":
      return costOfOperation(command);
    case "leaseGrant":
      return LEASE_BYTES;
    default:
      return 0;
  }
}

function costOfOperation(operation: TxnOperation): number {
  if (operation.type === "put") {
    return PUT_OVERHEAD_BYTES + operation.key.length + operation.value.length;
  }
  if (operation.type !== "txn") return 0;
  return Math.max(costOfBranch(operation.success), costOfBranch(operation.failure));
}

function costOfBranch(branch: readonly TxnOperation[]): number {
  let cost = 0;
  for (const operation of branch) cost += costOfOperation(operation);
  return cost;
}
