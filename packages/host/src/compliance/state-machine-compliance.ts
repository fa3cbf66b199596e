import type { SnapshotInfo } from "@quorate/core";
import type { Committed, SnapshotSource, StateMachine } from "../group/state-machine.ts";
import { SNAPSHOT_CHUNK_BYTES_MAX } from "../group/state-machine.ts";
import type { ComplianceRunner } from "./compliance-runner.ts";

/** What the suite needs of a state machine under test. */
export interface StateMachineUnderTest<C, R, Q, A> {
  /** An empty machine, new for every call. */
  create(): Promise<StateMachine<C, R, Q, A>>;
  /** The same machine after the process was ended and started again; leave it out where nothing is durable. */
  restart?(machine: StateMachine<C, R, Q, A>): Promise<StateMachine<C, R, Q, A>>;
  /** At least four commands, whose order matters for what `queries` see. */
  readonly commands: readonly C[];
  /** Together they see all of the state. */
  readonly queries: readonly Q[];
}

const TERM = 3;
const COMPANION = Uint8Array.of(1, 2, 3);

/** Checks a `StateMachine` against what a group relies on: the same on every member, however the work is cut. */
export function stateMachineCompliance<C, R, Q, A>(
  runner: ComplianceRunner,
  subject: StateMachineUnderTest<C, R, Q, A>,
): void {
  const { test, equal } = runner;
  const all = committed(subject.commands);
  const half = Math.floor(all.length / 2);
  type Machine = StateMachine<C, R, Q, A>;

  const opened = async (): Promise<Machine> => {
    const machine = await subject.create();
    await machine.open();
    return machine;
  };
  const answers = async (machine: Machine): Promise<A[]> => {
    const found: A[] = [];
    for (const query of subject.queries) found.push(await machine.query(query));
    return found;
  };

  test("an empty machine is at the beginning", async () => {
    const machine = await subject.create();
    equal((await machine.open()).position, { term: 0, index: 0 });
    await machine.close();
  });

  test("one result per command, the same however they are cut into batches", async () => {
    const [together, apart] = [await opened(), await opened()];
    const results = await together.apply(all);
    equal(results.length, all.length);
    const single: R[] = [];
    for (const one of all) single.push(...(await apart.apply([one])));
    equal(single, [...results]);
    equal(await answers(apart), await answers(together));
    await together.close();
    await apart.close();
  });

  test("a query changes nothing", async () => {
    const [asked, unasked] = [await opened(), await opened()];
    await asked.apply(all.slice(0, half));
    await answers(asked);
    await answers(asked);
    await unasked.apply(all.slice(0, half));
    equal([...(await asked.apply(all.slice(half)))], [...(await unasked.apply(all.slice(half)))]);
    equal(await answers(asked), await answers(unasked));
    await asked.close();
    await unasked.close();
  });

  test("a snapshot holds what was applied when it was pinned, whatever is applied while it is read", async () => {
    const [machine, other] = [await opened(), await opened()];
    await machine.apply(all.slice(0, half));
    const then = await answers(machine);
    const source = machine.beginSnapshot();
    await machine.apply(all.slice(half));
    const chunks = await read(source);
    equal(
      chunks.every((chunk) => chunk.length <= SNAPSHOT_CHUNK_BYTES_MAX),
      true,
    );
    // What the restored machine had before is gone.
    await other.apply(all);
    await other.restore(infoOf(half, chunks), pieces(chunks), COMPANION);
    equal(await answers(other), then);
    await other.apply(all.slice(half));
    equal(await answers(other), await answers(machine));
    await machine.close();
    await other.close();
  });

  test("a restore that breaks off is made good by the next", async () => {
    const [machine, other] = [await opened(), await opened()];
    await machine.apply(all);
    const chunks = await read(machine.beginSnapshot());
    const info = infoOf(all.length, chunks);
    let failure: unknown;
    await other.restore(info, broken(chunks), COMPANION).catch((error: unknown) => {
      failure = error;
    });
    equal(failure instanceof Error, true);
    await other.restore(info, pieces(chunks), COMPANION);
    equal(await answers(other), await answers(machine));
    await machine.close();
    await other.close();
  });

  const { restart } = subject;
  if (restart === undefined) return;
  test("what was flushed is there after a restart, with its position and its companion", async () => {
    const machine = await opened();
    await machine.apply(all.slice(0, half));
    const then = await answers(machine);
    const position = { term: TERM, index: half };
    await machine.flush?.(position, COMPANION);
    const again = await restart(machine);
    const state = await again.open();
    equal(state.position, position);
    equal([...state.companion], [...COMPANION]);
    equal(await answers(again), then);
    await again.close();
  });
}

function committed<C>(commands: readonly C[]): readonly Committed<C>[] {
  return commands.map((command, place) => ({
    term: TERM,
    index: place + 1,
    slot: 0,
    command,
    proposedAtMs: 1_700_000_000_000 + place,
  }));
}

function infoOf(index: number, chunks: readonly Uint8Array[]): SnapshotInfo {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const membership = {
    voters: [1],
    outgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
  };
  return { term: TERM, index, id: "compliance", bytes, membership };
}

async function read(source: SnapshotSource): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of source.chunks()) chunks.push(chunk.slice());
  } finally {
    source.release();
  }
  return chunks;
}

/** Cut otherwise than they were written, as on the way through files and frames. */
async function* pieces(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    const middle = chunk.length >> 1;
    yield chunk.subarray(0, middle);
    yield chunk.subarray(middle);
  }
}

async function* broken(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const [first] = chunks;
  if (first !== undefined) yield first.subarray(0, first.length >> 1);
  throw new Error("the snapshot broke off");
}
