import type { AppendWork } from "@quorate/core";

export interface WriterOwner {
  /** Runs later in this life of the process; `isWork`: after as long as the disk takes for it. */
  later(isWork: boolean, run: () => void): void;
  written(work: AppendWork): void;
}

/** The append works of one life of a member on their way to its disk, in order. */
export class MemberWriter {
  readonly #owner: WriterOwner;
  readonly #works: AppendWork[] = [];
  #isFlushing = false;

  constructor(owner: WriterOwner) {
    this.#owner = owner;
  }

  /** Not on the disk yet, oldest first. */
  get works(): readonly AppendWork[] {
    return this.#works;
  }

  write(work: AppendWork): void {
    this.#works.push(work);
    if (!this.#isFlushing) this.#flush();
  }

  /** One write carries everything that waits; what comes meanwhile goes with the next one. */
  #flush(): void {
    const count = this.#works.length;
    this.#isFlushing = count > 0;
    if (count === 0) return;
    const isWork = this.#works.some((work) => work.mustSync || work.hardState !== undefined);
    this.#owner.later(isWork, () => {
      for (const work of this.#works.splice(0, count)) this.#owner.written(work);
      this.#flush();
    });
  }
}
