import type { MemberId } from "@quorate/core";
import type { Codec, Committed, StateMachine } from "@quorate/host";
import type { Violation } from "../checkers/violation.ts";

/** A committed command as the first member applied it, and what came of it. */
interface Known {
  readonly index: number;
  readonly term: number;
  readonly slot: number;
  readonly proposedAtMs: number;
  readonly bytes: Uint8Array;
  readonly result: string;
  readonly member: MemberId;
}

/**
 * What a state machine did everywhere: the same command at the same place must give the same result on every member, in
 * every life, and on a machine that applied everything in order and never saw a fault.
 */
export class MachineOracle<C, R, Q, A> {
  readonly violations: Violation[] = [];
  readonly #commands: Codec<C>;
  readonly #show: (value: unknown) => string;
  readonly #known: Map<string, Known> = new Map();

  constructor(commands: Codec<C>, show: (value: unknown) => string) {
    this.#commands = commands;
    this.#show = show;
  }

  /** Commands applied somewhere. */
  get commands(): number {
    return this.#known.size;
  }

  report(checker: string, message: string): void {
    this.violations.push({ checker, message });
  }

  /** Of each command as it came, before a machine could change it. */
  encoded(batch: readonly Committed<C>[]): readonly Uint8Array[] {
    return batch.map(({ command }) => this.#commands.encode(command));
  }

  applied(
    member: MemberId,
    batch: readonly Committed<C>[],
    bytes: readonly Uint8Array[],
    results: readonly R[],
  ): void {
    if (results.length !== batch.length) {
      this.report(
        "one result per command",
        `member ${member} gives ${results.length} results for ${batch.length} commands`,
      );
      return;
    }
    batch.forEach(({ index, term, slot, proposedAtMs }, at) => {
      const result = this.#show(results[at]);
      const key = `${index}/${slot}`;
      const known = this.#known.get(key);
      const command = bytes[at] ?? new Uint8Array(0);
      if (known === undefined) {
        this.#known.set(key, { index, term, slot, proposedAtMs, bytes: command, result, member });
      } else if (known.result !== result) {
        this.report(
          "equal results",
          `${this.#shown(command)} at ${index} gave ${known.result} on member ${known.member} and ${result} on member ${member}`,
        );
      }
    });
  }

  /** A client was told `result` for a command at `index`. */
  answered(index: number, result: R): void {
    const shown = this.#show(result);
    const here = [...this.#known.values()].filter((known) => known.index === index);
    if (here.some((known) => known.result === shown)) return;
    this.report("answers are results", `a client was told ${shown} for a command at ${index}`);
  }

  /** Everything once more, one by one, on a machine that is never stopped, and then what it answers. */
  async compareWithFresh(
    machine: StateMachine<C, R, Q, A>,
    questions: readonly Q[],
    members: ReadonlyMap<MemberId, StateMachine<C, R, Q, A>>,
  ): Promise<void> {
    await machine.open();
    const order = [...this.#known.values()].sort(
      (one, other) => one.index - other.index || one.slot - other.slot,
    );
    for (const { index, term, slot, proposedAtMs, bytes, result, member } of order) {
      const command = this.#commands.decode(bytes);
      const [again] = await machine.apply([{ index, term, slot, proposedAtMs, command }]);
      const shown = this.#show(again);
      if (shown === result) continue;
      this.report(
        "equal results",
        `${this.#shown(bytes)} at ${index} gave ${result} on member ${member} and ${shown} on a machine that applied everything in order`,
      );
      return;
    }
    for (const question of questions) {
      const expected = this.#show(await machine.query(question));
      for (const [member, one] of members) {
        const answer = this.#show(await one.query(question));
        if (answer === expected) continue;
        this.report(
          "equal states",
          `asked ${this.#show(question)}, member ${member} answers ${answer}, and a machine that applied everything in order ${expected}`,
        );
        return;
      }
    }
  }

  #shown(bytes: Uint8Array): string {
    return this.#show(this.#commands.decode(bytes));
  }
}
