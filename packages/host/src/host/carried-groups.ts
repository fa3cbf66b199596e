import type { Decision, MemberId, RaftCore } from "@quorate/core";
import { InvariantViolation } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { invalidArgument } from "../group/failures.ts";
import { Group } from "../group/group.ts";
import { GroupReplica } from "../group/group-replica.ts";
import type { GroupLimits, GroupSpec } from "../group/group-spec.ts";
import { LeaderTasks } from "../group/leader-tasks.ts";
import { membershipAtEnd } from "../group/membership-at-end.ts";
import type { MemberAddress } from "../group/membership-request.ts";
import type { GroupStorage } from "../group/recovery.ts";
import { recoverState, sessionLimits } from "../group/recovery.ts";
import type { Replica } from "../group/replica.ts";
import type { HostEvent, HostOptions } from "../host.ts";
import type { LogEvent } from "../log/log-event.ts";
import { hasOthers } from "../refill/refill.ts";
import type { Companion } from "../session/companion.ts";
import type { GroupId, Transport } from "../transport/transport.ts";
import { LANE_BODY_BYTES_MAX } from "../transport/transport-context.ts";
import type { AddressBook } from "./address-book.ts";
import {
  CORE_DEFAULTS,
  GROUP_LIMITS_DEFAULT,
  SNAPSHOT_POLICY_DEFAULT,
  withDefaults,
} from "./defaults.ts";
import type { HostStorage } from "./host-storage.ts";
import type { TurnScheduler } from "./turn-scheduler.ts";

/** An orderly close waits so many ticks for another member to take the lead over. */
const HAND_OVER_TICKS = 10;

export type AnyGroup = Group<never, never, never, never>;
type AnyReplica = Replica<never, never, never, never>;

interface Carried {
  readonly group: AnyGroup;
  readonly replica: AnyReplica;
}

export interface CarrierParts {
  readonly options: HostOptions;
  readonly tickMs: number;
  readonly incarnation: number;
  readonly storage: HostStorage;
  readonly transport: Transport;
  readonly scheduler: TurnScheduler;
  readonly addresses: AddressBook;
  emit(event: HostEvent): void;
}

/** The groups of a host: brings them up from their storage, and down again in order. */
export class CarriedGroups {
  readonly #parts: CarrierParts;
  readonly #environment: Environment;
  readonly #self: MemberId;
  readonly #carried: Map<GroupId, Carried> = new Map();
  readonly #opening: Map<GroupId, Promise<unknown>> = new Map();
  #closed = false;

  constructor(parts: CarrierParts) {
    this.#parts = parts;
    this.#environment = parts.options.environment;
    this.#self = parts.options.hostId;
  }

  get(groupId: GroupId): AnyGroup | undefined {
    return this.#carried.get(groupId)?.group;
  }

  /** Also while it is being opened. */
  isOpen(groupId: GroupId): boolean {
    return this.#carried.has(groupId) || this.#opening.has(groupId);
  }

  ids(): readonly GroupId[] {
    return [...this.#carried.keys()].sort((left, right) => left - right);
  }

  each(run: (group: AnyGroup) => void): void {
    for (const { group } of this.#carried.values()) run(group);
  }

  /** Runs `prepare`, then opens the group. `contacts` are dialed until the group knows its members. */
  open<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[],
    prepare: () => Promise<void>,
  ): Promise<Replica<C, R, Q, A>> {
    const { groupId } = spec;
    const refusal = this.#refusal(groupId);
    if (refusal !== undefined) return Promise.reject(refusal);
    const opened = prepare()
      .then(() => this.#open(spec, contacts))
      .finally(() => this.#opening.delete(groupId));
    this.#opening.set(groupId, opened);
    return opened;
  }

  /** Closes all of them, whatever becomes of one; rejects with what went wrong first. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#opening.values()]);
    const closing = [...this.#carried.values()].map(({ replica }) => replica.close());
    await Promise.allSettled(closing);
    await Promise.all(closing);
  }

  async #open<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[],
  ): Promise<Replica<C, R, Q, A>> {
    const { storage, addresses } = this.#parts;
    const events: { take: (event: LogEvent) => void } = { take: () => undefined };
    const opened = await storage.open(spec.groupId, (event) => events.take(event));
    try {
      addresses.set(spec.groupId, contacts);
      const group = await this.#start(spec, opened, contacts);
      events.take = (event) => group.onLogEvent(event);
      return this.#adopt(spec, group, opened);
    } catch (error) {
      addresses.remove(spec.groupId);
      // What failed first is what the caller has to know.
      await Promise.allSettled([spec.machine.close(), opened.log.close()]);
      if (!(error instanceof LonelyRefill)) throw error;
      await opened.refill?.undo();
      throw lonelyRefill(spec.groupId, opened.refill?.damage);
    }
  }

  async #start<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    storage: GroupStorage,
    contacts: readonly MemberAddress[],
  ): Promise<Group<C, R, Q, A>> {
    const { options, scheduler, addresses, transport, incarnation, tickMs } = this.#parts;
    const limits: GroupLimits = withDefaults(GROUP_LIMITS_DEFAULT, spec.limits);
    const coreSettings = { ...CORE_DEFAULTS, ...options.core, ...spec.core };
    checkSizes(limits.commandBytesMax, coreSettings.appendBytesMax ?? 0);
    const state = await recoverState(spec.machine as never, storage, sessionLimits(limits));
    const { companion, recovered } = state;
    if (storage.refill !== undefined) {
      const membership = await membershipAtEnd(storage.log, companion);
      if (!hasOthers(membership, this.#self)) throw new LonelyRefill();
    }
    try {
      const group: Group<C, R, Q, A> = new Group({
        spec,
        environment: this.#environment,
        transport,
        self: this.#self,
        incarnation,
        limits,
        tickMs,
        snapshotPolicy: withDefaults(SNAPSHOT_POLICY_DEFAULT, spec.snapshotPolicy),
        coreSettings,
        storage,
        recovered,
        companion,
        onDecision: this.#decisionListener(spec.groupId),
        wrapCore: this.#wrapCore(spec.groupId, { ...storage, recovered }, companion),
        schedule: () => scheduler.schedule(group),
        onMembers: (members) =>
          addresses.set(spec.groupId, members.length > 0 ? members : contacts),
      });
      return group;
    } catch (error) {
      throw startError(error);
    }
  }

  #decisionListener(groupId: GroupId): ((decision: Decision) => void) | undefined {
    const { onDecision } = this.#parts.options;
    return onDecision === undefined ? undefined : (decision) => onDecision(groupId, decision);
  }

  #wrapCore(
    groupId: GroupId,
    storage: GroupStorage,
    { membership, position }: Companion,
  ): ((core: RaftCore) => RaftCore) | undefined {
    const { wrapCore } = this.#parts.options;
    if (wrapCore === undefined) return undefined;
    const origin = { groupId, storage, membership, applied: position };
    return (core) => wrapCore(core, origin);
  }

  #adopt<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    group: Group<C, R, Q, A>,
    storage: GroupStorage,
  ): Replica<C, R, Q, A> {
    const { groupId } = spec;
    const erased = group as unknown as AnyGroup;
    const tasks = new LeaderTasks(erased);
    const replica = new GroupReplica(group, tasks, () => this.#close(erased, storage));
    this.#carried.set(groupId, { group: erased, replica: replica as unknown as AnyReplica });
    group.feed.on((event) => this.#parts.emit({ type: "replica", groupId, event }));
    const { truncatedBytes } = storage.recovered;
    if (group.refill.isActive) {
      const { term } = group.refill;
      group.feed.emit({ type: "refilling", keptThrough: group.parts.recovered.last, term });
    }
    if (truncatedBytes > 0) group.feed.emit({ type: "tornTail", bytes: truncatedBytes });
    group.schedule();
    return replica;
  }

  #refusal(groupId: GroupId): QuorateError | undefined {
    if (this.#closed) return invalidArgument("The host is closed.");
    if (!Number.isSafeInteger(groupId) || groupId < 1 || groupId > 0xffff_ffff) {
      return invalidArgument(
        `A group's number is a whole number from 1 to 2^32 - 1, not ${groupId}.`,
      );
    }
    if (!this.isOpen(groupId)) return undefined;
    return new QuorateError("ALREADY_EXISTS", `Group ${groupId} is open on this host.`, {
      outcome: "notApplied",
      retryable: false,
    });
  }

  /** Hands over, answers who waits, lets the machine finish, and closes what is on disk. */
  async #close(group: AnyGroup, storage: GroupStorage): Promise<void> {
    await this.#handOver(group);
    const wasRunning = group.isRunning;
    group.shut();
    this.#carried.delete(group.groupId);
    this.#parts.addresses.remove(group.groupId);
    try {
      await group.settled(wasRunning);
    } finally {
      try {
        await group.parts.spec.machine.close();
      } finally {
        await storage.log.close();
      }
    }
  }

  /** A leader that leaves in order spares the others the wait for an election. */
  async #handOver(group: AnyGroup): Promise<void> {
    if (!group.isRunning || group.role !== "leader") return;
    const { voters } = group.companion.membership;
    if (voters.every((member) => member === this.#self)) return;
    const carried = this.#carried.get(group.groupId);
    const timeoutMs = HAND_OVER_TICKS * this.#parts.tickMs;
    // Nobody to take over, or not in time: the others will notice.
    await carried?.replica.transferLeadership(undefined, { timeoutMs }).catch(() => undefined);
  }
}

/** The log was damaged, and only the state machine knew that there is nobody to fetch it from. */
class LonelyRefill extends Error {}

function lonelyRefill(groupId: GroupId, damage: Error | undefined): QuorateError {
  const what = damage === undefined ? "" : ` ${damage.message}`;
  return new QuorateError(
    "CORRUPT_LOG",
    `The log of group ${groupId} is damaged and the group has no other voter that could refill it. Bring the data back from a copy.${what}`,
    { outcome: "notApplied", retryable: false, cause: damage },
  );
}

/** Everything that is logged must fit into one frame between hosts. */
function checkSizes(commandBytesMax: number, appendBytesMax: number): void {
  const bytesMax = LANE_BODY_BYTES_MAX.log / 2;
  if (commandBytesMax <= bytesMax && appendBytesMax <= bytesMax) return;
  throw invalidArgument(`A command or an append message takes at most ${bytesMax} bytes.`);
}

function startError(error: unknown): unknown {
  if (error instanceof RangeError)
    return invalidArgument(`The settings make no sense: ${error.message}`);
  if (!(error instanceof InvariantViolation)) return error;
  return new QuorateError(
    "CORRUPT_LOG",
    `What was recovered does not fit together: ${error.message}. Remove this member from the group and add its host under a new number.`,
    { outcome: "notApplied", retryable: false, cause: error },
  );
}
