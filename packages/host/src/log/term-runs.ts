import type { LogIndex, LogPosition, Term } from "@quorate/core";

/**
 * Which term every index has, as runs of equal terms: a log of millions of entries needs a handful of numbers, and no
 * question about a term touches the disk.
 */
export class TermRuns {
  /** Index of the first entry of each run; the first run begins at the base, the place before the log. */
  #starts: number[];
  #terms: Term[];
  #last: LogIndex;

  /** An empty log behind `base`. */
  constructor(base: LogPosition) {
    this.#starts = [base.index];
    this.#terms = [base.term];
    this.#last = base.index;
  }

  /** The place before the first entry. */
  get base(): LogPosition {
    return { index: this.#starts[0] as number, term: this.#terms[0] as number };
  }

  get last(): LogPosition {
    return { index: this.#last, term: this.#terms[this.#terms.length - 1] as number };
  }

  get lastIndex(): LogIndex {
    return this.#last;
  }

  get lastTerm(): Term {
    return this.#terms[this.#terms.length - 1] as number;
  }

  term(index: LogIndex): Term | "compacted" | "unavailable" {
    if (index > this.#last) return "unavailable";
    let run = this.#starts.length - 1;
    // Questions are nearly always about the tail.
    if ((this.#starts[run] as number) > index) {
      if ((this.#starts[0] as number) > index) return "compacted";
      let low = 0;
      while (run - low > 1) {
        const middle = (low + run) >> 1;
        if ((this.#starts[middle] as number) <= index) low = middle;
        else run = middle;
      }
      run = low;
    }
    return this.#terms[run] as number;
  }

  /** `count` entries of `term` follow. */
  append(term: Term, count: number): void {
    if (term !== this.lastTerm) {
      this.#starts.push(this.#last + 1);
      this.#terms.push(term);
    }
    this.#last += count;
  }

  /** Everything after `last` is gone. Its term is needed where it lies before the base. */
  truncate(last: LogPosition): void {
    if (last.index <= (this.#starts[0] as number)) {
      this.reset(last);
      return;
    }
    while ((this.#starts[this.#starts.length - 1] as number) > last.index) {
      this.#starts.pop();
      this.#terms.pop();
    }
    this.#last = Math.min(this.#last, last.index);
  }

  /** The log becomes empty behind `base`. */
  reset(base: LogPosition): void {
    this.#starts = [base.index];
    this.#terms = [base.term];
    this.#last = base.index;
  }

  /** The log begins after `index` from now on. */
  compact(index: LogIndex): void {
    const term = this.term(index);
    if (typeof term !== "number") return;
    let run = 0;
    while (run + 1 < this.#starts.length && (this.#starts[run + 1] as number) <= index) run += 1;
    this.#starts.splice(0, run);
    this.#terms.splice(0, run);
    this.#starts[0] = index;
    this.#terms[0] = term;
  }
}
