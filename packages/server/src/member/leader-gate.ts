import { isUtf8 } from "node:buffer";
import type { Environment, Timer } from "@quorate/host";
import type { CallContext } from "../rpc/call.ts";
import type { Gatekeeper } from "../rpc/gate.ts";
import type { RpcError } from "../rpc/status.ts";
import { failure } from "../services/failure.ts";
import type { Standing } from "./standing.ts";

/** Looks without a leader after which streams that need one are ended; one look per election time-out. */
const LOOKS_WITHOUT_LEADER = 3;

/** What a learner serves; ranges only if they are serializable, which the store itself sees to. */
const FOR_LEARNERS: ReadonlySet<string> = new Set([
  "/etcdserverpb.Maintenance/Status",
  "/etcdserverpb.Maintenance/Snapshot",
  "/etcdserverpb.KV/Range",
  "/grpc.health.v1.Health/Check",
  "/quorate.v1.Inspection/Explain",
  "/grpc.health.v1.Health/Watch",
]);

/** Turns calls away that need a leader when there is none (`hasleader`), and those that a learner does not serve. */
export class LeaderGate implements Gatekeeper {
  readonly #standing: Standing;
  readonly #environment: Environment;
  readonly #intervalMs: number;
  readonly #streams = new Set<(error: RpcError) => void>();
  #timer: Timer | undefined;
  #looks = 0;

  constructor(standing: Standing, environment: Environment, electionTimeoutMs: number) {
    this.#standing = standing;
    this.#environment = environment;
    this.#intervalMs = electionTimeoutMs;
    this.#schedule();
  }

  admit(call: CallContext): void {
    if (this.#standing.isLearner && !FOR_LEARNERS.has(call.path)) throw failure("notForLearner");
    const version = call.metadata("client-api-version");
    if (version !== undefined && !isText(version)) throw failure("badApiVersion");
    if (needsLeader(call) && !this.#standing.hasLeader) throw failure("noLeader");
  }

  watch(call: CallContext, end: (error: RpcError) => void): () => void {
    if (!needsLeader(call)) return () => {};
    this.#streams.add(end);
    return () => this.#streams.delete(end);
  }

  /** Ends every stream that needs a leader; the member is going away. */
  close(): void {
    this.#timer?.cancel();
    this.#streams.clear();
  }

  #schedule(): void {
    this.#timer = this.#environment.setTimer(this.#intervalMs, () => {
      this.#looks = this.#standing.hasLeader ? 0 : this.#looks + 1;
      if (this.#looks >= LOOKS_WITHOUT_LEADER) this.#endStreams();
      this.#schedule();
    });
  }

  #endStreams(): void {
    const streams = [...this.#streams];
    this.#streams.clear();
    for (const end of streams) end(failure("noLeader"));
  }
}

/** Headers arrive as the letters that their bytes are in Latin 1; most are plain ASCII. */
function isText(header: string): boolean {
  return /^[\x20-\x7e]*$/.test(header) || isUtf8(Buffer.from(header, "latin1"));
}

function needsLeader(call: CallContext): boolean {
  return call.metadata("hasleader") === "true";
}
