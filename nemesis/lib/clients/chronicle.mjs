// What really happened to the keys: everything that the cluster's own change feed tells from the first revision on.

/** Marks of client sessions are the client library's own affair. */
export const SESSION_MARKS = "quorate/sessions/";

export class Chronicle {
  /** Ascending: `{ revision, changes }`. */
  revisions = [];
  /** Everything up to here was received. */
  revision = 0;
  failure;
  #watch;
  #done;

  constructor(client) {
    this.#watch = client.watch("", { prefix: true, fromRevision: 1, progress: true });
    this.#done = this.#read();
  }

  async #read() {
    try {
      for await (const batch of this.#watch) {
        this.#take(batch);
        this.revision = Math.max(this.revision, batch.revision);
      }
    } catch (error) {
      this.failure = error;
    }
  }

  #take({ events }) {
    for (const { type, kv } of events) {
      const key = Buffer.from(kv.key).toString();
      if (key.startsWith(SESSION_MARKS)) continue;
      const change = { key, value: type === "put" ? Buffer.from(kv.value).toString() : null };
      const last = this.revisions.at(-1);
      if (last?.revision === kv.modRevision) last.changes.push(change);
      else this.revisions.push({ revision: kv.modRevision, changes: [change] });
    }
  }

  async close() {
    this.#watch.close();
    await this.#done;
  }
}
