import {
  AlarmAction,
  type AlarmMember,
  AlarmType,
  type HashKVResponse,
  KVService,
  MaintenanceService,
  type SnapshotResponse,
  type StatusResponse,
} from "@quorate/protocol";
import type { CallOptions, Requests } from "../requests.ts";

/** Which member is meant: one of the client's endpoints, as it was given. */
export interface AtEndpoint extends CallOptions {
  readonly at?: string | undefined;
}

/** Looking after a cluster. */
export class Maintenance {
  readonly #requests: Requests;

  /** @internal */
  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** How one member is doing. */
  status(options: AtEndpoint = {}): Promise<StatusResponse> {
    return this.#requests.call(MaintenanceService.status, {}, "read", options);
  }

  /** The alarms that are raised. */
  async alarms(options: CallOptions = {}): Promise<readonly AlarmMember[]> {
    const request = { action: AlarmAction.GET, alarm: AlarmType.NONE };
    return (await this.#requests.call(MaintenanceService.alarm, request, "read", options)).alarms;
  }

  /** Takes an alarm back. */
  async disarm(alarm: AlarmMember, options: CallOptions = {}): Promise<readonly AlarmMember[]> {
    const { memberId, alarm: type } = alarm;
    const request = { action: AlarmAction.DEACTIVATE, memberId, alarm: type };
    return (await this.#requests.call(MaintenanceService.alarm, request, "identified", options))
      .alarms;
  }

  /** Forgets all changes up to a revision, except what is newest of each key. `physical`: wait until the room is free. */
  async compact(
    revision: number,
    options: CallOptions & { readonly physical?: boolean | undefined } = {},
  ): Promise<void> {
    const request = { revision, physical: options.physical };
    await this.#requests.call(KVService.compact, request, "write", options);
  }

  /** Frees the room of deleted data on one member, on clusters that need it. */
  async defragment(options: AtEndpoint = {}): Promise<void> {
    await this.#requests.call(MaintenanceService.defragment, {}, "identified", options);
  }

  /** A checksum of everything at a revision, for comparing members. */
  hash(revision: number, options: AtEndpoint = {}): Promise<HashKVResponse> {
    return this.#requests.call(MaintenanceService.hashKv, { revision }, "read", options);
  }

  /** Hands leadership to a member; only the leader can, so `at` is the leader's endpoint. */
  async moveLeader(targetId: bigint, options: AtEndpoint = {}): Promise<void> {
    await this.#requests.call(MaintenanceService.moveLeader, { targetId }, "write", options);
  }

  /** All data of one member, in parts. */
  async *snapshot(options: AtEndpoint = {}): AsyncGenerator<SnapshotResponse> {
    yield* await this.#requests.openStream(MaintenanceService.snapshot, {}, options);
  }
}
