import type { Terminal } from "./terminal.ts";

/** One line that is written anew, for people only, some times a second at most. */
export class ProgressLine {
  readonly #terminal: Terminal;
  #shownAtMs = 0;
  #length = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    const nowMs = performance.now();
    if (!this.#terminal.isInteractive || nowMs - this.#shownAtMs < 200) return;
    this.#shownAtMs = nowMs;
    this.#terminal.error(`\r${text.padEnd(this.#length)}`);
    this.#length = text.length;
  }

  clear(): void {
    if (this.#length > 0) this.#terminal.error(`\r${" ".repeat(this.#length)}\r`);
    this.#length = 0;
  }
}
