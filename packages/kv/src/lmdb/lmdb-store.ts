import { chmodSync, mkdirSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase, type Transaction } from "lmdb";
import type { IntervalEnd } from "../bytes/bytes.ts";
import type {
  OrderedStore,
  StoreBatch,
  StoreRangeOptions,
  StoreSize,
  StoreView,
} from "../store/ordered-store.ts";

type BytesDatabase = Database<Uint8Array, Uint8Array>;
type BytesRoot = RootDatabase<Uint8Array, Uint8Array>;

const OTHERS = 0o077;

/** Takes away what other users may do with it; somebody else's file stays as it is. */
function closeToOthers(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS) === 0) return;
  try {
    chmodSync(path, mode & ~OTHERS);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "EPERM") throw error;
  }
}

/** Where an LMDB store lies. `noSync` is for tests: a crash of the machine then loses data. */
export interface LmdbStoreOptions {
  /** Folder of the database; made if it does not exist, and for its owner only at every open. One process at a time. */
  readonly directory: string;
  /** Skips fsync: for tests and throw-away data only. A power cut may then destroy the database. Default false. */
  readonly noSync?: boolean | undefined;
  /**
   * Hears at once of a commit that failed. lmdb (3.5.6) writes the text of a failed write beyond the memory that it has
   * for it, so nothing in the process can be trusted from then on: a program that can start again from its log should
   * end itself here, without closing anything.
   */
  readonly onFailedCommit?: ((error: unknown) => void) | undefined;
}

/**
 * A commit that finds the disk full leaves lmdb unusable, so it is not begun without room: for its bytes, for the pages
 * of the tree that are copied with them, and for what others write meanwhile.
 */
const PAGES_PER_BYTE = 2;
const ROOM_BYTES = 4 * 1024 * 1024;

/** Pages that lmdb keeps for itself: two meta pages. */
const META_PAGES = 2;

/** An ordered store in an lmdb database. Writes run on lmdb's own thread, so they do not hold up the event loop. */
export class LmdbStore implements OrderedStore {
  readonly #database: BytesRoot;
  readonly #directory: string;
  readonly #onFailedCommit: ((error: unknown) => void) | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #failed: unknown;
  #closed = false;

  private constructor(database: BytesRoot, { directory, onFailedCommit }: LmdbStoreOptions) {
    this.#database = database;
    this.#directory = directory;
    this.#onFailedCommit = onFailedCommit;
  }

  /** Throws when the folder cannot be used or the file is not a database. */
  static open(options: LmdbStoreOptions): LmdbStore {
    mkdirSync(options.directory, { recursive: true });
    // First the folder, so that nobody looks in while lmdb makes its files, which it makes for everybody to read.
    closeToOthers(options.directory);
    const store = new LmdbStore(
      open<Uint8Array, Uint8Array>({
        path: options.directory,
        noSubdir: false,
        encoding: "binary",
        keyEncoding: "binary",
        cache: false,
        compression: false,
        noSync: options.noSync === true,
        // A commit settles only when it is on disk: the log is purged on the strength of it.
        overlappingSync: false,
        // Every write here is a batch of its own. lmdb's batch around an event turn has a promise that nobody can get
        // hold of: a failed commit would end the process as a rejection that nobody handles.
        eventTurnBatching: false,
        maxDbs: 1,
      }),
      options,
    );
    for (const name of readdirSync(options.directory)) closeToOthers(join(options.directory, name));
    return store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return borrowValue(this.#database, key, undefined)?.slice();
  }

  borrow(key: Uint8Array): Uint8Array | undefined {
    return borrowValue(this.#database, key, undefined);
  }

  range(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
    options?: StoreRangeOptions,
  ): void {
    visitDatabase(this.#database, undefined, from, end, visit, options);
  }

  write(fill: (batch: StoreBatch) => void): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("The store is closed."));
    // lmdb may have kept part of what follows a failed commit: nothing more may be written.
    if (this.#failed !== undefined) return Promise.reject(this.#failed);
    const changes = new LmdbBatch();
    try {
      fill(changes);
    } catch (error) {
      return Promise.reject(error);
    }
    const written = this.#commit(changes);
    this.#lastWrite = written.catch(() => undefined);
    return written;
  }

  async #commit(changes: LmdbBatch): Promise<void> {
    try {
      await this.#database.batch(() => changes.applyTo(this.#database));
    } catch (error) {
      this.#failed = await commitError(error);
      this.#onFailedCommit?.(this.#failed);
      throw this.#failed;
    }
    this.#database.resetReadTxn();
  }

  pin(): StoreView {
    return new LmdbView(this.#database, this.#database.useReadTransaction());
  }

  hasRoomFor(bytes: number): boolean {
    try {
      const { bavail, bsize } = statfsSync(this.#directory);
      return bavail * bsize >= bytes * PAGES_PER_BYTE + ROOM_BYTES;
    } catch {
      return true;
    }
  }

  size(): StoreSize {
    const stats: Partial<DatabaseStats> = this.#database.getStats();
    const pageBytes = stats.pageSize ?? 0;
    const treePages =
      (stats.treeBranchPageCount ?? 0) +
      (stats.treeLeafPageCount ?? 0) +
      (stats.overflowPages ?? 0);
    return {
      bytes: ((stats.lastPageNumber ?? 0) + 1) * pageBytes,
      inUseBytes: (META_PAGES + treePages) * pageBytes,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#lastWrite;
    // After a failed commit lmdb's memory is not to be trusted, and closing walks through it; a start reads the disk.
    if (this.#failed === undefined) await this.#database.close();
  }
}

/** What `getStats` returns, as far as it is used here; lmdb declares an empty type. */
interface DatabaseStats {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
  readonly lastPageNumber: number;
}

class LmdbView implements StoreView {
  readonly #database: BytesRoot;
  readonly #transaction: Transaction;
  #released = false;

  constructor(database: BytesRoot, transaction: Transaction) {
    this.#database = database;
    this.#transaction = transaction;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.borrow(key)?.slice();
  }

  borrow(key: Uint8Array): Uint8Array | undefined {
    this.#checkOpen();
    return borrowValue(this.#database, key, this.#transaction);
  }

  range(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
    options?: StoreRangeOptions,
  ): void {
    this.#checkOpen();
    visitDatabase(this.#database, this.#transaction, from, end, visit, options);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#transaction.done();
  }

  #checkOpen(): void {
    if (this.#released) throw new Error("The view was released.");
  }
}

/** Gathers one batch, so that a throw while it is filled changes nothing. */
class LmdbBatch implements StoreBatch {
  #cleared = false;
  #keys: Uint8Array[] = [];
  #values: (Uint8Array | undefined)[] = [];

  put(key: Uint8Array, value: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  delete(key: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(undefined);
  }

  clear(): void {
    this.#cleared = true;
    this.#keys = [];
    this.#values = [];
  }

  applyTo(database: BytesDatabase): void {
    // Each operation's promise is that of the batch around them.
    if (this.#cleared) void database.clearAsync();
    for (let i = 0; i < this.#keys.length; i++) {
      const value = this.#values[i];
      if (value === undefined) void database.remove(this.#keys[i] as Uint8Array);
      else void database.put(this.#keys[i] as Uint8Array, value);
    }
  }
}

/** lmdb's fast read lends a buffer that the next read overwrites; its type does not know the options. */
interface FastReader {
  readonly lastSize: number;
  getBinaryFast(key: Uint8Array, options?: { readonly transaction: Transaction }): unknown;
}

function borrowValue(
  database: BytesRoot,
  key: Uint8Array,
  transaction: Transaction | undefined,
): Uint8Array | undefined {
  const reader = database as unknown as FastReader;
  const lent = reader.getBinaryFast(key, transaction === undefined ? undefined : { transaction });
  if (!(lent instanceof Uint8Array)) return undefined;
  // The lent buffer is longer than the value and only pretends otherwise.
  return new Uint8Array(lent.buffer, lent.byteOffset, reader.lastSize);
}

function visitDatabase(
  database: BytesRoot,
  transaction: Transaction | undefined,
  from: Uint8Array,
  end: IntervalEnd,
  visit: (key: Uint8Array, value: Uint8Array) => boolean,
  options: StoreRangeOptions | undefined,
): void {
  const backward = options?.backward === true;
  const bounds = {
    ...(transaction === undefined ? {} : { transaction }),
    ...(options?.limit === undefined ? {} : { limit: options.limit }),
    ...(backward
      ? { reverse: true, ...(end === undefined ? {} : { start: end }), end: from, ...BACKWARD_ENDS }
      : { start: from, ...(end === undefined ? {} : { end }) }),
  };
  if (options?.lends === true) {
    // Looking each key up again costs less than a buffer of its own for each value.
    for (const key of database.getKeys(bounds)) {
      const value = borrowValue(database, key, transaction);
      if (value !== undefined && !visit(key, value)) return;
    }
    return;
  }
  for (const pair of database.getRange(bounds)) {
    if (!visit(pair.key, pair.value)) return;
  }
}

/** Downwards a range leaves out where it starts and includes where it ends. */
const BACKWARD_ENDS = { exclusiveStart: true, inclusiveEnd: true };

/** lmdb rejects with a generic error whose cause is a promise of its own. */
async function commitError(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !("commitError" in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return new Error("The database refused a write.", { cause });
  }
}
