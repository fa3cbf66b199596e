import type { MemberId, PeerMessage, SnapshotInfo, Term } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import type { Environment, FileLock } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { bootstrapLog } from "../group/bootstrap.ts";
import { invalidArgument } from "../group/failures.ts";
import { Group } from "../group/group.ts";
import { GroupReplica } from "../group/group-replica.ts";
import type { GroupLimits, GroupSpec } from "../group/group-spec.ts";
import { LeaderTasks } from "../group/leader-tasks.ts";
import type { InitialMember, MemberAddress } from "../group/membership-request.ts";
import type { GroupStorage } from "../group/recovery.ts";
import { recoverState, sessionLimits } from "../group/recovery.ts";
import type { Replica } from "../group/replica.ts";
import type { Host, HostEvent, HostMetrics, HostOptions } from "../host.ts";
import type { Identity } from "../identity/identity.ts";
import { IdentityFile } from "../identity/identity-file.ts";
import type { LogEvent } from "../log/log-event.ts";
import { KnownHosts } from "../transport/known-hosts.ts";
import { StreamTransport } from "../transport/stream-transport.ts";
import type {
  GroupId,
  PeerStatus,
  SnapshotReceiver,
  TransportEvent,
  TransportHandler,
} from "../transport/transport.ts";
import { LANE_BODY_BYTES_MAX } from "../transport/transport-context.ts";
import { TickClock } from "../watchdog/tick-clock.ts";
import { AddressBook } from "./address-book.ts";
import { lockData } from "./data-lock.ts";
import {
  CORE_DEFAULTS,
  GROUP_LIMITS_DEFAULT,
  SNAPSHOT_POLICY_DEFAULT,
  TICK_MS_DEFAULT,
  TRANSPORT_LIMITS_DEFAULT,
  withDefaults,
} from "./defaults.ts";
import type { HostStorage } from "./host-storage.ts";
import type { LedGroup } from "./leader-balance.ts";
import { chooseHandOver } from "./leader-balance.ts";
import { TurnScheduler } from "./turn-scheduler.ts";

/** Between looks at whether this host leads more than its share. */
const BALANCE_TICKS = 50;

/** An orderly close waits so many ticks for another member to take the lead over. */
const HAND_OVER_TICKS = 10;

type AnyGroup = Group<never, never, never, never>;
type AnyReplica = Replica<never, never, never, never>;

interface Carried {
  readonly group: AnyGroup;
  readonly replica: AnyReplica;
}

/** The host of this process: owns the folder, the connections and the clock, and carries groups. */
export class LocalHost implements Host, TransportHandler {
  readonly #options: HostOptions;
  readonly #environment: Environment;
  readonly #storage: HostStorage;
  readonly #identity: Identity;
  readonly #lock: FileLock;
  readonly #transport: StreamTransport;
  readonly #scheduler: TurnScheduler;
  readonly #clock: TickClock;
  readonly #addresses: AddressBook;
  readonly #groups: Map<GroupId, Carried> = new Map();
  /** Groups that are being opened, so that none is opened twice. */
  readonly #opening: Set<GroupId> = new Set();
  readonly #counts: {
    ticks: number;
    eventLoopStalls: number;
    eventLoopStallMsMax: number;
    clockJumps: number;
  } = { ticks: 0, eventLoopStalls: 0, eventLoopStallMsMax: 0, clockJumps: 0 };
  #closing: Promise<void> | undefined;

  private constructor(
    options: HostOptions,
    storage: HostStorage,
    identity: Identity,
    lock: FileLock,
    knownHosts: KnownHosts,
  ) {
    this.#options = options;
    this.#environment = options.environment;
    this.#storage = storage;
    this.#identity = identity;
    this.#lock = lock;
    this.#transport = new StreamTransport({
      environment: options.environment,
      clusterId: options.clusterId,
      host: options.hostId,
      dataId: identity.dataId,
      incarnation: identity.incarnation,
      listenAddress: options.listenAddress,
      advertiseAddress: options.advertiseAddress,
      knownHosts,
      limits: withDefaults(TRANSPORT_LIMITS_DEFAULT, options.transport),
      verifyPeer: options.verifyPeer ?? (() => true),
    });
    this.#scheduler = new TurnScheduler(options.environment, () => this.#transport.flush());
    this.#addresses = new AddressBook(options.environment, this.#transport, options.hostId);
    this.#clock = new TickClock(options.environment, this.tickMs, {
      onTick: (nowMs) => this.#tick(nowMs),
      onStall: (forMs) => this.#stalled(forMs),
      onClockJump: (byMs) => {
        this.#counts.clockJumps += 1;
        this.#emit({ type: "clockJumped", byMs });
      },
    });
  }

  /** `storageOf` is given the identity once this start is counted. */
  static async open(
    options: HostOptions,
    storageOf: (identity: IdentityFile) => HostStorage,
  ): Promise<LocalHost> {
    checkOptions(options);
    const { environment, directory } = options;
    await makeDurableDirectory(environment.files, directory);
    const lock = await lockData(environment, directory);
    try {
      const { clusterId, hostId } = options;
      const claim = { clusterId, hostId, hostName: options.hostName ?? "" };
      const file = await IdentityFile.open(environment, directory, claim);
      const knownHosts = await KnownHosts.open(environment, directory);
      const host = new LocalHost(options, storageOf(file), file.identity, lock, knownHosts);
      await host.#transport.start(host);
      host.#clock.start();
      return host;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get hostId(): MemberId {
    return this.#options.hostId;
  }

  get clusterId(): string {
    return this.#options.clusterId;
  }

  get address(): string {
    return this.#transport.address;
  }

  get incarnation(): number {
    return this.#identity.incarnation;
  }

  get tickMs(): number {
    return this.#options.tickMs ?? TICK_MS_DEFAULT;
  }

  createGroup<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    initial: readonly InitialMember[],
  ): Promise<Replica<C, R, Q, A>> {
    return this.#carry(spec, initial, async () => {
      const { hardState, entries } = bootstrapLog(initial);
      if (!initial.some((member) => member.id === this.hostId)) {
        throw invalidArgument(`Host ${this.hostId} is not among the initial members.`);
      }
      const first = { hardState, entries, snapshot: undefined, sync: true };
      await this.#storage.create(spec.groupId, first);
    });
  }

  joinGroup<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[],
  ): Promise<Replica<C, R, Q, A>> {
    return this.#carry(spec, contacts, () => this.#storage.create(spec.groupId, undefined));
  }

  openGroup<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[] = [],
  ): Promise<Replica<C, R, Q, A>> {
    return this.#carry(spec, contacts, async () => undefined);
  }

  hasGroup(groupId: GroupId): Promise<boolean> {
    return this.#storage.exists(groupId);
  }

  async removeGroup(groupId: GroupId): Promise<void> {
    if (this.#groups.has(groupId) || this.#opening.has(groupId)) {
      throw invalidArgument(`Group ${groupId} is open: close it first.`);
    }
    await this.#storage.remove(groupId);
  }

  /** The open group with this number. Throws INVALID_ARGUMENT when there is none. @internal */
  carried(groupId: GroupId): AnyGroup {
    const carried = this.#groups.get(groupId);
    if (carried === undefined) throw invalidArgument(`Group ${groupId} is not open.`);
    return carried.group;
  }

  groups(): readonly GroupId[] {
    return [...this.#groups.keys()].sort((left, right) => left - right);
  }

  peers(): readonly PeerStatus[] {
    return this.#transport.peers();
  }

  metrics(): HostMetrics {
    return { ...this.#counts, ...this.#transport.counters };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  onMessage(group: GroupId, message: PeerMessage): void {
    this.#groups.get(group)?.group.onMessage(message);
  }

  onHostMessage(group: GroupId, from: MemberId, payload: Uint8Array): void {
    this.#groups.get(group)?.group.onHostMessage(from, payload);
  }

  async onSnapshot(
    group: GroupId,
    from: MemberId,
    info: SnapshotInfo,
    term: Term,
  ): Promise<SnapshotReceiver | "refused"> {
    return this.#groups.get(group)?.group.onSnapshot(from, info, term) ?? "refused";
  }

  onUnreachable(peer: MemberId): void {
    for (const { group } of this.#groups.values()) group.onUnreachable(peer);
  }

  onEvent(event: TransportEvent): void {
    this.#emit({ type: "transport", event });
  }

  async #carry<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[],
    prepare: () => Promise<void>,
  ): Promise<Replica<C, R, Q, A>> {
    const { groupId } = spec;
    this.#checkOpenable(groupId);
    this.#opening.add(groupId);
    const events: { take: (event: LogEvent) => void } = { take: () => undefined };
    try {
      await prepare();
      const storage = await this.#storage.open(groupId, (event) => events.take(event));
      try {
        this.#addresses.set(groupId, contacts);
        const group = await this.#start(spec, storage, contacts);
        events.take = (event) => group.onLogEvent(event);
        return this.#adopt(spec, group, storage);
      } catch (error) {
        this.#addresses.remove(groupId);
        await storage.log.close();
        throw error;
      }
    } finally {
      this.#opening.delete(groupId);
    }
  }

  async #start<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    storage: GroupStorage,
    contacts: readonly MemberAddress[],
  ): Promise<Group<C, R, Q, A>> {
    const limits: GroupLimits = withDefaults(GROUP_LIMITS_DEFAULT, spec.limits);
    const coreSettings = { ...CORE_DEFAULTS, ...this.#options.core, ...spec.core };
    checkSizes(limits.commandBytesMax, coreSettings.appendBytesMax ?? 0);
    const machine = spec.machine as never;
    const companion = await recoverState(machine, storage, sessionLimits(limits));
    const group: Group<C, R, Q, A> = new Group({
      spec,
      environment: this.#environment,
      transport: this.#transport,
      self: this.hostId,
      incarnation: this.incarnation,
      limits,
      tickMs: this.tickMs,
      snapshotPolicy: withDefaults(SNAPSHOT_POLICY_DEFAULT, spec.snapshotPolicy),
      coreSettings,
      storage,
      companion,
      schedule: () => this.#scheduler.schedule(group),
      onMembers: (members) =>
        this.#addresses.set(spec.groupId, members.length > 0 ? members : contacts),
    });
    return group;
  }

  #adopt<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    group: Group<C, R, Q, A>,
    storage: GroupStorage,
  ): Replica<C, R, Q, A> {
    const { groupId } = spec;
    const erased = group as unknown as AnyGroup;
    const tasks = new LeaderTasks(erased);
    const replica = new GroupReplica(group, tasks, () => this.#closeGroup(erased, storage));
    this.#groups.set(groupId, { group: erased, replica: replica as unknown as AnyReplica });
    group.feed.on((event) => this.#emit({ type: "replica", groupId, event }));
    group.schedule();
    return replica;
  }

  #checkOpenable(groupId: GroupId): void {
    if (this.#closing !== undefined) throw invalidArgument("The host is closed.");
    if (!Number.isSafeInteger(groupId) || groupId < 1 || groupId > 0xffff_ffff) {
      throw invalidArgument(
        `A group's number is a whole number from 1 to 2^32 - 1, not ${groupId}.`,
      );
    }
    if (this.#groups.has(groupId) || this.#opening.has(groupId)) {
      throw new QuorateError("ALREADY_EXISTS", `Group ${groupId} is open on this host.`, {
        outcome: "notApplied",
        retryable: false,
      });
    }
  }

  /** Hands over, answers who waits, lets the machine finish, and closes what is on disk. */
  async #closeGroup(group: AnyGroup, storage: GroupStorage): Promise<void> {
    await this.#handOver(group);
    const wasRunning = group.isRunning;
    group.shut();
    this.#groups.delete(group.groupId);
    this.#addresses.remove(group.groupId);
    try {
      await group.settled(wasRunning);
    } finally {
      await group.parts.spec.machine.close();
      await storage.log.close();
    }
  }

  /** A leader that leaves in order spares the others the wait for an election. */
  async #handOver(group: AnyGroup): Promise<void> {
    if (!group.isRunning || group.role !== "leader") return;
    const { voters } = group.companion.membership;
    if (voters.every((member) => member === this.hostId)) return;
    const carried = this.#groups.get(group.groupId);
    const timeoutMs = HAND_OVER_TICKS * this.tickMs;
    // Nobody to take over, or not in time: the others will notice.
    await carried?.replica.transferLeadership(undefined, { timeoutMs }).catch(() => undefined);
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#groups.values()].map(({ replica }) => replica.close()));
    this.#clock.stop();
    await this.#transport.stop();
    await this.#lock.release();
  }

  #tick(nowMs: number): void {
    this.#counts.ticks += 1;
    for (const { group } of this.#groups.values()) group.tick(nowMs);
    if (this.#options.balanceLeaders === true && this.#counts.ticks % BALANCE_TICKS === 0) {
      this.#balance();
    }
  }

  #balance(): void {
    const groups = [...this.#groups.values()].map(({ group }): LedGroup => {
      const { groupId, leader } = group;
      return { groupId, leader, successors: leader === this.hostId ? successors(group) : [] };
    });
    const handOver = chooseHandOver(this.hostId, groups);
    if (handOver === undefined) return;
    this.#groups.get(handOver.groupId)?.group.core.transferLeadership(handOver.to);
    this.#groups.get(handOver.groupId)?.group.schedule();
  }

  #stalled(forMs: number): void {
    this.#counts.eventLoopStalls += 1;
    this.#counts.eventLoopStallMsMax = Math.max(this.#counts.eventLoopStallMsMax, forMs);
    for (const { group } of this.#groups.values()) group.stalled();
    this.#emit({ type: "eventLoopStalled", forMs });
  }

  #emit(event: HostEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** Voters that have the whole log, or nearly, and answer. */
function successors(group: AnyGroup): readonly MemberId[] {
  const { id, membership, progress, transferee } = group.core.status();
  if (transferee !== 0) return [];
  return membership.voters.filter((member) => {
    const of = progress.get(member);
    return member !== id && of !== undefined && group.answers(member) && of.state === "replicate";
  });
}

/** Everything that is logged must fit into one frame between hosts. */
function checkSizes(commandBytesMax: number, appendBytesMax: number): void {
  const bytesMax = LANE_BODY_BYTES_MAX.log / 2;
  if (commandBytesMax <= bytesMax && appendBytesMax <= bytesMax) return;
  throw invalidArgument(`A command or an append message takes at most ${bytesMax} bytes.`);
}

function checkOptions(options: HostOptions): void {
  const { hostId, clusterId, tickMs } = options;
  if (!Number.isSafeInteger(hostId) || hostId < 1) {
    throw invalidArgument(`A host's number is a whole number from 1, not ${hostId}.`);
  }
  if (clusterId.length === 0 || clusterId.length > 64) {
    throw invalidArgument("The cluster's id takes 1 to 64 characters.");
  }
  if (tickMs !== undefined && !(tickMs > 0)) {
    throw invalidArgument(`A tick takes some time, not ${tickMs} ms.`);
  }
}
