import type { Level } from "./log-lines.ts";

const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL", "NONE"] as const;
export type Threshold = (typeof LEVELS)[number];

export function isThreshold(name: string): name is Threshold {
  return (LEVELS as readonly string[]).includes(name);
}

/** What a directive printed, and how much of what it wanted to print is let through. */
export class Output {
  #text = "";
  threshold: Threshold = "DEBUG";

  clear(): void {
    this.#text = "";
  }
  get text(): string {
    return this.#text;
  }
  /** Nothing at all is printed at level NONE. */
  get isMuted(): boolean {
    return this.threshold === "NONE";
  }

  write(text: string): void {
    if (!this.isMuted) this.#text += text;
  }
  /** Errors are never hidden. */
  writeError(text: string): void {
    this.#text = this.isMuted ? text : this.#text + text;
  }
  log(level: Level, text: string): void {
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(this.threshold)) this.write(`${level} ${text}\n`);
  }

  /** Everything that `print` prints is moved two spaces to the right. */
  indented(print: () => void): void {
    const outer = this.#text;
    this.#text = "";
    try {
      print();
    } finally {
      const lines = this.#text === "" ? [] : this.#text.replace(/\n$/, "").split("\n");
      this.#text = outer + lines.map((line) => `  ${line}\n`).join("");
    }
  }
}
