import { Duplex } from "node:stream";

/** A socket whose other end is the test: what is written gathers in `written`, `receive` is input. */
export class MemorySocket extends Duplex {
  readonly written: Buffer[] = [];
  /** While true, nothing written is taken, as by a peer that does not read. */
  #isStalled = false;
  #taken: (() => void)[] = [];

  constructor() {
    super({ allowHalfOpen: true, emitClose: true });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.#isStalled) {
      this.#taken.push(() => {
        this.written.push(Buffer.from(chunk));
        done();
      });
      return;
    }
    this.written.push(Buffer.from(chunk));
    done();
  }

  override _final(done: () => void): void {
    done();
  }

  receive(bytes: Uint8Array): void {
    this.push(Buffer.from(bytes));
  }

  stall(): void {
    this.#isStalled = true;
  }

  unstall(): void {
    this.#isStalled = false;
    const taken = this.#taken;
    this.#taken = [];
    for (const take of taken) take();
  }

  takeWritten(): Buffer {
    const bytes = Buffer.concat(this.written);
    this.written.length = 0;
    return bytes;
  }
}
