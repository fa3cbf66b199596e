/**
 * Everything a host may touch outside itself. The real one uses Node (`@quorate/host/node`), the simulator supplies
 * another; nothing else in host, kv or server opens a file, a socket, a timer or a random number.
 */
export interface Environment {
  readonly files: FileSystem;
  readonly network: Network;
  readonly checksum: Checksum;
  /** Monotonic milliseconds, may be fractional; never goes back. */
  nowMs(): number;
  /** Wall clock in milliseconds since 1970, for time stamps that people read and for entries' proposal times. */
  wallClockMs(): number;
  /** Runs `run` once, `afterMs` or later. Never early, never synchronously. */
  setTimer(afterMs: number, run: () => void): Timer;
  /**
   * Runs `run` after everything that is already due in this turn of the event loop. What gathers during a turn
   * becomes one write to the log and one write per peer this way.
   */
  defer(run: () => void): void;
  /** Uniform in [0, 1). */
  random(): number;
}

/** A timer that runs; cancelling one that is over does nothing. */
export interface Timer {
  cancel(): void;
}

/** Checksums of bytes. `crc32` goes on from `initial`, so that parts can be summed one after the other. */
export interface Checksum {
  /** CRC-32 (IEEE, as in zlib) of `bytes`, continuing from `initial` (0 to start). Unsigned. */
  crc32(bytes: Uint8Array, initial?: number): number;
  sha256(): Sha256;
}

/** A SHA-256 over bytes that come in parts. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 64 lower-case hex digits. The object is used up. */
  digestHex(): string;
}

/** Paths are absolute or relative to the process, with `/` between parts. Every rejection is a `FileError`. */
export interface FileSystem {
  open(path: string, options: OpenOptions): Promise<FileHandle>;
  /** Makes the folder and its parents; fine when it exists. */
  makeDirectory(path: string): Promise<void>;
  /** Names in the folder, sorted; `notFound` when there is no folder. */
  list(path: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  /** Atomic replacement within one folder; durable only after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Removes a folder with everything in it; fine when it does not exist. */
  removeTree(path: string): Promise<void>;
  /** Makes created, renamed and removed names in the folder durable. */
  syncDirectory(path: string): Promise<void>;
  /**
   * Takes an exclusive lock that ends with the process, so that two processes never use one data folder.
   * Rejects with `locked` and, where known, who holds it.
   */
  lock(path: string): Promise<FileLock>;
  /** Bytes free for this user on the file system that holds `path`. */
  freeBytes(path: string): Promise<number>;
}

/** A lock on a file that this process holds until it is released or ends. */
export interface FileLock {
  release(): Promise<void>;
}

/** How a file is opened. `create` refuses when it exists. */
export interface OpenOptions {
  /** `read`: must exist. `write`: read and write, must exist. `create`: read and write, must not exist. */
  readonly mode: "read" | "write" | "create";
}

/** An open file, addressed by position. Operations on one handle may overlap; each settles on its own. */
export interface FileHandle {
  size(): Promise<number>;
  /** Fills `into` from `position`; returns the bytes read, fewer only at the end of the file. */
  read(position: number, into: Uint8Array): Promise<number>;
  /** Writes all of `parts` one after the other from `position`. The caller leaves the bytes alone until it settles. */
  write(position: number, parts: readonly Uint8Array[]): Promise<void>;
  /**
   * Like `write`, and the bytes are durable when it settles. Faster than `write` and `sync` where the file was
   * extended before. After a rejection nothing is known about what reached the disk.
   */
  writeDurably(position: number, parts: readonly Uint8Array[]): Promise<void>;
  /** Everything written so far becomes durable. A rejection is final: never call it again and hope. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** Why a file operation failed; stable codes. */
export type FileErrorCode =
  | "notFound"
  | "exists"
  | "noSpace"
  | "denied"
  | "locked"
  | "io"
  | "unsupported";

/** What went wrong with a file, with the system's own words as `cause`. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

/** Byte streams between processes. Callback style: these run per event-loop turn and must not allocate promises. */
export interface Network {
  /** Accepts streams at `address` (`host:port`, port 0 for any free one). Rejects with a `NetworkError`. */
  listen(address: string, accept: (connection: Connection) => void): Promise<Listener>;
  /** Opens a stream; the outcome arrives through the handlers that `Connection.open` sets. */
  connect(address: string): Connection;
}

/** An address that is listened at. `address` has the port that was really taken. */
export interface Listener {
  /** Where it really listens, with the port filled in. */
  readonly address: string;
  close(): Promise<void>;
}

/** What a connection tells whoever uses it. `onClose` comes exactly once and is the last. */
export interface ConnectionHandlers {
  /** The stream can carry bytes; for an accepted one at once, in a later turn. */
  onConnect?: (() => void) | undefined;
  /** `bytes` are the receiver's only during the call, unless it copies them. */
  onData(bytes: Uint8Array): void;
  /** Called after `write` returned false, when the buffered bytes have left. */
  onDrain?: (() => void) | undefined;
  /** Called exactly once, whoever ended it; `error` when it did not end in order. */
  onClose(error: NetworkError | undefined): void;
}

/**
 * One connection to a peer. What is written beyond what the network takes is counted in `bufferedBytes`; `write`
 * says whether to go on.
 */
export interface Connection {
  /** The other side's `host:port` as the network knows it. */
  readonly remoteAddress: string;
  /** Identity proven by a certificate (its subject alternative or common names), empty without TLS. */
  readonly remoteNames: readonly string[];
  /** Bytes accepted by `write` that have not left yet. While there are none, nobody reads the memory they were in. */
  readonly bufferedBytes: number;
  /** Must be called once, before anything arrives. */
  handle(handlers: ConnectionHandlers): void;
  /**
   * Takes the bytes over, until `bufferedBytes` is 0. False: stop until `onDrain`; the bytes are queued all the same.
   */
  write(bytes: Uint8Array): boolean;
  /** Sends what is queued, then closes. */
  end(): void;
  /** Drops what is queued and closes at once. */
  destroy(): void;
}

/** Why the network failed; stable codes. */
export type NetworkErrorCode =
  | "addressInUse"
  | "addressUnavailable"
  | "refused"
  | "reset"
  | "timedOut"
  | "badAddress"
  | "tls"
  | "failed";

/** A failure of the network, with a stable code. */
export class NetworkError extends Error {
  override readonly name: string = "NetworkError";
  readonly code: NetworkErrorCode;
  readonly address: string;

  constructor(code: NetworkErrorCode, address: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.address = address;
  }
}
