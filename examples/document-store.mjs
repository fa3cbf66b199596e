// @ts-check
// A typed document store with its own state on disk: it tells the host how far that state reaches, and a restart
// replays only what came after. Run it: node examples/document-store.mjs
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { createHost, jsonCodec } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";

/**
 * @import { Codec, Committed, StateMachine } from "@quorate/host"
 * @import { LogPosition, SnapshotInfo } from "@quorate/core"
 * @typedef {{ title: string, body: string }} Note
 * @typedef {{ id: string, revision: number, note: Note }} Stored
 * @typedef {{ type: "put", id: string, note: Note, ifRevision?: number } | { type: "remove", id: string }} Command
 * @typedef {{ ok: true, revision: number } | { ok: false, reason: string }} Result
 * @typedef {{ type: "get", id: string } | { type: "count" }} Query
 * @typedef {Stored | number | undefined} Answer
 */

/** The file is written anew when it has grown by more than this and its own size since it last was. */
const REWRITE_BYTES = 64 << 20;

/**
 * One file of records, each a line: a checksum and the JSON of what changed since the record before, the position that
 * this brings the store to, and the host's companion of the same moment. One write per flush makes all three durable
 * together; a line that a crash cut short fails its checksum and counts as not written.
 *
 * @implements {StateMachine<Command, Result, Query, Answer>}
 */
export class DocumentStore {
  #path;
  /** @type {Map<string, Stored>} Documents are replaced, never changed: a pinned map stays what it was. */
  #documents = new Map();
  /** @type {Set<string>} What the next flush has to write. */
  #changed = new Set();
  #fileBytes = 0;
  #rewrittenBytes = 0;
  #flushing = Promise.resolve();
  unflushedBytes = 0;

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  async open() {
    mkdirSync(dirname(this.#path), { recursive: true });
    let position = { term: 0, index: 0 };
    let companion = "";
    const text = await readFile(this.#path, "utf8").catch(() => "");
    for (const line of text.split("\n")) {
      const record = readRecord(line);
      if (record === undefined) break;
      for (const [id, stored] of record.changes) {
        if (stored === null) this.#documents.delete(id);
        else this.#documents.set(id, stored);
      }
      this.#fileBytes += Buffer.byteLength(line) + 1;
      ({ position, companion } = record);
    }
    // What follows the last whole record was never told to anyone.
    if (text !== "") truncateSync(this.#path, this.#fileBytes);
    this.#rewrittenBytes = this.#fileBytes;
    return { position, companion: new Uint8Array(Buffer.from(companion, "base64")) };
  }

  /** @param {readonly Committed<Command>[]} batch @returns {Result[]} */
  apply(batch) {
    return batch.map(({ command }) => {
      const before = this.#documents.get(command.id);
      if (command.type === "remove") {
        if (before === undefined) return { ok: false, reason: "no such document" };
        this.#documents.delete(command.id);
      } else {
        if (command.ifRevision !== undefined && command.ifRevision !== (before?.revision ?? 0)) {
          return { ok: false, reason: `it is at revision ${before?.revision ?? 0}` };
        }
        const revision = (before?.revision ?? 0) + 1;
        this.#documents.set(command.id, { id: command.id, revision, note: command.note });
        this.unflushedBytes += command.note.title.length + command.note.body.length;
      }
      this.#changed.add(command.id);
      return { ok: true, revision: (before?.revision ?? 0) + 1 };
    });
  }

  /** @param {Query} query @returns {Answer} */
  query(query) {
    return query.type === "count" ? this.#documents.size : this.#documents.get(query.id);
  }

  /**
   * Everything is gathered before the first wait: applies go on meanwhile and belong to the next flush.
   * @param {LogPosition} position @param {Uint8Array} companion
   */
  flush(position, companion) {
    const isLarge = this.#fileBytes > 2 * this.#rewrittenBytes + REWRITE_BYTES;
    const ids = isLarge ? this.#documents.keys() : this.#changed;
    /** @type {[string, Stored | null][]} */
    const changes = [...ids].map((id) => [id, this.#documents.get(id) ?? null]);
    const line = writeRecord(position, companion, changes);
    this.#changed = new Set();
    this.unflushedBytes = 0;
    this.#flushing = this.#flushing.then(() => (isLarge ? this.#replace(line) : this.#add(line)));
    return this.#flushing;
  }

  beginSnapshot() {
    const pinned = [...this.#documents.values()];
    async function* chunks() {
      for (const stored of pinned) yield new TextEncoder().encode(`${JSON.stringify(stored)}\n`);
    }
    return { chunks, release: () => undefined };
  }

  /**
   * @param {SnapshotInfo} info @param {AsyncIterable<Uint8Array>} chunks
   * @param {Uint8Array} companion
   */
  async restore(info, chunks, companion) {
    const parts = [];
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
    const lines = Buffer.concat(parts).toString().split("\n");
    /** @type {Stored[]} */
    const documents = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
    this.#documents = new Map(documents.map((stored) => [stored.id, stored]));
    this.#changed = new Set();
    this.unflushedBytes = 0;
    const { term, index } = info;
    await this.#replace(writeRecord({ term, index }, companion, [...this.#documents]));
  }

  async close() {
    await this.#flushing;
  }

  /** @param {string} line */
  async #add(line) {
    const file = await open(this.#path, "a");
    try {
      await file.write(line);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#fileBytes += Buffer.byteLength(line);
  }

  /** @param {string} line */
  async #replace(line) {
    const next = `${this.#path}.next`;
    const file = await open(next, "w");
    try {
      await file.write(line);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(next, this.#path);
    const folder = await open(dirname(this.#path), "r");
    await folder.sync();
    await folder.close();
    this.#fileBytes = Buffer.byteLength(line);
    this.#rewrittenBytes = this.#fileBytes;
  }
}

/**
 * @param {LogPosition} position @param {Uint8Array} companion
 * @param {[string, Stored | null][]} changes
 */
function writeRecord(position, companion, changes) {
  const encoded = Buffer.from(companion).toString("base64");
  const json = JSON.stringify({ position, companion: encoded, changes });
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

/** @param {string} line */
function readRecord(line) {
  const json = line.slice(9);
  if (json === "" || Number.parseInt(line.slice(0, 8), 16) !== crc32(json)) return undefined;
  return JSON.parse(json);
}

const folder = mkdtempSync(join(tmpdir(), "quorate-documents-"));
const storePath = (/** @type {number} */ id) => join(folder, `${id}`, "documents", "records");

/** @returns {never} */
function fail() {
  throw new Error("there is no member");
}

/** @param {number} hostId @param {string} listenAddress */
function startHost(hostId, listenAddress) {
  return createHost({
    environment: nodeEnvironment(),
    directory: join(folder, `${hostId}`, "host"),
    clusterId: "documents",
    hostId,
    listenAddress,
  });
}

/** @param {number} hostId */
function groupOf(hostId) {
  /** @type {Codec<Command>} */
  const commands = jsonCodec();
  return { groupId: 1, machine: new DocumentStore(storePath(hostId)), commands };
}

const founders = await Promise.all([1, 2, 3].map((id) => startHost(id, "127.0.0.1:0")));
const members = founders.map(({ hostId, address }) => ({
  id: hostId,
  name: `d${hostId}`,
  address,
}));
const replicas = await Promise.all(
  founders.map((host) => host.createGroup(groupOf(host.hostId), members)),
);
const [first = fail()] = replicas;

const body = "All in the day's work. ".repeat(20_000);
for (let n = 1; n <= 40; n += 1) {
  const note = { title: `Note ${n}`, body };
  await first.propose({ type: "put", id: `note-${n}`, note }, { timeoutMs: 10_000 });
}
const refused = await first.propose({
  type: "put",
  id: "note-7",
  note: { title: "Overwritten by mistake", body: "" },
  ifRevision: 0,
});
console.log(`40 notes written. A write that expects no note-7: ${JSON.stringify(refused.result)}.`);

await first.propose({ type: "remove", id: "note-40" });
await Promise.all(founders.map((host) => host.close()));

// What a crash in the middle of a flush would leave behind: the last record cut short.
const torn = join(folder, "torn", "records");
mkdirSync(dirname(torn));
copyFileSync(storePath(1), torn);
truncateSync(torn, (await readFile(torn)).length - 10);
const after = new DocumentStore(torn);
const { position: tornPosition } = await after.open();
console.log(`After a crash in a flush the store is at index ${tornPosition.index} and says so.`);

const hosts = await Promise.all(members.map(({ id, address }) => startHost(id, address)));
const [reopened = fail()] = await Promise.all(
  hosts.map((host) => host.openGroup(groupOf(host.hostId))),
);
const started = reopened.status().applied.index;
const count = await reopened.query({ type: "count" }, { timeoutMs: 10_000 });
console.log(`Opened again at index ${started} of its own state, with ${count} documents.`);

await Promise.all(hosts.map((host) => host.close()));
rmSync(folder, { recursive: true, force: true });
process.exitCode = count === 39 && started > tornPosition.index ? 0 : 1;
