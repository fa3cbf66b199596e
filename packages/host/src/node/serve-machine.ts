import { type MessagePort, parentPort } from "node:worker_threads";
import type { SnapshotInfo } from "@quorate/core";
import type { SnapshotSource, StateMachine } from "../group/state-machine.ts";
import type { MachineCall, MachineReply, MachineRequest } from "./machine-protocol.ts";

/**
 * Serves `machine` to the `workerMachine` that loaded this thread. Call it once, when the module is loaded. Throws
 * outside a worker thread.
 */
export function serveMachine<C, R, Q, A>(machine: StateMachine<C, R, Q, A>): void {
  if (parentPort === null) throw new Error("serveMachine belongs into a worker thread");
  new MachineServer(machine as StateMachine<unknown, unknown, unknown, unknown>, parentPort);
}

interface Pinned {
  readonly source: SnapshotSource;
  chunks: AsyncIterator<Uint8Array> | undefined;
}

class MachineServer {
  readonly #machine: StateMachine<unknown, unknown, unknown, unknown>;
  readonly #port: MessagePort;
  readonly #pinned: Map<number, Pinned> = new Map();
  #restore: Restore | undefined;

  constructor(machine: StateMachine<unknown, unknown, unknown, unknown>, port: MessagePort) {
    this.#machine = machine;
    this.#port = port;
    port.on("message", ({ id, request }: MachineCall) => this.#take(id, request));
  }

  #take(id: number, request: MachineRequest): void {
    // Begun in this very turn, in the order of arrival, whether the machine answers at once or later.
    try {
      const answer = this.#carryOut(request);
      if (!(answer instanceof Promise)) {
        this.#answer(id, answer);
        return;
      }
      // Also an answer that cannot be cloned is the fault of this call alone.
      answer
        .then((value: unknown) => this.#answer(id, value))
        .catch((error: unknown) => this.#fail(id, error));
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #carryOut(request: MachineRequest): unknown {
    const machine = this.#machine;
    switch (request.type) {
      case "open":
        return machine.open();
      case "apply":
        return machine.apply(request.batch);
      case "query":
        return machine.query(request.query);
      case "pin":
        this.#pinned.set(request.snapshot, {
          source: machine.beginSnapshot(),
          chunks: undefined,
        });
        return undefined;
      case "chunk":
        return this.#chunk(request.snapshot);
      case "release":
        return this.#release(request.snapshot);
      case "restore":
        this.#restore = new Restore(machine, request.info, request.companion);
        return undefined;
      case "restoreChunk":
        return this.#restore?.push(request.bytes);
      case "restoreEnd":
        return this.#restore?.end();
      case "restoreAbort":
        return this.#restore?.abort(request.reason);
      case "flush":
        return machine.flush?.(request.applied, request.companion);
      case "close":
        return machine.close();
    }
  }

  async #chunk(snapshot: number): Promise<Uint8Array | undefined> {
    const pinned = this.#pinned.get(snapshot);
    if (pinned === undefined) throw new Error("the snapshot was released");
    pinned.chunks ??= pinned.source.chunks()[Symbol.asyncIterator]();
    const next = await pinned.chunks.next();
    return next.done === true ? undefined : next.value.slice();
  }

  async #release(snapshot: number): Promise<void> {
    const pinned = this.#pinned.get(snapshot);
    this.#pinned.delete(snapshot);
    await pinned?.chunks?.return?.();
    pinned?.source.release();
  }

  #answer(id: number, answer: unknown): void {
    this.#reply({ id, outcome: { type: "answer", answer } });
  }

  #fail(id: number, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const named = typeof code === "string" ? code : undefined;
    this.#reply({ id, outcome: { type: "failure", reason, code: named, stack } });
  }

  #reply(reply: Omit<MachineReply, "unflushedBytes">): void {
    const { unflushedBytes } = this.#machine;
    this.#port.postMessage({ ...reply, unflushedBytes });
  }
}

/** The chunks of one restore, handed over one at a time: the next is asked for when the machine has taken this one. */
class Restore {
  readonly #done: Promise<void>;
  #waiting: { readonly bytes: Uint8Array; readonly taken: () => void } | undefined;
  #wake: (() => void) | undefined;
  #isEnded = false;
  #failure: Error | undefined;

  constructor(
    machine: StateMachine<unknown, unknown, unknown, unknown>,
    info: SnapshotInfo,
    companion: Uint8Array,
  ) {
    this.#done = machine.restore(info, this.#chunks(), companion);
    this.#done.catch(() => undefined);
  }

  /** Settles when the machine has taken the chunk, or wants no more. */
  async push(bytes: Uint8Array): Promise<void> {
    const taken = new Promise<void>((resolve) => {
      this.#waiting = { bytes, taken: resolve };
      this.#wake?.();
    });
    await Promise.race([taken, this.#done]);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    this.#wake?.();
    await this.#done;
  }

  async abort(reason: string): Promise<void> {
    this.#failure = new Error(reason);
    this.#wake?.();
    await this.#done.catch(() => undefined);
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const waiting = this.#waiting;
      if (waiting !== undefined) {
        this.#waiting = undefined;
        waiting.taken();
        yield waiting.bytes;
      } else if (this.#isEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
