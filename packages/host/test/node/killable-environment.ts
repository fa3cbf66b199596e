import type {
  Environment,
  FileHandle,
  FileSystem,
  Timer,
} from "../../src/environment/environment.ts";

/** A process that can end within the test's own: after `kill` nothing of it touches a file or fires a timer. */
export interface KillableEnvironment extends Environment {
  /** Resolves when the calls that had reached the system are done. */
  kill(): Promise<void>;
}

export function killable(environment: Environment): KillableEnvironment {
  const life = new Life();
  const { files } = environment;
  const guarded: FileSystem = {
    open: (path, options) =>
      life.run(async () => guardHandle(life, await files.open(path, options))),
    makeDirectory: (path) => life.run(() => files.makeDirectory(path)),
    list: (path) => life.run(() => files.list(path)),
    exists: (path) => life.run(() => files.exists(path)),
    rename: (from, to) => life.run(() => files.rename(from, to)),
    remove: (path) => life.run(() => files.remove(path)),
    removeTree: (path) => life.run(() => files.removeTree(path)),
    syncDirectory: (path) => life.run(() => files.syncDirectory(path)),
    lock: (path) => life.run(() => files.lock(path)),
    freeBytes: (path) => life.run(() => files.freeBytes(path)),
  };
  return {
    ...environment,
    files: guarded,
    setTimer: (afterMs, run) => life.timer(environment, afterMs, run),
    kill: () => life.end(),
  };
}

function guardHandle(life: Life, handle: FileHandle): FileHandle {
  return {
    size: () => life.run(() => handle.size()),
    read: (position, into) => life.run(() => handle.read(position, into)),
    write: (position, parts) => life.run(() => handle.write(position, parts)),
    writeDurably: (position, parts) => life.run(() => handle.writeDurably(position, parts)),
    sync: () => life.run(() => handle.sync()),
    truncate: (size) => life.run(() => handle.truncate(size)),
    close: () => handle.close(),
  };
}

class Life {
  #ended = false;
  readonly #running: Set<Promise<unknown>> = new Set();

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#ended) return new Promise<T>(() => undefined);
    const running = call();
    this.#running.add(running);
    try {
      const result = await running;
      return this.#ended ? await new Promise<T>(() => undefined) : result;
    } finally {
      this.#running.delete(running);
    }
  }

  timer(environment: Environment, afterMs: number, run: () => void): Timer {
    return environment.setTimer(afterMs, () => {
      if (!this.#ended) run();
    });
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.allSettled([...this.#running]);
  }
}
