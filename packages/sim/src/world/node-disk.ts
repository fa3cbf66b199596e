import {
  type FileFault,
  type FileOperation,
  MemoryDisk,
  MemoryFiles,
  SeededRandom,
} from "@quorate/host";
import { MemoryStore } from "@quorate/kv";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { Random } from "../random/random.ts";
import type { Agenda } from "../time/agenda.ts";
import { CrashableStore } from "./crashable-store.ts";
import type { ProcessGate } from "./process-gate.ts";

/** What a disk can be told to do to the next operation that fits. */
export type DiskMishap =
  | "syncFails"
  | "syncFailsAndForgets"
  | "writeFails"
  | "writeIsShort"
  /** The power goes while the next durable write is on its way. */
  | "powerFails"
  /** The power goes soon after the next change of a name: a file or folder that is made, renamed or removed. */
  | "powerFailsAfterNameChange"
  /** The process dies in the middle of the next operation that changes anything. */
  | "processDies";

/** Sectors of this many bytes are written whole or not at all. */
const SECTOR_BYTES = 512;

/** A batch of the log begins with this, see docs/formats/log.md. */
const BATCH_MAGIC = Uint8Array.of(0x42, 0x54, 0x43, 0x48);

/** How long operations take. */
export interface DiskPace {
  readonly minMs: number;
  readonly maxMs: number;
}

/** One machine's disk: its file system, and the ordered store beside it. Survives the processes that use it. */
export class NodeDisk {
  readonly files: MemoryDisk = new MemoryDisk();
  readonly store: MemoryStore = new MemoryStore();
  pace: DiskPace;
  /** Of writes to the machine's store. */
  storePace: DiskPace;
  /** Something on it is not what was written: its node may find it unusable. */
  isDamaged = false;
  /** Added to every operation on files that has to reach the platter. */
  extraMs = 0;
  /** Added to every write to the machine's store. */
  storeExtraMs = 0;
  /** Operations wait until then; Infinity until further notice. */
  stalledUntilMs = 0;
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #counters: FaultCounters;
  readonly #mishaps: DiskMishap[] = [];
  #mount: MemoryFiles | undefined;
  #onDeath: () => void = () => undefined;
  #onPowerFailure: () => void = () => undefined;

  constructor(
    agenda: Agenda,
    random: Random,
    counters: FaultCounters,
    pace: DiskPace,
    storePace: DiskPace = pace,
  ) {
    this.#agenda = agenda;
    this.#random = random;
    this.#counters = counters;
    this.pace = pace;
    this.storePace = storePace;
  }

  /**
   * The file system for one life of a process. `onDeath` is called when it dies within an operation, `onPowerFailure` when
   * the power goes during one.
   */
  mount(gate: ProcessGate, onDeath: () => void, onPowerFailure: () => void): MemoryFiles {
    this.#onDeath = onDeath;
    this.#onPowerFailure = onPowerFailure;
    this.#mount = new MemoryFiles(this.files, {
      latency: (operation) => this.#wait(gate, this.#timeOf(operation)),
      fault: (operation) => this.#mishapFor(operation),
    });
    return this.#mount;
  }

  storeFor(gate: ProcessGate): CrashableStore {
    this.store.reopen();
    return new CrashableStore(
      this.store,
      () => this.#wait(gate, this.#platterTime(this.storePace, this.storeExtraMs)),
      () => gate.isDead,
    );
  }

  /** The next operation that fits goes wrong. */
  bring(mishap: DiskMishap): void {
    this.#mishaps.push(mishap);
  }

  forgetMishaps(): void {
    this.#mishaps.length = 0;
  }

  /** The process ends; what it wrote stays readable, and stays not durable. */
  processEnded(): void {
    this.files.kill();
    this.forgetMishaps();
  }

  /** The power goes: of everything that was not durable a random part stays. */
  powerLost(): void {
    let sectors = 0;
    for (const path of this.files.paths()) {
      const node = this.files.node(path);
      if (node?.kind === "file" && node.content.hasPending) {
        sectors += node.content.pending().sectors.size;
      }
    }
    this.#counters.count("unsyncedLost", sectors > 0 ? 1 : 0);
    if (sectors > 1) {
      this.#counters.count("unsyncedReordered");
      this.#counters.count("sectorTorn");
    }
    const names = this.files.paths().join();
    this.files.crash(new SeededRandom(this.#random.uint32()));
    this.#counters.count("nameChangeLost", this.files.paths().join() === names ? 0 : 1);
    this.forgetMishaps();
  }

  /** Flips a bit in the part of a file that was written long ago. Returns where, if there is such a file. */
  rot(matches: (path: string) => boolean): string | undefined {
    const paths = this.files.paths().filter((path) => {
      const node = this.files.node(path);
      return node?.kind === "file" && node.content.size > 0 && matches(path);
    });
    if (paths.length === 0) return undefined;
    const path = this.#random.pick(paths);
    const bytes = this.files.bytes(path);
    if (bytes === undefined) return undefined;
    const used = usedLength(bytes);
    if (used === 0) return undefined;
    const old = Math.min(Math.floor(used / 2), newestBatch(bytes, used));
    const at = this.#random.integer(Math.max(1, old));
    bytes[at] = (bytes[at] as number) ^ (1 << this.#random.integer(8));
    this.files.put(path, bytes);
    this.isDamaged = true;
    this.#counters.count("bitRot");
    return `${path} at ${at}`;
  }

  /** One sector of a file is written over another, as when a write lands at the wrong address. */
  misdirect(matches: (path: string) => boolean): string | undefined {
    return this.#overwriteSector(matches, "writeMisdirected", (bytes, sectors) => {
      const from = this.#random.integer(sectors);
      return bytes.slice(from * SECTOR_BYTES, (from + 1) * SECTOR_BYTES);
    });
  }

  /** A sector is as it was before anything was written to it: the disk said that it wrote, and did not. */
  ignore(matches: (path: string) => boolean): string | undefined {
    return this.#overwriteSector(matches, "writeIgnored", () => new Uint8Array(SECTOR_BYTES));
  }

  /** Never the last sector in use: what was lost at the very end of a file, nobody can tell. */
  #overwriteSector(
    matches: (path: string) => boolean,
    counted: "writeMisdirected" | "writeIgnored",
    contentOf: (bytes: Uint8Array, sectors: number) => Uint8Array,
  ): string | undefined {
    for (const path of this.#random.shuffled(this.files.paths().filter(matches))) {
      const bytes = this.files.bytes(path);
      if (bytes === undefined) continue;
      const sectors = Math.floor(usedLength(bytes) / SECTOR_BYTES);
      if (sectors < 2) continue;
      const to = this.#random.integer(sectors - 1);
      const content = contentOf(bytes, sectors);
      const from = to * SECTOR_BYTES;
      if (content.every((byte, at) => byte === bytes[from + at])) continue;
      bytes.set(content, from);
      this.files.put(path, bytes);
      this.isDamaged = true;
      this.#counters.count(counted);
      return `${path}: sector ${to} (${counted})`;
    }
    return undefined;
  }

  #mishapFor(operation: FileOperation): FileFault | undefined {
    const place = this.#mishaps.findIndex((mishap) => fits(mishap, operation));
    if (place < 0) return undefined;
    const [mishap] = this.#mishaps.splice(place, 1) as [DiskMishap];
    switch (mishap) {
      case "syncFails":
      case "syncFailsAndForgets":
        this.#counters.count("syncFailed");
        return { type: "error", code: "io", pages: mishap === "syncFails" ? "keep" : "clean" };
      case "writeFails":
        this.#counters.count("writeFailed");
        return { type: "error", code: "io", pages: "drop" };
      case "writeIsShort":
        this.#counters.count("writeShort");
        return { type: "short", bytes: this.#random.integer(operation.bytes), code: "io" };
      case "powerFails":
        this.#counters.count("powerLostInWrite");
        this.#agenda.after(this.#random.range(0, this.pace.maxMs), this.#onPowerFailure);
        return undefined;
      case "powerFailsAfterNameChange":
        this.#counters.count("powerLostAfterNameChange");
        this.#agenda.after(this.#timeUntilPowerGoes(), this.#onPowerFailure);
        return undefined;
      case "processDies":
        this.#counters.count("memberCrashedInOperation");
        this.#agenda.after(0, this.#onDeath);
        return { type: "death", applied: this.#random.chance(0.5) };
    }
  }

  #timeOf(operation: FileOperation): number {
    switch (operation.kind) {
      case "sync":
      case "writeDurably":
      case "syncDirectory":
        return this.#platterTime();
      default:
        return 0;
    }
  }

  /** At once, while what follows is written, or after it. */
  #timeUntilPowerGoes(): number {
    return this.#random.range(0, this.#random.pick([0, 2, 20]) * this.pace.maxMs);
  }

  #platterTime({ minMs, maxMs }: DiskPace = this.pace, extraMs: number = this.extraMs): number {
    const stalledMs = Math.max(0, this.stalledUntilMs - this.#agenda.nowMs);
    return this.#random.range(minMs, maxMs) + extraMs + stalledMs;
  }

  #wait(gate: ProcessGate, ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#agenda.after(ms, () => gate.enter(resolve));
    });
  }
}

/** Whether something that was brought about meets this operation. */
function fits(mishap: DiskMishap, { kind, bytes }: FileOperation): boolean {
  const isWrite = kind === "write" || kind === "writeDurably";
  switch (mishap) {
    case "syncFails":
    case "syncFailsAndForgets":
    case "powerFails":
      return kind === "sync" || kind === "writeDurably";
    case "writeFails":
      return isWrite;
    case "writeIsShort":
      return isWrite && bytes > 0;
    case "powerFailsAfterNameChange":
      return kind === "rename" || kind === "remove";
    case "processDies":
      return kind !== "read" && kind !== "list";
  }
}

/**
 * Where the newest batch of a log segment begins, the file's end in other files. Nothing proves yet that it was durable:
 * a node takes damage to it for a torn write, rightly so.
 */
function newestBatch(bytes: Uint8Array, used: number): number {
  for (let at = used - BATCH_MAGIC.length; at > 0; at--) {
    if (BATCH_MAGIC.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return used;
}

/** Where the zeros begin that a file was prepared with. */
function usedLength(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}
