import type { Command, CommandResult } from "./command.ts";

/** A copy of the registers and sessions as of one applied index. */
export interface MachineState {
  readonly values: ReadonlyMap<string, string>;
  readonly sessions: ReadonlyMap<
    number,
    { readonly sequence: number; readonly result: CommandResult }
  >;
}

export const EMPTY_STATE: MachineState = { values: new Map(), sessions: new Map() };

/** The replicated state machine of the core's cluster: named registers, and sessions that make commands exactly once. */
export class RegisterMachine {
  #values: Map<string, string>;
  #sessions: Map<number, { readonly sequence: number; readonly result: CommandResult }>;

  readonly #remembers: boolean;
  /** The last command was one that had been executed before. */
  wasRepeat = false;

  /** @param remembers - False for a machine that executes repeated commands again. */
  constructor(state: MachineState = EMPTY_STATE, remembers: boolean = true) {
    this.#remembers = remembers;
    this.#values = new Map(state.values);
    this.#sessions = new Map(state.sessions);
  }

  apply(command: Command): CommandResult {
    const { client, sequence } = command;
    this.wasRepeat = false;
    if (sequence === 0 || !this.#remembers) return this.#execute(command);
    const known = this.#sessions.get(client);
    if (known !== undefined && sequence <= known.sequence) {
      this.wasRepeat = true;
      return sequence === known.sequence ? known.result : { type: "outdated" };
    }
    const result = this.#execute(command);
    this.#sessions.set(client, { sequence, result });
    return result;
  }

  read(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  /** A copy that later commands do not change. */
  state(): MachineState {
    return { values: new Map(this.#values), sessions: new Map(this.#sessions) };
  }

  restore(state: MachineState): void {
    this.#values = new Map(state.values);
    this.#sessions = new Map(state.sessions);
  }

  #execute({ operation }: Command): CommandResult {
    if (operation.type === "write") {
      this.#values.set(operation.key, operation.value);
      return { type: "written" };
    }
    const done = this.read(operation.key) === operation.expected;
    if (done) this.#values.set(operation.key, operation.value);
    return { type: "swapped", done };
  }
}

/** Equal for equal states, whatever the order in which they came about. */
export function describeState(state: MachineState): string {
  const values = [...state.values].sort(([left], [right]) => (left < right ? -1 : 1));
  const sessions = [...state.sessions].sort(([left], [right]) => left - right);
  return JSON.stringify([values, sessions]);
}
