// Watchers: each looks at some of the keys through the client library, which takes broken streams up again elsewhere.

const toChange = ({ type, kv, prevKv }) => ({
  key: Buffer.from(kv.key).toString(),
  value: type === "put" ? Buffer.from(kv.value).toString() : null,
  revision: kv.modRevision,
  previous: prevKv === undefined ? undefined : Buffer.from(prevKv.value).toString(),
});

/** What is watched: a name, how the client asks for it, which keys belong to it. */
export const WATCHED = [
  { key: "r/", matches: (key) => key.startsWith("r/") },
  { key: "t/", matches: (key) => key.startsWith("t/") },
  { key: "l/", matches: (key) => key.startsWith("l/") },
  { key: "s/", matches: (key) => key.startsWith("s/") },
  { key: "k/", matches: (key) => key.startsWith("k/") },
];

export class Watcher {
  #client;
  #what;
  #isOn = true;
  #watch;
  #next;
  /** As the watch checker takes them: one per time it was begun. */
  records = [];

  constructor({ client, number }) {
    this.#client = client;
    this.#what = WATCHED[number % WATCHED.length];
    this.name = `w${number} on ${this.#what.key}`;
    this.wantsPrevious = number % 2 === 0;
  }

  /** Begins anew whenever the watch ended or was broken off, where it left off. */
  async run(pause) {
    while (this.#isOn) {
      this.#watch = this.#client.watch(this.#what.key, {
        prefix: true,
        progress: true,
        prevKv: this.wantsPrevious,
        fromRevision: this.#next,
      });
      const begun = await this.#watch.begun;
      if (begun > 0 || this.#next !== undefined) await this.#follow(begun);
      if (this.#isOn) await pause(50);
    }
  }

  async #follow(begun) {
    const startRevision = this.#next ?? begun + 1;
    const record = { watcher: this.name, startRevision, matches: this.#what.matches, items: [] };
    this.records.push(record);
    this.#next = startRevision;
    try {
      for await (const { revision, events } of this.#watch) {
        if (events.length > 0)
          record.items.push({ type: "changes", changes: events.map(toChange) });
        record.items.push({ type: "progress", revision });
        this.#next = Math.max(this.#next, revision + 1);
      }
    } catch (error) {
      if (error.code !== "COMPACTED") return;
      record.items.push({ type: "compacted", compactedRevision: error.compactRevision });
      this.#next = Math.max(this.#next, error.compactRevision);
    }
  }

  /** Leaves the stream; it is taken up again at once. */
  breakOff() {
    this.#watch?.close();
  }

  wants(key) {
    return this.#what.matches(key);
  }

  /** The first revision it has not received yet; 0 before it knows any. */
  get next() {
    return this.#next ?? 0;
  }

  stop() {
    this.#isOn = false;
    this.breakOff();
  }
}
