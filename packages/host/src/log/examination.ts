import type { Environment, FileSystem } from "../environment/environment.ts";
import { segmentName, segmentNumber, TEMPORARY_SUFFIX } from "./log-format.ts";
import { emptySegmentContent, LogReplay, type SegmentContent } from "./log-replay.ts";
import { finding, type RecoveryFinding } from "./recovery-table.ts";
import {
  decodeSegmentHeader,
  type LogOwner,
  type SegmentHeader,
  segmentTag,
} from "./segment-header.ts";
import {
  type ChainPosition,
  endOfNonZero,
  firstBatchPosition,
  holdsBatches,
  type ScanEnd,
  type ScannedBatch,
  scanSegment,
} from "./segment-scan.ts";

/** A segment as it was found. */
export interface ExaminedSegment {
  readonly name: string;
  readonly header: SegmentHeader;
  readonly tag: number;
  readonly fileBytes: number;
  readonly content: SegmentContent;
  readonly end: ScanEnd;
}

/** A batch that no later one proves to have been durable. */
export interface UnprovenBatch {
  readonly segment: number;
  readonly sequence: number;
  readonly from: number;
  readonly to: number;
}

/** Everything recovery has to know, gathered without changing anything. */
export interface Examination {
  /** In order; only those that belong to the log. The last is the one to go on in. */
  readonly segments: readonly ExaminedSegment[];
  /** A clean segment that was prepared and not used yet. */
  readonly prepared: ExaminedSegment | undefined;
  readonly replay: LogReplay;
  /** What the next batch must continue. */
  readonly chain: ChainPosition;
  readonly unproven: readonly UnprovenBatch[];
  /** The torn tail of the last segment. */
  readonly torn: { readonly from: number; readonly to: number } | undefined;
  /** Files to delete. */
  readonly leftovers: readonly string[];
  readonly findings: readonly RecoveryFinding[];
  /** Set when the log must not be used; then everything else is only as far as the examination came. */
  readonly refusal: RecoveryFinding | undefined;
  /** Set when something newer wrote the log. */
  readonly tooNew: number | undefined;
}

/** Hears what an examination comes across. Bytes are only good during the call. */
export interface ExaminationListener {
  onSegment?(name: string, header: SegmentHeader, fileBytes: number): void;
  onBatch?(name: string, batch: ScannedBatch, bytes: Uint8Array): void;
}

/**
 * Reads a whole log and judges it by the recovery table. `owner` undefined takes the first segment's word for whose
 * log it is.
 */
export async function examineLog(
  environment: Environment,
  directory: string,
  owner: LogOwner | undefined,
  listener: ExaminationListener = {},
): Promise<Examination> {
  const examiner = new Examiner(environment, directory, owner, listener);
  const steps = examiner.steps();
  while (!(await steps.next()).done);
  return examiner;
}

/** Examines one segment per step. @internal */
export class Examiner implements Examination {
  readonly segments: ExaminedSegment[] = [];
  prepared: ExaminedSegment | undefined;
  readonly replay: LogReplay = new LogReplay();
  chain: ChainPosition = { sequence: 1, previousCrc: 0 };
  unproven: UnprovenBatch[] = [];
  torn: { readonly from: number; readonly to: number } | undefined;
  readonly leftovers: string[] = [];
  readonly findings: RecoveryFinding[] = [];
  refusal: RecoveryFinding | undefined;
  tooNew: number | undefined;
  readonly #environment: Environment;
  readonly #directory: string;
  readonly #listener: ExaminationListener;
  #owner: LogOwner | undefined;
  #buffer: Uint8Array = new Uint8Array(0);
  #commitIsImpossible = false;

  constructor(
    environment: Environment,
    directory: string,
    owner: LogOwner | undefined,
    listener: ExaminationListener,
  ) {
    this.#environment = environment;
    this.#directory = directory;
    this.#owner = owner;
    this.#listener = listener;
  }

  async *steps(): AsyncGenerator<void, void, undefined> {
    const numbers: number[] = [];
    for (const name of await this.#environment.files.list(this.#directory)) {
      const number = segmentNumber(name);
      if (number !== undefined) numbers.push(number);
      if (name.endsWith(TEMPORARY_SUFFIX)) this.#leftover(name, "was being prepared");
    }
    numbers.sort((left, right) => left - right);
    for (const [place, number] of numbers.entries()) {
      const previous = numbers[place - 1];
      if (previous !== undefined && number !== previous + 1) {
        this.#refuse(finding("R8", `segment ${previous + 1} is missing`));
      }
    }
    for (const number of numbers) {
      if (this.refusal !== undefined || this.tooNew !== undefined) return;
      await this.#segment(number);
      yield;
    }
    if (this.refusal === undefined && this.tooNew === undefined) this.#judgeEnd();
  }

  async #segment(number: number): Promise<void> {
    const name = segmentName(number);
    const bytes = await this.#read(name);
    const header = this.#header(name, number, bytes);
    if (header === undefined) return;
    this.#listener.onSegment?.(name, header, bytes.length);
    const tag = segmentTag(header.id);
    const previous = this.segments[this.segments.length - 1];
    if (previous !== undefined && previous.content.seal === undefined) {
      this.#unused(name, header, tag, bytes, previous);
      return;
    }
    if (previous?.content.seal !== undefined && previous.content.seal.nextTag !== tag) {
      this.#refuse(
        finding("R8", "it is not the segment that the one before names", { file: name }),
      );
      return;
    }
    const content = emptySegmentContent(header.initialBytes);
    const start = this.#start(number, bytes, tag);
    const end = scanSegment(bytes, tag, start, this.#environment.checksum, (batch) =>
      this.#batch(name, number, batch, content, bytes),
    );
    const segment = { name, header, tag, fileBytes: bytes.length, content, end };
    this.segments.push(segment);
    this.#judgeSegment(segment);
  }

  #header(name: string, number: number, bytes: Uint8Array): SegmentHeader | undefined {
    const decoded = decodeSegmentHeader(bytes);
    if (decoded.type === "tooNew") {
      this.tooNew = decoded.version;
      return undefined;
    }
    if (decoded.type === "damaged") {
      this.#refuse(finding("R7", decoded.reason, { file: name }));
      return undefined;
    }
    const { header } = decoded;
    this.#owner ??= header.owner;
    const mismatch = ownerMismatch(this.#owner, header.owner);
    if (mismatch !== undefined) {
      this.#refuse(finding("R11", mismatch, { file: name }));
      return undefined;
    }
    if (header.number !== number) {
      this.#refuse(finding("R8", `it is segment ${header.number} by its header`, { file: name }));
      return undefined;
    }
    if (bytes.length < header.initialBytes) {
      this.#refuse(tooShort(name, bytes.length, header.initialBytes));
      return undefined;
    }
    return header;
  }

  /** The oldest segment left says itself where it begins; the older ones are purged. */
  #start(number: number, bytes: Uint8Array, tag: number): ChainPosition {
    if (this.segments.length > 0 || number === 1) return this.chain;
    return firstBatchPosition(bytes, tag) ?? this.chain;
  }

  #batch(
    name: string,
    number: number,
    batch: ScannedBatch,
    content: SegmentContent,
    bytes: Uint8Array,
  ): string | undefined {
    const problem = this.replay.take(batch, number, content);
    if (problem !== undefined) return problem;
    if (this.replay.commitIsImpossible) {
      this.#commitIsImpossible = true;
      const { commit } = this.replay.hardState;
      return `commit ${commit} is beyond the last entry ${this.replay.terms.lastIndex}`;
    }
    const { sequence, durableThrough, headerCrc } = batch.header;
    this.chain = { sequence: sequence + 1, previousCrc: headerCrc };
    while (this.unproven.length > 0 && (this.unproven[0]?.sequence ?? 0) <= durableThrough) {
      this.unproven.shift();
    }
    this.unproven.push({ segment: number, sequence, from: batch.from, to: batch.to });
    this.#listener.onBatch?.(name, batch, bytes);
    return undefined;
  }

  /** What holds for every segment, whether others follow or not. */
  #judgeSegment(segment: ExaminedSegment): void {
    const { name, content, end, fileBytes } = segment;
    if (fileBytes < content.announcedBytes) {
      this.#refuse(tooShort(name, fileBytes, content.announcedBytes));
    } else if (end.rest.type === "foreign") {
      const isFirst = content.batches === 0 && this.segments.length > 1;
      const row = this.#commitIsImpossible ? "R12" : isFirst ? "R8" : "R3";
      this.#refuse(finding(row, end.rest.reason, { file: name, offset: end.offset }));
    } else if (content.seal !== undefined && end.rest.type === "damage") {
      this.#refuse(
        finding("R5", "there is something behind the seal", { file: name, offset: end.offset }),
      );
    }
  }

  /** A segment behind one that is not sealed: nothing of it was ever acknowledged, unless the seal is lost. */
  #unused(
    name: string,
    header: SegmentHeader,
    tag: number,
    bytes: Uint8Array,
    previous: ExaminedSegment,
  ): void {
    if (holdsBatches(bytes, tag)) {
      const place = { file: previous.name, offset: previous.end.offset };
      this.#refuse(
        finding("R5", "its seal is missing or damaged, and another segment follows", place),
      );
      return;
    }
    const content = emptySegmentContent(header.initialBytes);
    const offset = endOfNonZero(bytes, 64);
    const isClean = offset === 64 && header.number === previous.header.number + 1;
    if (!isClean) {
      this.#leftover(name, "was prepared and never used, and is not as it was prepared");
      return;
    }
    const end: ScanEnd = { offset, rest: { type: "zeros" } };
    this.prepared = { name, header, tag, fileBytes: bytes.length, content, end };
  }

  /** Where the log ends. */
  #judgeEnd(): void {
    const last = this.segments[this.segments.length - 1];
    if (last === undefined) return;
    const place = { file: last.name, offset: last.end.offset };
    if (last.content.seal !== undefined) {
      this.#refuse(finding("R8", "the segment that its seal names is missing", place));
      return;
    }
    const { rest } = last.end;
    if (rest.type !== "damage") {
      this.findings.push(finding("R4", "the log ends in order", place));
      return;
    }
    const { sequence } = this.chain;
    const bytes = rest.nonZeroTo - last.end.offset;
    const isBeginningLost =
      last.content.batches === 0 && last.header.number > 1 && this.segments.length === 1;
    if (rest.durableThrough >= sequence || isBeginningLost) {
      const detail = `${rest.reason} at batch ${sequence}, which was durable`;
      this.#refuse(finding("R3", detail, { ...place, bytes }));
      return;
    }
    this.torn = { from: last.end.offset, to: rest.nonZeroTo };
    const detail = `${rest.reason} at batch ${sequence}, which was never acknowledged`;
    this.findings.push(finding("R2", detail, { ...place, bytes }));
  }

  #leftover(name: string, reason: string): void {
    this.leftovers.push(name);
    this.findings.push(finding("R6", `it ${reason}`, { file: name }));
  }

  #refuse(found: RecoveryFinding): void {
    if (this.refusal !== undefined) return;
    this.refusal = found;
    this.findings.push(found);
  }

  async #read(name: string): Promise<Uint8Array> {
    const { files } = this.#environment;
    this.#buffer = await readWhole(files, `${this.#directory}/${name}`, this.#buffer);
    return this.#buffer;
  }
}

/** A file's bytes, in `reuse` when they fit exactly. */
export async function readWhole(
  files: FileSystem,
  path: string,
  reuse: Uint8Array,
): Promise<Uint8Array> {
  const handle = await files.open(path, { mode: "read" });
  try {
    const size = await handle.size();
    const bytes = reuse.length === size ? reuse : new Uint8Array(size);
    const count = await handle.read(0, bytes);
    return bytes.subarray(0, count);
  } finally {
    await handle.close();
  }
}

function tooShort(name: string, bytes: number, announced: number): RecoveryFinding {
  const detail = `it has ${bytes} bytes and had ${announced}`;
  return finding("R14", detail, { file: name, offset: bytes });
}

/** Whose a segment is, if not the expected owner's; undefined when it is. */
export function ownerMismatch(expected: LogOwner, found: LogOwner): string | undefined {
  if (expected.clusterHash !== found.clusterHash) return "it belongs to another cluster";
  if (expected.groupId !== found.groupId) return `it belongs to group ${found.groupId}`;
  if (expected.memberId !== found.memberId) return `it belongs to member ${found.memberId}`;
  return undefined;
}
