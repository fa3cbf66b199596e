// A durable state machine in a thread of its own that has no room to flush.
import { serveMachine } from "../../dist/node/index.js";

serveMachine({
  open: () => ({ position: { term: 0, index: 0 }, companion: new Uint8Array(0) }),
  apply: (batch) => batch.map(() => 0),
  query: () => 0,
  beginSnapshot: () => ({ chunks: async function* () {}, release: () => undefined }),
  async restore() {},
  async flush() {
    throw Object.assign(new Error("there is no room"), { code: "STORAGE_FULL" });
  },
  async close() {},
});
