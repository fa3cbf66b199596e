import type { FileHandle, FileSystem } from "@quorate/host";
import type { OrderedStore } from "@quorate/kv";

/** Hears how long something took, in seconds. */
export type Observe = (seconds: number) => void;

/** The same files, with every wait for the disk told to `observe`. */
export function timedFiles(files: FileSystem, observe: Observe): FileSystem {
  return {
    ...files,
    open: async (path, options) => timedHandle(await files.open(path, options), observe),
  };
}

function timedHandle(handle: FileHandle, observe: Observe): FileHandle {
  return {
    size: () => handle.size(),
    read: (position, into) => handle.read(position, into),
    write: (position, parts) => handle.write(position, parts),
    writeDurably: (position, parts) => timed(handle.writeDurably(position, parts), observe),
    sync: () => timed(handle.sync(), observe),
    truncate: (size) => handle.truncate(size),
    close: () => handle.close(),
  };
}

/** The same store, with the time of every write told to `observe`. */
export function timedStore(store: OrderedStore, observe: Observe): OrderedStore {
  return {
    get: (key) => store.get(key),
    borrow: (key) => store.borrow(key),
    range: (from, end, visit, options) => store.range(from, end, visit, options),
    write: (fill) => timed(store.write(fill), observe),
    hasRoomFor: (bytes) => store.hasRoomFor?.(bytes) !== false,
    pin: () => store.pin(),
    size: () => store.size(),
    close: () => store.close(),
  };
}

function timed(work: Promise<void>, observe: Observe): Promise<void> {
  const startMs = performance.now();
  return work.then(() => observe((performance.now() - startMs) / 1000));
}
