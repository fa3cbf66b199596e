import type { MemberId, PeerMessage, SnapshotInfo, Term } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import type { FileLock } from "../environment/environment.ts";
import { bootstrapLog } from "../group/bootstrap.ts";
import { invalidArgument } from "../group/failures.ts";
import type { GroupSpec } from "../group/group-spec.ts";
import { Listeners, surfaceLater } from "../group/listeners.ts";
import type { InitialMember, MemberAddress } from "../group/membership-request.ts";
import type { Replica } from "../group/replica.ts";
import type { Host, HostEvent, HostMetrics, HostOptions } from "../host.ts";
import type { Identity } from "../identity/identity.ts";
import { IdentityFile } from "../identity/identity-file.ts";
import { withStorageErrors } from "../log/storage-error.ts";
import { KnownHosts } from "../transport/known-hosts.ts";
import { StreamTransport } from "../transport/stream-transport.ts";
import type {
  GroupId,
  PeerStatus,
  SnapshotReceiver,
  TransportEvent,
  TransportHandler,
} from "../transport/transport.ts";
import { TickClock } from "../watchdog/tick-clock.ts";
import { AddressBook } from "./address-book.ts";
import type { AnyGroup } from "./carried-groups.ts";
import { CarriedGroups } from "./carried-groups.ts";
import { lockData } from "./data-lock.ts";
import { TICK_MS_DEFAULT, TRANSPORT_LIMITS_DEFAULT, withDefaults } from "./defaults.ts";
import type { HostStorage } from "./host-storage.ts";
import type { LedGroup } from "./leader-balance.ts";
import { chooseHandOver } from "./leader-balance.ts";
import { TurnScheduler } from "./turn-scheduler.ts";

/** Between looks at whether this host leads more than its share. */
const BALANCE_TICKS = 50;

/** The host of this process: owns the folder, the connections and the clock, and carries groups. */
export class LocalHost implements Host, TransportHandler {
  readonly #options: HostOptions;
  readonly #storage: HostStorage;
  readonly #identity: Identity;
  readonly #lock: FileLock;
  readonly #transport: StreamTransport;
  readonly #clock: TickClock;
  readonly #groups: CarriedGroups;
  readonly #counts: {
    ticks: number;
    eventLoopStalls: number;
    eventLoopStallMsMax: number;
    clockJumps: number;
  } = { ticks: 0, eventLoopStalls: 0, eventLoopStallMsMax: 0, clockJumps: 0 };
  readonly #listeners: Listeners<HostEvent>;
  #closing: Promise<void> | undefined;

  private constructor(
    options: HostOptions,
    storage: HostStorage,
    identity: Identity,
    lock: FileLock,
    knownHosts: KnownHosts,
  ) {
    this.#options = options;
    this.#storage = storage;
    this.#identity = identity;
    this.#lock = lock;
    this.#listeners = new Listeners(surfaceLater(options.environment));
    if (options.onEvent !== undefined) this.#listeners.add(options.onEvent);
    const scheduler = new TurnScheduler(options.environment, () => this.#transport.flush());
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
      flushIsDue: () => scheduler.isRunning,
    });
    this.#groups = new CarriedGroups({
      options,
      tickMs: this.tickMs,
      incarnation: identity.incarnation,
      storage,
      transport: this.#transport,
      scheduler,
      addresses: new AddressBook(options.environment, this.#transport, options.hostId),
      emit: (event) => this.#emit(event),
    });
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
    return withStorageErrors(options.directory, () => LocalHost.#open(options, storageOf));
  }

  static async #open(
    options: HostOptions,
    storageOf: (identity: IdentityFile) => HostStorage,
  ): Promise<LocalHost> {
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
    return this.#groups.open(spec, initial, async () => {
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
    return this.#groups.open(spec, contacts, () => this.#storage.create(spec.groupId, undefined));
  }

  openGroup<C, R, Q, A>(
    spec: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[] = [],
  ): Promise<Replica<C, R, Q, A>> {
    return this.#groups.open(spec, contacts, async () => undefined);
  }

  hasGroup(groupId: GroupId): Promise<boolean> {
    return this.#storage.exists(groupId);
  }

  async removeGroup(groupId: GroupId): Promise<void> {
    if (this.#groups.isOpen(groupId)) {
      throw invalidArgument(`Group ${groupId} is open: close it first.`);
    }
    await this.#storage.remove(groupId);
  }

  /** The open group with this number. Throws INVALID_ARGUMENT when there is none. @internal */
  carried(groupId: GroupId): AnyGroup {
    const group = this.#groups.get(groupId);
    if (group === undefined) throw invalidArgument(`Group ${groupId} is not open.`);
    return group;
  }

  groups(): readonly GroupId[] {
    return this.#groups.ids();
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
    this.#groups.get(group)?.onMessage(message);
  }

  onHostMessage(group: GroupId, from: MemberId, payload: Uint8Array): void {
    this.#groups.get(group)?.onHostMessage(from, payload);
  }

  async onSnapshot(
    group: GroupId,
    from: MemberId,
    info: SnapshotInfo,
    term: Term,
  ): Promise<SnapshotReceiver | "refused"> {
    return this.#groups.get(group)?.intake.offer(from, info, term) ?? "refused";
  }

  onUnreachable(peer: MemberId): void {
    this.#groups.each((group) => group.onUnreachable(peer));
  }

  onEvent(event: TransportEvent): void {
    this.#emit({ type: "transport", event });
  }

  async #close(): Promise<void> {
    try {
      await this.#groups.close();
    } finally {
      this.#clock.stop();
      await this.#transport.stop();
      await this.#lock.release();
    }
  }

  #tick(nowMs: number): void {
    this.#counts.ticks += 1;
    this.#groups.each((group) => group.tick(nowMs));
    if (this.#options.balanceLeaders === true && this.#counts.ticks % BALANCE_TICKS === 0) {
      this.#balance();
    }
  }

  #balance(): void {
    const groups: LedGroup[] = [];
    this.#groups.each((group) => {
      const { groupId, leader } = group;
      const couldTake = leader === this.hostId ? successors(group) : [];
      groups.push({ groupId, leader, successors: couldTake });
    });
    const handOver = chooseHandOver(this.hostId, groups);
    if (handOver === undefined) return;
    const group = this.carried(handOver.groupId);
    group.core.transferLeadership(handOver.to);
    group.schedule();
  }

  #stalled(forMs: number): void {
    this.#counts.eventLoopStalls += 1;
    this.#counts.eventLoopStallMsMax = Math.max(this.#counts.eventLoopStallMsMax, forMs);
    this.#groups.each((group) => group.fitness.stalled(forMs));
    this.#emit({ type: "eventLoopStalled", forMs });
  }

  #emit(event: HostEvent): void {
    this.#listeners.tell(event);
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
