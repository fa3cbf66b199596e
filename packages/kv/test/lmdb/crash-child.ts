// Runs in a process of its own, which the test kills at any moment.
import { LmdbStore } from "../../src/lmdb/index.ts";
import { KvMachine } from "../../src/machine/kv-machine.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { commandAt } from "./crash-commands.ts";

const [directory, mode, restoreIndexText] = process.argv.slice(2) as [string, string, string];

/** Commands between two looks at the flush. */
const BATCH = 40;

function say(word: string, index: number): void {
  process.stdout.write(`${word} ${index}\n`);
}

function newMachine(store: LmdbStore | MemoryStore): KvMachine {
  return new KvMachine({ store, defer: (run) => setImmediate(run) });
}

function applyUpTo(machine: KvMachine, from: number, to: number): void {
  for (let index = from + 1; index <= to; index++) {
    machine.apply([{ term: 1, index, slot: 0, proposedAtMs: 0, command: commandAt(index) }]);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function writeForEver(machine: KvMachine, from: number): Promise<void> {
  let index = from;
  let flushing = false;
  for (;;) {
    applyUpTo(machine, index, index + BATCH);
    index += BATCH;
    if (!flushing) {
      flushing = true;
      const upTo = index;
      const companion = new TextEncoder().encode(`companion of ${upTo}`);
      void machine.flush({ term: 1, index: upTo }, companion).then(() => {
        say("flushed", upTo);
        flushing = false;
      });
    }
    await turn();
  }
}

async function restoreForEver(machine: KvMachine, index: number): Promise<void> {
  const source = newMachine(new MemoryStore());
  applyUpTo(source, 0, index);
  const membership = { voters: [1], votersOutgoing: [], learners: [], learnersNext: [] };
  for (;;) {
    const snapshot = source.beginSnapshot();
    const info = { term: 1, index, id: "s", bytes: 0, membership };
    const companion = new TextEncoder().encode(`companion of ${index}`);
    say("restoring", index);
    await machine.restore(info as never, inSmallPieces(snapshot.chunks()), companion);
    say("restored", index);
    snapshot.release();
    await turn();
  }
}

async function* inSmallPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += 4096) {
      yield chunk.subarray(at, at + 4096);
      await turn();
    }
  }
}

const machine = newMachine(LmdbStore.open({ directory }));
const opened = await machine.open();
say("opened", opened.position.index);
if (mode === "restore") await restoreForEver(machine, Number(restoreIndexText));
else await writeForEver(machine, opened.position.index);
