import type { LogPosition, SnapshotInfo } from "@quorate/core";
import { jsonCodec } from "./json-codec.ts";
import type {
  Codec,
  Committed,
  OpenedState,
  SnapshotSource,
  StateMachine,
} from "./state-machine.ts";
import { SNAPSHOT_CHUNK_BYTES_MAX } from "./state-machine.ts";

/** What a machine in memory needs to be told. `S` is its state, a plain value that `stateCodec` can encode. */
export interface MemoryMachineOptions<S, C, R, Q, A> {
  /** The state before the first command; must be the same on every member. */
  readonly initial: S;
  /** Takes one command. Returns the next state, which may be the same object changed in place, and the result. */
  readonly apply: (state: S, committed: Committed<C>) => readonly [next: S, result: R];
  readonly query: (state: S, query: Q) => A;
  /** How the state travels in snapshots. Default JSON. */
  readonly stateCodec?: Codec<S> | undefined;
}

const NOWHERE: LogPosition = { term: 0, index: 0 };
const NO_COMPANION: Uint8Array = new Uint8Array(0);

/**
 * A state machine that lives in memory and is rebuilt from the newest snapshot and the log. The snapshot encodes the
 * whole state at once when it is pinned, so keep the state small or write a machine with its own views.
 */
export function memoryMachine<S, C, R, Q, A>(
  options: MemoryMachineOptions<S, C, R, Q, A>,
): StateMachine<C, R, Q, A> {
  const stateCodec = options.stateCodec ?? jsonCodec<S>();
  let state = options.initial;
  return {
    open(): OpenedState {
      return { position: NOWHERE, companion: NO_COMPANION };
    },
    apply(batch: readonly Committed<C>[]): R[] {
      return batch.map((committed) => {
        const [next, result] = options.apply(state, committed);
        state = next;
        return result;
      });
    },
    query(query: Q): A {
      return options.query(state, query);
    },
    beginSnapshot(): SnapshotSource {
      const encoded = stateCodec.encode(state);
      return { chunks: () => inChunks(encoded), release: () => undefined };
    },
    async restore(_info: SnapshotInfo, chunks: AsyncIterable<Uint8Array>): Promise<void> {
      state = stateCodec.decode(await joined(chunks));
    },
    async close(): Promise<void> {},
  };
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += SNAPSHOT_CHUNK_BYTES_MAX) {
    yield bytes.subarray(from, from + SNAPSHOT_CHUNK_BYTES_MAX);
  }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(Uint8Array.from(chunk));
    length += chunk.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
