import type { Alarm, AlarmType as KvAlarmType } from "@quorate/kv";
import {
  AlarmAction,
  type AlarmMemberInit,
  type AlarmRequest,
  type AlarmResponseInit,
  AlarmType,
  MaintenanceService as MaintenanceMethods,
  type SnapshotRequest,
  SnapshotResponse,
  type SnapshotResponseInit,
  type StatusResponseInit,
} from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import type { RpcStream } from "../rpc/method.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { type ServiceMethod, streaming, unary } from "../rpc/typed-method.ts";
import { ETCD_CLUSTER_VERSION, ETCD_VERSION } from "../version.ts";
import { requestFailure } from "./failure.ts";
import { Drains, type SnapshotImage, sendImage } from "./snapshot-stream.ts";
import { answerOf, resultOf, type StoreAccess } from "./store-access.ts";

/** How this member stands within its group. */
export interface MemberStanding {
  /** Public id of the leader, 0 for none. */
  readonly leader: bigint;
  readonly term: number;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly isLearner: boolean;
}

/** What maintenance needs besides the store. */
export interface MemberCare {
  standing(): MemberStanding;
  /** Resolves when `target` leads. Rejects with `RpcError`. */
  moveLeader(target: bigint): Promise<void>;
  readonly quotaBytes: number;
  /** The state of this moment; whoever asked for it closes it. */
  makeImage(): Promise<SnapshotImage>;
}

const ALARMS: ReadonlyMap<number, KvAlarmType> = new Map([
  [AlarmType.NOSPACE, "nospace"],
  [AlarmType.CORRUPT, "corrupt"],
]);

const ALARM_ACTIONS: ReadonlyMap<number, "activate" | "deactivate"> = new Map([
  [AlarmAction.ACTIVATE, "activate"],
  [AlarmAction.DEACTIVATE, "deactivate"],
]);

/** Looking after a member. */
export class MaintenanceService {
  readonly #store: StoreAccess;
  readonly #care: MemberCare;

  constructor(store: StoreAccess, care: MemberCare) {
    this.#store = store;
    this.#care = care;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(MaintenanceMethods.status, (_, call) => this.#status(call)),
      unary(MaintenanceMethods.alarm, (request, call) => this.#alarm(request, call)),
      unary(MaintenanceMethods.defragment, async (_, call) => {
        // The store reuses what it frees; there is nothing to do, only somebody to be allowed to ask.
        await this.#requireRoot(call);
        return {};
      }),
      unary(MaintenanceMethods.hash, (_, call) => this.#hash(0, call)),
      unary(MaintenanceMethods.hashKv, ({ revision }, call) => this.#hash(revision, call)),
      streaming(
        MaintenanceMethods.snapshot,
        (stream) => {
          const drains = new Drains(stream);
          stream.onMessage(() => {
            this.#snapshot(stream, drains).catch((error: unknown) =>
              stream.fail(requestFailure(error, "read")),
            );
          });
        },
        SnapshotResponse,
      ),
      unary(MaintenanceMethods.moveLeader, async ({ targetId }, call) => {
        await this.#requireRoot(call);
        await this.#care.moveLeader(targetId);
        return {};
      }),
      unary(MaintenanceMethods.downgrade, async ({ action, version }, call) => {
        await this.#requireRoot(call);
        checkDowngrade(action, version);
        return { header: this.#store.header(this.#store.revision), version: ETCD_CLUSTER_VERSION };
      }),
    ];
  }

  async #status(call: CallContext): Promise<StatusResponseInit> {
    const answer = await this.#store.query({ type: "status" }, "local", call);
    const store = answerOf(answer, "status");
    const standing = this.#care.standing();
    const errors = store.alarms.map(
      ({ memberId, alarm }) => `memberID:${memberId} alarm:${alarm.toUpperCase()} `,
    );
    return {
      header: this.#store.header(store.revision),
      version: ETCD_VERSION,
      dbSize: store.dbSizeBytes,
      dbSizeInUse: store.dbSizeInUseBytes,
      dbSizeQuota: this.#care.quotaBytes,
      leader: standing.leader,
      raftIndex: standing.commitIndex,
      raftTerm: standing.term,
      raftAppliedIndex: standing.appliedIndex,
      errors: standing.leader === 0n ? ["etcdserver: no leader", ...errors] : errors,
      isLearner: standing.isLearner,
      storageVersion: ETCD_CLUSTER_VERSION,
      downgradeInfo: {},
    };
  }

  async #alarm(request: AlarmRequest, call: CallContext): Promise<AlarmResponseInit> {
    const alarm = ALARMS.get(request.alarm);
    if (request.action === AlarmAction.GET) {
      const answer = await this.#store.query({ type: "alarms", alarm }, "local", call);
      const { alarms, revision } = answerOf(answer, "alarms");
      return { header: this.#store.header(revision), alarms: alarms.map(alarmOut) };
    }
    const action = ALARM_ACTIONS.get(request.action);
    if (action === undefined || alarm === undefined) {
      return { header: this.#store.header(this.#store.revision) };
    }
    const { memberId } = request;
    const result = resultOf(
      await this.#store.propose({ type: "alarm", action, memberId, alarm }, call),
      "alarm",
    );
    return { header: this.#store.header(result.revision), alarms: result.alarms.map(alarmOut) };
  }

  async #hash(
    revision: number,
    call: CallContext,
  ): Promise<{
    readonly header: ReturnType<StoreAccess["header"]>;
    readonly hash: number;
    readonly compactRevision: number;
    readonly hashRevision: number;
  }> {
    const answer = await this.#store.query({ type: "hashKv", revision }, "local", call);
    const hashed = answerOf(answer, "hashKv");
    return {
      header: this.#store.header(hashed.revision),
      hash: hashed.hash,
      compactRevision: hashed.compactRevision,
      hashRevision: hashed.hashRevision,
    };
  }

  async #snapshot(
    stream: RpcStream<SnapshotRequest, SnapshotResponseInit>,
    drains: Drains,
  ): Promise<void> {
    await this.#requireRoot(stream.call);
    const image = await this.#care.makeImage();
    try {
      await sendImage(image, ETCD_CLUSTER_VERSION, stream, drains.wait);
    } finally {
      await image.close();
    }
  }

  async #requireRoot(call: CallContext): Promise<void> {
    answerOf(
      await this.#store.query({ type: "authorize", need: "root" }, "local", call),
      "authorize",
    );
  }
}

function alarmOut({ memberId, alarm }: Alarm): AlarmMemberInit {
  return { memberId, alarm: alarm === "nospace" ? AlarmType.NOSPACE : AlarmType.CORRUPT };
}

/** There is one format of data, so that every downgrade that makes sense is possible and none does anything. */
function checkDowngrade(action: number, version: string): void {
  if (action !== DOWNGRADE_VALIDATE && action !== DOWNGRADE_ENABLE) {
    throw new RpcError(STATUS.FAILED_PRECONDITION, "etcdserver: no inflight downgrade job");
  }
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:\.\d+)?$/.exec(version) ?? [];
  if (major === undefined) {
    throw new RpcError(
      STATUS.INVALID_ARGUMENT,
      "etcdserver: wrong downgrade target version format",
    );
  }
  const [ownMajor, ownMinor] = ETCD_CLUSTER_VERSION.split(".").map(Number);
  if (Number(major) !== ownMajor || Number(minor) !== (ownMinor ?? 0) - 1) {
    throw new RpcError(STATUS.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version");
  }
}

const DOWNGRADE_VALIDATE = 0;
const DOWNGRADE_ENABLE = 1;
