import type { MemberId, Membership } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import type { AbortSignalLike } from "../transport/transport.ts";
import { WireError } from "../wire/wire-error.ts";
import { aborted, leadershipLost, timedOut } from "./failures.ts";
import type { Group } from "./group.ts";
import type { HostMessage } from "./host-message.ts";
import type { LeaderReply, LeaderRequest } from "./leader-request.ts";
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from "./leader-request.ts";
import { Listeners, surfaceLater } from "./listeners.ts";
import { MembershipPlan } from "./membership-plan.ts";
import type { MembershipOptions, MembershipStage, MembershipStep } from "./membership-request.ts";
import { TransferPlan } from "./transfer-plan.ts";

/** A new voter may lack so many entries when it gets its vote: they fit into one or two round trips. */
const CATCH_UP_ENTRIES_MAX = 1_000;

/** A request without a word from the leader is sent again after this. */
const ASK_AGAIN_MS = 2_000;

/** Between looks at whether there is a leader, or whether a step has come about. */
const PAUSE_MS = 50;

type AnyGroup = Group<never, never, never, never>;

/** How a request ended, wherever it was carried out. */
type Ending =
  | { readonly type: "membership"; readonly membership: Membership }
  | { readonly type: "transferred"; readonly to: MemberId };

/** A request at this leader. */
interface Task {
  state: "queued" | "begun" | "ended";
  readonly type: LeaderRequest["type"];
  readonly deadlineMs: number;
  readonly signal: AbortSignalLike | undefined;
}

interface Pending {
  readonly onStage: (stage: MembershipStage) => void;
  ending: Ending | QuorateError | undefined;
  heardAtMs: number;
}

/**
 * Changes of membership and transfers of leadership: the leader carries them out step by step, any member can ask.
 * All of them can be repeated, so a request survives the leader that was working on it.
 */
export class LeaderTasks {
  readonly #group: AnyGroup;
  readonly #pending: Map<number, Pending> = new Map();
  #nextRequestId: number;
  /** Requests are carried out one after the other. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(group: AnyGroup) {
    this.#group = group;
    this.#nextRequestId = group.parts.incarnation * 2 ** 20;
    group.onRequest = (from, message) => this.#onMessage(from, message);
  }

  async changeMembership(
    steps: readonly MembershipStep[],
    options: MembershipOptions,
    timeoutMs: number,
  ): Promise<Membership> {
    const request: LeaderRequest = {
      type: "changeMembership",
      steps,
      expected: options.expected,
      catchUpEntriesMax: options.catchUpEntriesMax ?? CATCH_UP_ENTRIES_MAX,
      skipCatchUp: options.skipCatchUp ?? false,
      timeoutMs,
    };
    const stages = new Listeners<MembershipStage>(surfaceLater(this.#group.parts.environment));
    if (options.onStage !== undefined) stages.add(options.onStage);
    const onStage = (stage: MembershipStage): void => {
      stages.tell(stage);
      this.#group.feed.emit({ type: "membershipStage", stage });
    };
    const ending = await this.#bringAbout(request, onStage, options.signal);
    if (ending.type !== "membership") throw new Error("a reply to another request");
    onStage({ stage: "done", membership: ending.membership });
    return ending.membership;
  }

  async transferLeadership(
    to: MemberId | undefined,
    timeoutMs: number,
    signal: AbortSignalLike | undefined,
  ): Promise<MemberId> {
    const request: LeaderRequest = { type: "transferLeadership", to: to ?? 0, timeoutMs };
    const ending = await this.#bringAbout(request, () => undefined, signal);
    if (ending.type !== "transferred") throw new Error("a reply to another request");
    return ending.to;
  }

  /** Tries with one leader after the other until it is done, refused, or time is up. */
  async #bringAbout(
    request: LeaderRequest,
    onStage: (stage: MembershipStage) => void,
    signal: AbortSignalLike | undefined,
  ): Promise<Ending> {
    const { environment } = this.#group.parts;
    const deadlineMs = environment.nowMs() + request.timeoutMs;
    let mayHaveBegun = false;
    for (;;) {
      const { leader, self } = this.#group;
      const refusal = this.#group.stopError;
      if (refusal !== undefined) throw refusal;
      const outcome = mayHaveBegun ? "unknown" : "notApplied";
      if (signal?.aborted === true) throw aborted(outcome, signal.reason);
      if (environment.nowMs() >= deadlineMs) throw timedOut(outcome, leader, request.type);
      if (leader === 0) {
        await this.#pause();
        continue;
      }
      mayHaveBegun = true;
      try {
        if (leader === self) return await this.#carryOut(request, onStage, deadlineMs, signal);
        return await this.#ask(leader, request, onStage, deadlineMs, signal);
      } catch (error) {
        if (!(error instanceof QuorateError)) throw error;
        // What an earlier leader began may be what this one objects to.
        if (error.code !== "LEADERSHIP_LOST")
          throw outcome === "unknown" ? asUnknown(error) : error;
        await this.#pause();
      }
    }
  }

  #carryOut(
    request: LeaderRequest,
    onStage: (stage: MembershipStage) => void,
    deadlineMs: number,
    signal: AbortSignalLike | undefined,
  ): Promise<Ending> {
    const task: Task = { state: "queued", type: request.type, deadlineMs, signal };
    const run = async (): Promise<Ending> => {
      this.#checkWanted(task);
      task.state = "begun";
      if (request.type === "transferLeadership") {
        const to = await new TransferPlan(this.#group).run(request.to, deadlineMs);
        return { type: "transferred", to };
      }
      const plan = new MembershipPlan(this.#group, request, onStage, deadlineMs, signal);
      return { type: "membership", membership: await plan.run() };
    };
    const result = this.#tail.then(run, run).finally(() => {
      task.state = "ended";
    });
    this.#tail = result.catch(() => undefined);
    return Promise.race([result, this.#givenUp(task)]);
  }

  /** Rejects when the caller wants it no more, or its time runs out behind other requests. */
  async #givenUp(task: Task): Promise<never> {
    while (task.state !== "ended") {
      this.#checkWanted(task);
      await this.#pause();
    }
    // The task has an ending, which came first.
    return new Promise<never>(() => undefined);
  }

  #checkWanted({ state, type, deadlineMs, signal }: Task): void {
    const { leader, parts } = this.#group;
    const outcome = state === "queued" ? "notApplied" : "unknown";
    if (signal?.aborted === true) throw aborted(outcome, signal.reason);
    if (state !== "queued" || parts.environment.nowMs() < deadlineMs) return;
    throw timedOut(outcome, leader, type);
  }

  /** Rejects with LEADERSHIP_LOST when there is another leader to ask. */
  async #ask(
    leader: MemberId,
    request: LeaderRequest,
    onStage: (stage: MembershipStage) => void,
    deadlineMs: number,
    signal: AbortSignalLike | undefined,
  ): Promise<Ending> {
    const group = this.#group;
    const { environment } = group.parts;
    const requestId = this.#nextRequestId++;
    const pending: Pending = { onStage, ending: undefined, heardAtMs: environment.nowMs() };
    this.#pending.set(requestId, pending);
    try {
      this.#send(leader, requestId, request, deadlineMs);
      for (;;) {
        if (pending.ending instanceof QuorateError) throw pending.ending;
        if (pending.ending !== undefined) return await this.#seenHere(pending.ending, deadlineMs);
        const nowMs = environment.nowMs();
        if (signal?.aborted === true) throw aborted("unknown", signal.reason);
        if (nowMs >= deadlineMs) throw timedOut("unknown", leader, request.type);
        if (group.stopError !== undefined) throw group.stopError;
        if (group.leader !== leader) throw leadershipLost(group.leader);
        if (nowMs - pending.heardAtMs >= ASK_AGAIN_MS) {
          pending.heardAtMs = nowMs;
          this.#send(leader, requestId, request, deadlineMs);
        }
        await this.#pause();
      }
    } finally {
      this.#pending.delete(requestId);
    }
  }

  /** The change is in force at the leader; the promise is that it is in force here. */
  async #seenHere(ending: Ending, deadlineMs: number): Promise<Ending> {
    const group = this.#group;
    if (ending.type === "transferred") return ending;
    const wanted = JSON.stringify(ending.membership);
    await group.conditions.until(
      () => {
        const seen = JSON.stringify(group.companion.membership) === wanted;
        return seen || group.condition === "removed" ? true : undefined;
      },
      deadlineMs,
      () => timedOut("unknown", group.leader, "changeMembership"),
      undefined,
    );
    return ending;
  }

  #send(leader: MemberId, requestId: number, request: LeaderRequest, deadlineMs: number): void {
    const timeoutMs = Math.max(1, deadlineMs - this.#group.parts.environment.nowMs());
    const body = encodeRequest({ ...request, timeoutMs });
    this.#group.sendHostMessage(leader, { type: "request", requestId, body });
  }

  #onMessage(from: MemberId, message: HostMessage): void {
    try {
      if (message.type === "request") {
        this.#onRequest(from, message.requestId, decodeRequest(message.body));
      } else if (message.type === "reply") {
        this.#onReply(message.requestId, decodeReply(message.body));
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  /** Requests that are being carried out for others, so that a repeated one is not done twice over. */
  readonly #serving: Set<string> = new Set();

  #onRequest(from: MemberId, requestId: number, request: LeaderRequest): void {
    const group = this.#group;
    const key = `${from}/${requestId}`;
    if (this.#serving.has(key)) return;
    this.#serving.add(key);
    const reply = (body: LeaderReply): void => {
      group.sendHostMessage(from, { type: "reply", requestId, body: encodeReply(body) });
    };
    const deadlineMs = group.parts.environment.nowMs() + request.timeoutMs;
    const onStage = (stage: MembershipStage): void => {
      group.feed.emit({ type: "membershipStage", stage });
      reply({ type: "stage", stage });
    };
    const carriedOut =
      group.leader === group.self
        ? this.#carryOut(request, onStage, deadlineMs, undefined)
        : Promise.reject(leadershipLost(group.leader));
    carriedOut
      .then((ending) => reply(ending))
      .catch((error: unknown) => reply({ type: "failed", error: asQuorateError(error) }))
      .finally(() => this.#serving.delete(key));
  }

  #onReply(requestId: number, reply: LeaderReply): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    pending.heardAtMs = this.#group.parts.environment.nowMs();
    if (reply.type === "stage") pending.onStage(reply.stage);
    else pending.ending = reply.type === "failed" ? reply.error : reply;
  }

  #pause(): Promise<void> {
    const { environment } = this.#group.parts;
    return new Promise((resolve) => environment.setTimer(PAUSE_MS, resolve));
  }
}

function asUnknown(error: QuorateError): QuorateError {
  const { code, message, retryable, leader, cause } = error;
  return new QuorateError(code, message, { outcome: "unknown", retryable, leader, cause });
}

function asQuorateError(error: unknown): QuorateError {
  if (error instanceof QuorateError) return error;
  return new QuorateError("STOPPED", `The leader failed: ${String(error)}`, {
    outcome: "unknown",
    retryable: true,
  });
}
