/**
 * Text that is made of messages in one turn of the event loop, over all answers of the gateway. Making it is what costs:
 * a megabyte takes a few milliseconds, and heartbeats wait for the turn's end.
 */
export const TURN_BYTES: number = 256 * 1024;

/** Text that is gathered before it is written: small pieces would cost a packet each. */
const WRITE_BYTES = 64 * 1024;

/** Where an answer goes. */
export interface TextSink {
  /** False: `TextLine.drained` will be called when there is room. */
  write(text: string): boolean;
  /** The rest, and the end. */
  end(text: string): void;
  /** Everything added so far is written, and there is room for more. */
  idle?(): void;
  /** Making the text threw: a bug. Nothing more comes. */
  broken(defect: unknown): void;
}

/** Calls the function in a later turn of the event loop, when others have had theirs. */
export type NextTurn = (run: () => void) => void;

/**
 * Writes the answers of one member: in turn, a part of each, and in one turn of the event loop no more than `TURN_BYTES`
 * and one piece. An answer whose reader is slow waits without costing the others anything.
 */
export class TurnWriter {
  readonly #nextTurn: NextTurn;
  readonly #ready: Set<TextLine> = new Set();
  #spentBytes = 0;
  #isScheduled = false;
  #isRunning = false;

  constructor(nextTurn: NextTurn = setImmediate) {
    this.#nextTurn = nextTurn;
  }

  open(sink: TextSink): TextLine {
    return new TextLine(sink, (line) => this.#wake(line));
  }

  #wake(line: TextLine): void {
    this.#ready.add(line);
    this.#run();
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (const line of this.#ready) {
        if (this.#spentBytes >= TURN_BYTES) break;
        // A set keeps the order of adding: a line with more to write goes behind the others.
        this.#ready.delete(line);
        this.#spentBytes += line.writeSome();
        if (line.isReady) this.#ready.add(line);
      }
    } finally {
      this.#isRunning = false;
      this.#schedule();
    }
  }

  /** After a turn in which something was written, what it has cost is forgotten. */
  #schedule(): void {
    if (this.#isScheduled || (this.#spentBytes === 0 && this.#ready.size === 0)) return;
    this.#isScheduled = true;
    this.#nextTurn(() => {
      this.#isScheduled = false;
      this.#spentBytes = 0;
      this.#run();
    });
  }
}

/** One answer, or one stream of them, on its way out. */
export class TextLine {
  readonly #sink: TextSink;
  readonly #wake: (line: TextLine) => void;
  /** What is not written yet, first to last. */
  #waiting: Iterator<string>[] = [];
  #isEnding = false;
  #isOver = false;
  #isBlocked = false;

  constructor(sink: TextSink, wake: (line: TextLine) => void) {
    this.#sink = sink;
    this.#wake = wake;
  }

  /** Everything added is written, and the sink has room. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#isBlocked;
  }

  /** There is something to do and nothing in the way. */
  get isReady(): boolean {
    return !this.#isOver && !this.#isBlocked && (this.#waiting.length > 0 || this.#isEnding);
  }

  /** Adds text that is made when its turn has come. */
  add(pieces: Iterable<string>): void {
    if (this.#isOver || this.#isEnding) return;
    this.#waiting.push(pieces[Symbol.iterator]());
    if (this.isReady) this.#wake(this);
  }

  /** Adds what is last. */
  end(pieces: Iterable<string> = []): void {
    if (this.#isOver || this.#isEnding) return;
    this.#waiting.push(pieces[Symbol.iterator]());
    this.#isEnding = true;
    if (this.isReady) this.#wake(this);
  }

  /** The sink has room again. */
  drained(): void {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    if (this.isReady) this.#wake(this);
    else if (!this.#isOver) this.#sink.idle?.();
  }

  /** Nobody reads any more: drops what is left. */
  close(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  /** Writes a part; returns how many characters it had. */
  writeSome(): number {
    if (!this.isReady) return 0;
    let text: string;
    try {
      text = this.#gather();
    } catch (defect) {
      this.close();
      this.#sink.broken(defect);
      return 0;
    }
    if (this.#waiting.length === 0 && this.#isEnding) {
      this.#isOver = true;
      this.#sink.end(text);
      return text.length;
    }
    if (text !== "") this.#isBlocked = !this.#sink.write(text);
    if (this.isIdle) this.#sink.idle?.();
    return text.length;
  }

  #gather(): string {
    let text = "";
    while (text.length < WRITE_BYTES) {
      const [pieces] = this.#waiting;
      if (pieces === undefined) break;
      const { done, value } = pieces.next();
      if (done === true) this.#waiting.shift();
      else text += value;
    }
    return text;
  }
}
