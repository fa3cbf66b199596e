// A state machine in a thread of its own: counts words, and does what some of them say. Runs what was built: a thread
// loads plain JavaScript.
import { workerData } from "node:worker_threads";
import { serveMachine } from "../../dist/node/index.js";

const counts = new Map();
const order = [];

function obey(word) {
  if (word === "throw") throw new Error("a word that cannot be applied");
  if (word === "exit") process.exit(3);
  if (word === "die later") setTimeout(() => process.exit(4), 20);
  if (word.startsWith("busy ")) {
    const untilMs = performance.now() + Number(word.slice(5));
    while (performance.now() < untilMs);
  }
}

serveMachine({
  open: () => ({ position: { term: 0, index: 0 }, companion: new Uint8Array(0) }),
  apply: (batch) =>
    batch.map(({ command: { word } }) => {
      obey(word);
      counts.set(word, (counts.get(word) ?? 0) + 1);
      order.push(word);
      return counts.get(word);
    }),
  query: (word) => {
    if (word === "no value") return () => undefined;
    if (word === "no value later") return Promise.resolve(() => undefined);
    return word === "order" ? [...order] : word === "data" ? workerData : counts.get(word);
  },
  beginSnapshot() {
    const bytes = new TextEncoder().encode(JSON.stringify(order));
    return {
      async *chunks() {
        for (let at = 0; at < bytes.length; at += 500) yield bytes.subarray(at, at + 500);
      },
      release: () => undefined,
    };
  },
  async restore(_info, chunks) {
    const parts = [];
    for await (const chunk of chunks) parts.push(chunk);
    order.splice(0, order.length, ...JSON.parse(Buffer.concat(parts).toString()));
    counts.clear();
    for (const word of order) counts.set(word, (counts.get(word) ?? 0) + 1);
  },
  async close() {},
});
