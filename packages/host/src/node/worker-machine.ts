import { Worker } from "node:worker_threads";
import type { LogPosition, SnapshotInfo } from "@quorate/core";
import type {
  Committed,
  OpenedState,
  SnapshotSource,
  StateMachine,
} from "../group/state-machine.ts";
import type { MachineAnswers, MachineReply, MachineRequest } from "./machine-protocol.ts";

/** What a worker thread is given, and what its machine can do. */
export interface WorkerMachineOptions {
  /** Handed to the module as `workerData`. */
  readonly workerData?: unknown;
  /** Whether the machine has a `flush`, and with it durable state of its own. Default false. */
  readonly isDurable?: boolean | undefined;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A state machine that runs in a worker thread, so that slow code of its own delays no heartbeat and no election of
 * this process. `module` is loaded in the thread and calls `serveMachine` there. Commands, results, queries and answers
 * travel by structured clone, a whole batch at a time and in order; codecs run on this side. An end of the thread
 * stops the group with STATE_MACHINE_FAILED. What that costs and when it pays: `docs/decisions/`.
 */
export function workerMachine<C, R, Q, A>(
  module: URL,
  options: WorkerMachineOptions = {},
): StateMachine<C, R, Q, A> {
  const thread = new MachineThread(module, options.workerData);
  const machine: StateMachine<C, R, Q, A> = {
    open: (): Promise<OpenedState> => thread.ask({ type: "open" }),
    apply: async (batch) =>
      (await thread.ask({ type: "apply", batch: batch.map(owned) })) as readonly R[],
    query: async (query) => (await thread.ask({ type: "query", query })) as A,
    beginSnapshot: () => pinned(thread),
    restore: (info, chunks, companion) => restore(thread, info, chunks, companion),
    close: () => thread.close(),
    onFailure: (listener) => thread.onFailure(listener),
  };
  if (options.isDurable !== true) return machine;
  return {
    ...machine,
    flush: async (applied: LogPosition, companion: Uint8Array): Promise<void> => {
      await thread.ask({ type: "flush", applied, companion: companion.slice() });
    },
    get unflushedBytes() {
      return thread.unflushedBytes;
    },
  };
}

/** A clone takes the whole buffer that a view looks into: a command that is a view of the log gets one of its own. */
function owned(committed: Committed<unknown>): Committed<unknown> {
  const { command } = committed;
  if (!(command instanceof Uint8Array)) return committed;
  if (command.byteLength === command.buffer.byteLength) return committed;
  return { ...committed, command: command.slice() };
}

function pinned(thread: MachineThread): SnapshotSource {
  const snapshot = thread.nextSnapshot();
  // Sent at once, behind everything applied so far. What fails is heard with the first chunk.
  const pin = thread.ask({ type: "pin", snapshot });
  pin.catch(() => undefined);
  return {
    async *chunks() {
      await pin;
      for (;;) {
        const chunk = await thread.ask({ type: "chunk", snapshot });
        if (chunk === undefined) return;
        yield chunk;
      }
    },
    release: () => {
      thread.ask({ type: "release", snapshot }).catch(() => undefined);
    },
  };
}

async function restore(
  thread: MachineThread,
  info: SnapshotInfo,
  chunks: AsyncIterable<Uint8Array>,
  companion: Uint8Array,
): Promise<void> {
  await thread.ask({ type: "restore", info, companion: companion.slice() });
  try {
    for await (const bytes of chunks) {
      await thread.ask({ type: "restoreChunk", bytes: bytes.slice() });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await thread.ask({ type: "restoreAbort", reason }).catch(() => undefined);
    throw error;
  }
  await thread.ask({ type: "restoreEnd" });
}

/** The other thread: each call gets its answer, or the reason why there is none. */
class MachineThread {
  readonly #worker: Worker;
  readonly #waiting: Map<number, Waiting> = new Map();
  readonly #listeners: ((error: Error) => void)[] = [];
  #nextId = 1;
  #nextSnapshot = 1;
  #end: Error | undefined;
  #isClosing = false;
  unflushedBytes = 0;

  constructor(module: URL, workerData: unknown) {
    this.#worker = new Worker(module, { workerData });
    this.#worker.on("message", (reply: MachineReply) => this.#answered(reply));
    this.#worker.on("messageerror", (error) => this.#ended(error));
    this.#worker.on("error", (error) => this.#ended(error));
    this.#worker.on("exit", (code) => this.#ended(new Error(`it exited with ${code}`)));
  }

  nextSnapshot(): number {
    return this.#nextSnapshot++;
  }

  ask<T extends MachineRequest>(request: T): Promise<MachineAnswers[T["type"]]> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      try {
        this.#worker.postMessage({ id, request });
      } catch (error) {
        // A value that cannot be cloned.
        this.#waiting.delete(id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  onFailure(listener: (error: Error) => void): void {
    if (this.#end !== undefined && !this.#isClosing) listener(this.#end);
    else this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    try {
      // A thread that has ended has nothing left to close.
      if (this.#end === undefined) await this.ask({ type: "close" });
    } finally {
      await this.#worker.terminate();
    }
  }

  #answered({ id, outcome, unflushedBytes }: MachineReply): void {
    this.unflushedBytes = unflushedBytes ?? 0;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (outcome.type === "answer") {
      waiting?.resolve(outcome.answer as never);
      return;
    }
    const { code } = outcome;
    const error = new Error(outcome.reason);
    if (code !== undefined) Object.assign(error, { code });
    if (outcome.stack !== undefined) error.stack = outcome.stack;
    waiting?.reject(error);
  }

  /** Of several reasons the first is the one to know. */
  #ended(cause: unknown): void {
    if (this.#end !== undefined) return;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const end = new Error(`the thread of the state machine has ended: ${reason}`, { cause });
    this.#end = end;
    for (const { reject } of this.#waiting.values()) reject(end);
    this.#waiting.clear();
    if (this.#isClosing) return;
    for (const listener of this.#listeners) listener(end);
  }
}
