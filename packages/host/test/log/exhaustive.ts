/** `npm run crash-points` goes through all of it, every other run through a part that takes seconds. */
export const IS_EXHAUSTIVE: boolean = process.env["QUORATE_CRASH_POINTS"] === "all";

/** How often something happened, by name. */
export class Tally {
  readonly #counts: Map<string, number> = new Map();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get names(): readonly string[] {
    return [...this.#counts.keys()].sort();
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return this.names.map((name) => `${name} ${this.#counts.get(name)}`).join(", ");
  }
}

/** Tells how many places to die at a test went through; the command adds these lines up. */
export function sayCrashes(what: string, places: Tally, states: number): void {
  process.stdout.write(
    `${what}: ${places.total} places to die at (${places}), ${states} states of the disk\n`,
  );
}

/** Tells how many damaged copies a test went through, by what became of them. */
export function sayDamage(what: string, verdicts: Tally): void {
  process.stdout.write(`${what}: ${verdicts.total} damaged copies (${verdicts})\n`);
}
