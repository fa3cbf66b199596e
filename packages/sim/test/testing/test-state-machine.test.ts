import { jsonCodec, memoryMachine, type StateMachine } from "@quorate/host";
import { describe, expect, test } from "vitest";
import type { Random } from "../../src/random/random.ts";
import { testStateMachine } from "../../src/testing/test-state-machine.ts";

type Command =
  | { readonly type: "deposit"; readonly account: string; readonly amount: number }
  | { readonly type: "move"; readonly from: string; readonly to: string; readonly amount: number };
type Accounts = Record<string, number>;
type Bank = StateMachine<Command, number, "all", Accounts>;

const NAMES = ["ann", "bob", "cy"];

function command(random: Random): Command {
  const amount = random.between(1, 9);
  const from = random.pick(NAMES);
  return random.chance(0.5)
    ? { type: "deposit", account: from, amount }
    : { type: "move", from, to: random.pick(NAMES), amount };
}

/** The balance of the account that the command is about, or -1 when it was refused. */
function execute(accounts: Accounts, asked: Command): number {
  if (asked.type === "deposit") {
    accounts[asked.account] = (accounts[asked.account] ?? 0) + asked.amount;
    return accounts[asked.account] ?? 0;
  }
  const { from, to, amount } = asked;
  if ((accounts[from] ?? 0) < amount) return -1;
  accounts[from] = (accounts[from] ?? 0) - amount;
  accounts[to] = (accounts[to] ?? 0) + amount;
  return accounts[to] ?? 0;
}

function sorted(accounts: Accounts): Accounts {
  return Object.fromEntries(
    Object.entries(accounts).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function bank(): Bank {
  return memoryMachine<Accounts, Command, number, "all", Accounts>({
    initial: {},
    apply: (accounts, { command: asked }) => {
      const result = execute(accounts, asked);
      return [accounts, result];
    },
    query: (accounts) => sorted(accounts),
  });
}

const QUESTIONS = ["all"] as const;

test("a sound machine passes, and the faults really happened", async () => {
  const report = await testStateMachine({ machine: bank, command, questions: QUESTIONS, runs: 4 });
  expect(report.failure).toBeUndefined();
  expect(report.runs).toBe(4);
  expect(report.commands).toBeGreaterThan(200);
  for (const kind of [
    "memberCrashed",
    "memberRestarted",
    "linkCutBothWays",
    "memberPaused",
  ] as const) {
    expect(report.counters.get(kind), kind).toBeGreaterThan(0);
  }
}, 120_000);

test("the same seeds do the same", async () => {
  const once = await testStateMachine({ machine: bank, command, questions: QUESTIONS, runs: 1 });
  const again = await testStateMachine({ machine: bank, command, questions: QUESTIONS, runs: 1 });
  expect(again.commands).toBe(once.commands);
  expect(again.counters.entries()).toEqual(once.counters.entries());
}, 120_000);

describe("a mistake is found:", () => {
  const findIn = async (machine: () => Bank): Promise<string | undefined> => {
    const report = await testStateMachine({ machine, command, questions: QUESTIONS, runs: 6 });
    if (report.failure === undefined) return undefined;
    // The seed that is named finds it at once.
    const again = await testStateMachine({
      machine,
      command,
      questions: QUESTIONS,
      runs: 1,
      firstSeed: report.failure.seed,
    });
    expect(again.failure?.seed).toBe(report.failure.seed);
    return report.failure.violation.checker;
  };

  test("chance in apply", async () => {
    const careless = (): Bank =>
      memoryMachine<Accounts, Command, number, "all", Accounts>({
        initial: {},
        apply: (accounts, { command: asked }) => [
          accounts,
          execute(accounts, asked) + (Math.random() < 0.5 ? 1 : 0),
        ],
        query: sorted,
      });
    expect(await findIn(careless)).toBe("equal results");
  }, 120_000);

  test("a snapshot that leaves something out", async () => {
    const json = jsonCodec<Accounts>();
    const forgetful = (): Bank =>
      memoryMachine<Accounts, Command, number, "all", Accounts>({
        initial: {},
        apply: (accounts, { command: asked }) => [accounts, execute(accounts, asked)],
        query: sorted,
        stateCodec: {
          encode: ({ cy: _, ...others }) => json.encode(others),
          decode: (bytes) => json.decode(bytes),
        },
      });
    expect(["equal results", "equal states"]).toContain(await findIn(forgetful));
  }, 120_000);

  test("a snapshot that goes on changing", async () => {
    const json = jsonCodec<Accounts>();
    const live = (): Bank => {
      let accounts: Accounts = {};
      return {
        ...bank(),
        apply: (batch) => batch.map(({ command: asked }) => execute(accounts, asked)),
        query: () => sorted(accounts),
        // The state is read when the chunk is asked for, not when the snapshot was pinned.
        beginSnapshot: () => ({
          async *chunks() {
            await undefined;
            yield json.encode(accounts);
          },
          release: () => undefined,
        }),
        restore: async (_info, chunks) => {
          for await (const chunk of chunks) accounts = json.decode(chunk);
        },
      };
    };
    expect(["equal results", "equal states"]).toContain(await findIn(live));
  }, 120_000);

  test("state that survives the process although nobody stored it", async () => {
    const shared: Accounts = {};
    const leaking = (): Bank =>
      memoryMachine<Accounts, Command, number, "all", Accounts>({
        initial: shared,
        apply: (accounts, { command: asked }) => [accounts, execute(accounts, asked)],
        query: sorted,
      });
    expect(await findIn(leaking)).toBe("equal results");
  }, 120_000);

  test("a command that it cannot take", async () => {
    const fragile = (): Bank =>
      memoryMachine<Accounts, Command, number, "all", Accounts>({
        initial: {},
        apply: (accounts, { command: asked, index }) => {
          if (index > 40) throw new Error("no more than forty");
          return [accounts, execute(accounts, asked)];
        },
        query: sorted,
      });
    expect(await findIn(fragile)).toBe("the machine takes every command");
  }, 120_000);
});

test.each([
  { runs: 0 },
  { runs: -1 },
  { runs: Number.NaN },
  { members: 0 },
  { command: undefined },
])("a test that would test nothing is refused: %o", async (wrong) => {
  const right = {
    machine: () => memoryMachine({ initial: 0, apply: (n: number) => [n, n], query: (n) => n }),
  };
  const asked = { ...right, command: () => 1, questions: [], ...wrong };
  await expect(testStateMachine(asked as never)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    outcome: "notApplied",
  });
});
