import type { ClientOperation, Operation, RegisterInput, RegisterOutput } from "@quorate/sim";

/** How an operation of a client stands. `unknown`: nobody answered, and it may still have taken effect. */
export type OperationState = "waiting" | "answered" | "refused" | "unknown";

/** One operation of a client, from its first attempt to what the client believes in the end. */
export interface ClientAct {
  readonly client: number;
  readonly operation: ClientOperation;
  readonly askedAt: number;
  readonly askedMs: number;
  /** Its place in the order of calls and returns. */
  readonly calledAt: number;
  readonly attempts: readonly { readonly moment: number; readonly member: number }[];
  readonly ending: ActEnding | undefined;
}

export interface ActEnding {
  readonly at: number;
  readonly ms: number;
  readonly outcome: Exclude<OperationState, "waiting">;
  /** Whoever answered or refused, 0 for nobody. */
  readonly by: number;
  readonly answer: string | null | undefined;
  /** What came back, and its place in the order; undefined when nothing did. */
  readonly returned: { readonly output: RegisterOutput; readonly at: number } | undefined;
}

type RegisterOperation = Operation<RegisterInput, RegisterOutput>;

/** All that clients asked for in a run. */
export class OperationLog {
  readonly #acts: ClientAct[];

  constructor(acts: readonly ClientAct[] = []) {
    this.#acts = [...acts];
  }

  get count(): number {
    return this.#acts.length;
  }

  asked(act: Omit<ClientAct, "ending">): void {
    this.#acts.push({ ...act, ending: undefined });
  }

  repeated(client: number, member: number, moment: number): void {
    this.#change(client, (act) => ({ ...act, attempts: [...act.attempts, { moment, member }] }));
  }

  ended(client: number, ending: ActEnding): void {
    this.#change(client, (act) => ({ ...act, ending }));
  }

  /** What clients had asked for by `moment`, oldest first, each as it stood then. */
  at(moment: number): readonly ClientAct[] {
    const acts: ClientAct[] = [];
    for (const act of this.#acts) {
      if (act.askedAt > moment) break;
      acts.push(actAt(act, moment));
    }
    return acts;
  }

  /** The history as clients knew it at `moment`, for the checker: what is certain to have done nothing is left out. */
  historyAt(moment: number): readonly RegisterOperation[] {
    const history: RegisterOperation[] = [];
    for (const { client, operation, calledAt, ending } of this.at(moment)) {
      const isRead = operation.type === "read";
      if (ending?.outcome === "refused" || (ending?.outcome === "unknown" && isRead)) continue;
      const returned = ending?.returned;
      history.push({
        client,
        input: operation,
        output: returned?.output,
        calledAt,
        returnedAt: returned?.at ?? Number.POSITIVE_INFINITY,
      });
    }
    return history;
  }

  upTo(moment: number): OperationLog {
    return new OperationLog(this.at(moment));
  }

  #change(client: number, change: (act: ClientAct) => ClientAct): void {
    const place = this.#acts.findLastIndex(
      (act) => act.client === client && act.ending === undefined,
    );
    const act = this.#acts[place];
    if (act !== undefined) this.#acts[place] = change(act);
  }
}

export function stateOf({ ending }: ClientAct): OperationState {
  return ending?.outcome ?? "waiting";
}

function actAt(act: ClientAct, moment: number): ClientAct {
  const { attempts, ending } = act;
  const isOpen = ending !== undefined && ending.at > moment;
  const hasLater = attempts.length > 0 && (attempts.at(-1)?.moment ?? 0) > moment;
  if (!isOpen && !hasLater) return act;
  return {
    ...act,
    attempts: attempts.filter((attempt) => attempt.moment <= moment),
    ending: isOpen ? undefined : ending,
  };
}
