import { expect, test } from "vitest";
import type { Operation } from "../../src/history/operation.ts";
import { checkLinearizability } from "../../src/linearizability/check.ts";
import { keyValueModel } from "../../src/linearizability/models/key-value.ts";
import {
  type RegisterInput,
  type RegisterOutput,
  type RegisterValue,
  registerModel,
} from "../../src/linearizability/models/register.ts";
import {
  type TransactionInput,
  type TransactionOutput,
  transactionModel,
} from "../../src/linearizability/models/transactions.ts";
import { renderSvg, renderText } from "../../src/linearizability/picture.ts";
import { Random } from "../../src/random/random.ts";

type RegisterOperation = Operation<RegisterInput, RegisterOutput>;

const UNKNOWN = Number.POSITIVE_INFINITY;

function read(client: number, value: RegisterValue, from: number, to: number): RegisterOperation {
  const output: RegisterOutput = { type: "value", value };
  return { client, input: { type: "read", key: "x" }, output, calledAt: from, returnedAt: to };
}

function write(client: number, value: RegisterValue, from: number, to: number): RegisterOperation {
  const output: RegisterOutput | undefined = to === UNKNOWN ? undefined : { type: "written" };
  const input: RegisterInput = { type: "write", key: "x", value };
  return { client, input, output, calledAt: from, returnedAt: to };
}

test("a stale read is reported with its picture", () => {
  const history = [write(1, "a", 1, 2), write(1, "b", 3, 4), read(2, "a", 5, 6)];
  const checked = checkLinearizability(registerModel, history);
  expect(checked.verdict).toBe("violated");
  if (checked.verdict !== "violated") return;
  expect(checked.counterexample.deepest.stuckAt).toBe(2);
  const text = renderText(registerModel, checked.counterexample);
  expect(text).toContain("!! client 2");
  expect(text).toContain("x → a");
  const svg = renderSvg(registerModel, checked.counterexample);
  expect(svg).toContain("<svg");
  expect(svg).toContain("client 2");
});

test("a value that goes back while two writes are under way is reported", () => {
  const history = [
    write(1, "a", 1, 10),
    write(2, "b", 2, 11),
    read(3, "a", 3, 4),
    read(3, "b", 5, 6),
    read(3, "a", 7, 8),
  ];
  expect(checkLinearizability(registerModel, history).verdict).toBe("violated");
});

test("a write of unknown outcome may take effect long after its call, or never", () => {
  const late = [
    write(1, "a", 1, UNKNOWN),
    write(2, "b", 2, 3),
    read(3, "b", 4, 5),
    read(3, "a", 6, 7),
  ];
  expect(checkLinearizability(registerModel, late).verdict).toBe("linearizable");
  const never = [write(1, "a", 1, UNKNOWN), write(2, "b", 2, 3), read(3, "b", 4, 5)];
  expect(checkLinearizability(registerModel, never).verdict).toBe("linearizable");
  const twice = [...late, read(3, "b", 8, 9)];
  expect(checkLinearizability(registerModel, twice).verdict).toBe("violated");
});

test("a read may return what a concurrent write has not acknowledged yet, and another one after it", () => {
  const history = [
    write(1, "a", 1, 2),
    write(2, "b", 3, 10),
    read(3, "b", 4, 5),
    read(4, "b", 6, 7),
  ];
  expect(checkLinearizability(registerModel, history).verdict).toBe("linearizable");
  const torn = [...history, read(5, "a", 8, 9)];
  expect(checkLinearizability(registerModel, torn).verdict).toBe("violated");
});

test("a compare-and-set that two clients win is reported", () => {
  const swap = (client: number, from: number, to: number): RegisterOperation => ({
    client,
    input: { type: "compareAndSet", key: "x", expected: null, value: `c${client}` },
    output: { type: "swapped", done: true },
    calledAt: from,
    returnedAt: to,
  });
  expect(checkLinearizability(registerModel, [swap(1, 1, 4), swap(2, 2, 5)]).verdict).toBe(
    "violated",
  );
  expect(checkLinearizability(registerModel, [swap(1, 1, 4)]).verdict).toBe("linearizable");
});

test("the violation is found at its key while other keys are fine", () => {
  const history: RegisterOperation[] = [];
  for (let at = 0; at < 100; at += 1) {
    history.push({
      client: 1,
      input: { type: "write", key: `k${at}`, value: at },
      output: { type: "written" },
      calledAt: at * 4,
      returnedAt: at * 4 + 1,
    });
    history.push({
      client: 2,
      input: { type: "read", key: `k${at}` },
      output: { type: "value", value: at === 57 ? null : at },
      calledAt: at * 4 + 2,
      returnedAt: at * 4 + 3,
    });
  }
  const checked = checkLinearizability(registerModel, history);
  expect(checked.verdict).toBe("violated");
  if (checked.verdict === "violated") expect(checked.counterexample.keys).toEqual(["k57"]);
});

test("transactions are checked over all keys that one of them connects", () => {
  const move = (
    client: number,
    guards: TransactionInput["guards"],
    then: TransactionInput["then"],
    output: TransactionOutput | undefined,
    from: number,
    to: number,
  ): Operation<TransactionInput, TransactionOutput> => ({
    client,
    input: { guards, then, otherwise: [] },
    output,
    calledAt: from,
    returnedAt: to,
  });
  const setBoth = move(
    1,
    [],
    [
      { type: "put", key: "a", value: 1 },
      { type: "put", key: "b", value: 1 },
    ],
    { succeeded: true, found: [null, null] },
    1,
    10,
  );
  const seesBoth = (
    a: RegisterValue,
    b: RegisterValue,
  ): Operation<TransactionInput, TransactionOutput> =>
    move(
      2,
      [],
      [
        { type: "get", key: "a" },
        { type: "get", key: "b" },
      ],
      { succeeded: true, found: [a, b] },
      2,
      3,
    );
  expect(checkLinearizability(transactionModel, [setBoth, seesBoth(1, 1)]).verdict).toBe(
    "linearizable",
  );
  expect(checkLinearizability(transactionModel, [setBoth, seesBoth(null, null)]).verdict).toBe(
    "linearizable",
  );
  expect(checkLinearizability(transactionModel, [setBoth, seesBoth(1, null)]).verdict).toBe(
    "violated",
  );
});

test("deletes and appends answer what was there", () => {
  const put = {
    client: 1,
    input: { type: "put", key: "k", value: "v" } as const,
    output: { type: "done", existed: false } as const,
    calledAt: 1,
    returnedAt: 2,
  };
  const remove = (existed: boolean) => ({
    client: 1,
    input: { type: "delete", key: "k" } as const,
    output: { type: "done", existed } as const,
    calledAt: 3,
    returnedAt: 4,
  });
  expect(checkLinearizability(keyValueModel, [put, remove(true)]).verdict).toBe("linearizable");
  expect(checkLinearizability(keyValueModel, [put, remove(false)]).verdict).toBe("violated");
});

test("says undecided within its bound instead of searching for ever", () => {
  // Thirty writes at once and a value nobody wrote at the end: every order must be tried.
  const history: RegisterOperation[] = [];
  for (let at = 0; at < 30; at += 1) history.push(write(at, `v${at}`, at, 1_000 + at));
  history.push(read(99, "v1", 2_000, 2_001), read(99, "v2", 2_002, 2_003));
  const checked = checkLinearizability(registerModel, history, { stepsMax: 20_000 });
  expect(checked.verdict).toBe("undecided");
  if (checked.verdict === "undecided") expect(checked.undecidedKeys).toEqual(["x"]);
  expect(checked.steps).toBeLessThanOrEqual(20_000);
});

/** Runs clients against a real register; the history is linearizable by construction. */
function recordedHistory(
  random: Random,
  operations: number,
  clients: number,
  keys: number,
): RegisterOperation[] {
  const values = new Map<string, RegisterValue>();
  const history: RegisterOperation[] = [];
  const freeAt = new Array<number>(clients).fill(0);
  let time = 0;
  for (let at = 0; at < operations; at += 1) {
    const client = at % clients;
    const key = `k${random.integer(keys)}`;
    time += 1;
    const calledAt = Math.max(time, (freeAt[client] as number) + 0.1);
    const effectAt = calledAt + random.next() * clients;
    const returnedAt = effectAt + random.next() * clients;
    freeAt[client] = returnedAt;
    const input: RegisterInput = random.chance(0.5)
      ? { type: "read", key }
      : { type: "write", key, value: at };
    history.push({
      client,
      input,
      output: undefined,
      calledAt,
      returnedAt,
      effectAt,
    } as RegisterOperation);
  }
  const inOrder = history.slice() as (RegisterOperation & { effectAt: number; output: unknown })[];
  inOrder.sort((a, b) => a.effectAt - b.effectAt);
  for (const operation of inOrder) {
    const { input } = operation;
    const isLost = random.chance(0.005);
    if (input.type === "write") values.set(input.key, input.value);
    const answer: RegisterOutput =
      input.type === "read"
        ? { type: "value", value: values.get(input.key) ?? null }
        : { type: "written" };
    Object.assign(operation, isLost ? { returnedAt: UNKNOWN } : { output: answer });
  }
  return history;
}

test("accepts what a real register did under concurrency and lost answers, and no read from the past", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = Random.fromSeed(seed);
    const history = recordedHistory(random, 400, 8, 5);
    expect(checkLinearizability(registerModel, history).verdict, `seed ${seed}`).toBe(
      "linearizable",
    );
    const at = history.findLastIndex((operation) => operation.output?.type === "value");
    const changed = history.slice();
    changed[at] = { ...(history[at] as RegisterOperation), output: { type: "value", value: -1 } };
    expect(checkLinearizability(registerModel, changed).verdict, `seed ${seed}`).toBe("violated");
  }
});

test("checks half a million easy operations in the budget of its first slices", () => {
  const history = recordedHistory(Random.fromSeed(7), 500_000, 10, 500);
  const checked = checkLinearizability(registerModel, history);
  expect(checked.verdict).toBe("linearizable");
  // Work per operation, not time: about one step each when nothing has to be undone.
  expect(checked.steps).toBeLessThan(2_000_000);
});
