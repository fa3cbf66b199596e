import type { Applied, Replica } from "@quorate/host";
import {
  checkRequest,
  type KvAnswer,
  type KvMachine,
  type KvQuery,
  type KvResult,
  type ReadRequest,
  type SpaceGuard,
  SYSTEM_CALLER,
  type WriteRequest,
} from "@quorate/kv";
import type { ResponseHeaderInit } from "@quorate/protocol";
import type { DirectoryCommand, DirectoryMember } from "../directory/directory.ts";
import type { MemberCommand, MemberResult } from "../directory/member-machine.ts";
import type { CallContext } from "../rpc/call.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { failure, kvFailure, requestFailure } from "../services/failure.ts";
import type { Freshness, StoreAccess } from "../services/store-access.ts";
import type { Callers } from "./callers.ts";
import type { Standing } from "./standing.ts";

export type MemberReplica = Replica<MemberCommand, MemberResult, KvQuery, KvAnswer>;

export interface ReplicatedStoreOptions {
  readonly replica: MemberReplica;
  readonly machine: KvMachine;
  readonly standing: Standing;
  readonly callers: Callers;
  readonly spaceGuard: SpaceGuard;
  readonly clusterId: bigint;
  readonly memberId: bigint;
  /** How long a request waits for a majority, at most. */
  readonly requestTimeoutMs: number;
  readonly maxTxnOps: number;
  /** False as long as nothing of the cluster is here: an empty store would answer that there are no keys. */
  readonly hasState: () => boolean;
}

/** The replicated store as the services see it: requests of clients, with who makes them. */
export class ReplicatedStore implements StoreAccess {
  readonly #options: ReplicatedStoreOptions;

  constructor(options: ReplicatedStoreOptions) {
    this.#options = options;
  }

  get revision(): number {
    return this.#options.machine.revision;
  }

  header(revision: number): ResponseHeaderInit {
    const { clusterId, memberId, standing } = this.#options;
    return { clusterId, memberId, revision, raftTerm: standing.term };
  }

  /** Not an async function: this is the path of every write, and each promise on it counts. */
  propose(request: WriteRequest, call: CallContext): Promise<KvResult> {
    try {
      if (request.type === "put" || request.type === "deleteRange" || request.type === "txn") {
        const refused = checkRequest(request, this.#options.maxTxnOps);
        if (refused !== undefined) throw kvFailure(refused.code);
      }
      const pending = this.#options.callers.pending(call);
      if (pending !== undefined) return pending.then(() => this.#proposeFor(request, call));
      return this.#proposeFor(request, call);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #proposeFor(request: WriteRequest, call: CallContext): Promise<KvResult> {
    const { callers, spaceGuard } = this.#options;
    const caller = callers.of(call);
    const full = spaceGuard.check(request);
    if (full !== undefined) {
      this.lookAfterSpace();
      throw kvFailure(full.code);
    }
    const command = caller === undefined ? request : { ...request, caller };
    return this.#proposeCommand(command, this.#timeoutOf(call));
  }

  /** Something the group itself wants: lease expiry, alarms. */
  proposeAsSystem(request: WriteRequest): Promise<KvResult> {
    const command = { ...request, caller: SYSTEM_CALLER };
    return this.#proposeCommand(command, this.#options.requestTimeoutMs);
  }

  /** Raises or takes back this member's space alarm if that is due. */
  lookAfterSpace(): void {
    const due = this.#options.spaceGuard.due();
    // If it does not get through now, the next look finds it due again.
    if (due !== undefined) this.proposeAsSystem(due).catch(() => {});
  }

  async proposeDirectory(
    command: DirectoryCommand,
    timeoutMs: number = this.#options.requestTimeoutMs,
  ): Promise<DirectoryMember> {
    let result: MemberResult;
    try {
      ({ result } = await this.#options.replica.propose(command, { timeoutMs }));
    } catch (error) {
      throw requestFailure(error, "proposal");
    }
    if (result.type === "directory") return result.member;
    throw directoryFailure(result);
  }

  async query(request: ReadRequest, freshness: Freshness, call: CallContext): Promise<KvAnswer> {
    const { callers, replica, standing, maxTxnOps, hasState } = this.#options;
    if (request.type === "range" || request.type === "txn") {
      const refused = checkRequest(request, maxTxnOps);
      if (refused !== undefined) throw kvFailure(refused.code);
      if (freshness === "local" && !hasState()) throw failure("noLeader");
    }
    if (freshness === "linearizable" && standing.isLearner) throw failure("notForLearner");
    const pending = callers.pending(call);
    if (pending !== undefined) await pending;
    const caller = callers.of(call);
    const query = caller === undefined ? request : { ...request, caller };
    try {
      if (freshness === "local") return await replica.query(query, { level: "stale" });
      return await replica.query(query, { timeoutMs: this.#timeoutOf(call) });
    } catch (error) {
      throw requestFailure(error, "read");
    }
  }

  /** A read of the member itself: permissions do not matter. */
  async queryAsSystem(request: ReadRequest, freshness: Freshness): Promise<KvAnswer> {
    const { replica, requestTimeoutMs } = this.#options;
    const query = { ...request, caller: SYSTEM_CALLER };
    try {
      if (freshness === "local") return await replica.query(query, { level: "stale" });
      return await replica.query(query, { timeoutMs: requestTimeoutMs });
    } catch (error) {
      throw requestFailure(error, "read");
    }
  }

  /** Resolves once everything is applied here that was committed when it was called, as a quorum confirms. */
  async readBarrier(): Promise<void> {
    const { replica, requestTimeoutMs } = this.#options;
    try {
      await replica.readBarrier({ timeoutMs: requestTimeoutMs });
    } catch (error) {
      throw requestFailure(error, "read");
    }
  }

  #proposeCommand(command: MemberCommand, timeoutMs: number): Promise<KvResult> {
    return this.#options.replica.propose(command, { timeoutMs }).then(keyResultOf, proposalFailed);
  }

  #timeoutOf(call: CallContext): number {
    const { requestTimeoutMs } = this.#options;
    const { timeoutMs } = call;
    return timeoutMs === undefined || timeoutMs > requestTimeoutMs ? requestTimeoutMs : timeoutMs;
  }
}

function keyResultOf({ result }: Applied<MemberResult>): KvResult {
  if (result.type === "directory" || result.type === "directoryRefused") {
    throw new Error("the directory answered a request about keys");
  }
  return result;
}

function proposalFailed(error: unknown): never {
  throw requestFailure(error, "proposal");
}

function directoryFailure(result: MemberResult): RpcError {
  const reason = result.type === "directoryRefused" ? result.reason : "memberNotFound";
  switch (reason) {
    case "memberNotFound":
      return new RpcError(STATUS.NOT_FOUND, "etcdserver: member not found");
    case "idExists":
      return new RpcError(STATUS.FAILED_PRECONDITION, "etcdserver: member ID already exist");
    case "peerUrlExists":
      return new RpcError(STATUS.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists");
  }
}
