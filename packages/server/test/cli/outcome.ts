import { run } from "../../src/cli/program.ts";
import { serve } from "../../src/cli/serve.ts";

export interface Outcome {
  readonly code: number;
  /** Everything said, errors too, line by line. */
  readonly lines: readonly string[];
  /** What a program would read. */
  readonly output: string;
}

export interface OutcomeOptions {
  readonly variables?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Interrupts the command once this resolves. */
  readonly interruptAfter?: (said: () => string) => Promise<void>;
}

/** Runs the command within this process. */
export async function outcome(
  args: readonly string[],
  { variables = {}, input = "", interruptAfter }: OutcomeOptions = {},
): Promise<Outcome> {
  let said = "";
  let output = "";
  const listeners = new Set<() => void>();
  void interruptAfter?.(() => output).then(() => {
    for (const listener of listeners) listener();
  });
  const code = await run(
    args,
    {
      variables,
      out: (text) => {
        said += text;
        output += text;
      },
      error: (text) => {
        said += text;
      },
      readInput: () => Promise.resolve(new TextEncoder().encode(input)),
      onInterrupt: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      isInteractive: false,
    },
    serve,
  );
  return { code, lines: said.split("\n").slice(0, -1), output };
}

/** Resolves once `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
