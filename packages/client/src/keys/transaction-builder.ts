import type {
  DeleteRangeResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  TxnResponse,
} from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import type { CallOptions } from "../requests.ts";
import type { Bytes } from "./bytes.ts";
import type { IntervalOptions } from "./interval.ts";
import type { Condition, Operation, Transaction } from "./transaction.ts";

/** What one operation of a transaction answers. */
export type AnswerTo<Op extends Operation> = Op extends { readonly type: "put" }
  ? PutResponse
  : Op extends { readonly type: "get" }
    ? RangeResponse
    : DeleteRangeResponse;

/** What the operations answer, one by one. */
export type AnswersTo<Ops extends readonly Operation[]> = {
  readonly [Place in keyof Ops]: AnswerTo<Ops[Place]>;
};

/** What a transaction came to: `succeeded` says which branch ran, `answers` are that branch's. */
export type Committed<Do extends readonly Operation[], Else extends readonly Operation[]> =
  | {
      readonly succeeded: true;
      readonly revision: number;
      readonly header: ResponseHeader | undefined;
      readonly answers: AnswersTo<Do>;
    }
  | {
      readonly succeeded: false;
      readonly revision: number;
      readonly header: ResponseHeader | undefined;
      readonly answers: AnswersTo<Else>;
    };

/** The condition that the key does not exist. */
export function isMissing(key: Bytes): Condition {
  return { key, target: "createRevision", is: "=", to: 0 };
}

/** The condition that the key exists. */
export function exists(key: Bytes): Condition {
  return { key, target: "createRevision", is: ">", to: 0 };
}

/** The condition that nobody changed the key since it was seen at this `modRevision`. */
export function isUnchanged(key: Bytes, modRevision: number): Condition {
  return { key, target: "modRevision", is: "=", to: modRevision };
}

/** The condition that the key has this value. */
export function hasValue(key: Bytes, value: Bytes): Condition {
  return { key, target: "value", is: "=", to: value };
}

/** Sets a key, as an operation of a transaction. */
export function putting(
  key: Bytes,
  value: Bytes,
  options: { readonly lease?: bigint | undefined; readonly prevKv?: boolean | undefined } = {},
): Extract<Operation, { readonly type: "put" }> {
  return { type: "put", key, value, ...options };
}

/** Reads a key or many, as an operation of a transaction. */
export function getting(
  key: Bytes,
  options: IntervalOptions & { readonly limit?: number | undefined } = {},
): Extract<Operation, { readonly type: "get" }> {
  return { type: "get", key, ...options };
}

/** Deletes a key or many, as an operation of a transaction. */
export function deleting(
  key: Bytes,
  options: IntervalOptions & { readonly prevKv?: boolean | undefined } = {},
): Extract<Operation, { readonly type: "delete" }> {
  return { type: "delete", key, ...options };
}

/** Whoever carries a transaction out. */
export type Commit = (transaction: Transaction, options: CallOptions) => Promise<TxnResponse>;

/** A transaction in the making; every step gives a new one. The types of the answers follow from the operations. */
export class TransactionBuilder<
  Do extends readonly Operation[] = [],
  Else extends readonly Operation[] = [],
> {
  readonly #commit: Commit;
  readonly #conditions: readonly Condition[];
  readonly #do: Do;
  readonly #else: Else;

  /** @internal */
  constructor(commit: Commit, conditions: readonly Condition[], doThis: Do, otherwise: Else) {
    this.#commit = commit;
    this.#conditions = conditions;
    this.#do = doThis;
    this.#else = otherwise;
  }

  /** More conditions, all of which must hold. */
  when(...conditions: readonly Condition[]): TransactionBuilder<Do, Else> {
    const all = [...this.#conditions, ...conditions];
    return new TransactionBuilder(this.#commit, all, this.#do, this.#else);
  }

  /** What is done when all conditions hold; replaces what was given before. */
  do<const Ops extends readonly Operation[]>(...operations: Ops): TransactionBuilder<Ops, Else> {
    return new TransactionBuilder(this.#commit, this.#conditions, operations, this.#else);
  }

  /** What is done when one does not; replaces what was given before. */
  otherwise<const Ops extends readonly Operation[]>(
    ...operations: Ops
  ): TransactionBuilder<Do, Ops> {
    return new TransactionBuilder(this.#commit, this.#conditions, this.#do, operations);
  }

  /** Carries it out, atomically, at one revision. Rejects with `ClientError`. */
  async commit(options: CallOptions = {}): Promise<Committed<Do, Else>> {
    const response = await this.#commit(
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      { if: this.#conditions, then: this.#do, otherwise: this.#else },
      options,
    );
    const { succeeded, header } = response;
    const operations: readonly Operation[] = succeeded ? this.#do : this.#else;
    const answers = operations.map((operation, place) => answerOf(operation, response, place));
    return { succeeded, header, revision: header?.revision ?? 0, answers } as Committed<Do, Else>;
  }
}

const KINDS = {
  put: "responsePut",
  get: "responseRange",
  delete: "responseDeleteRange",
} as const satisfies Readonly<Record<Operation["type"], string>>;

function answerOf(operation: Operation, { responses }: TxnResponse, place: number): unknown {
  const answer = responses[place]?.response;
  if (answer?.kind === KINDS[operation.type]) return answer.value;
  throw new ClientError("UNDECODABLE", "The member's answers do not fit the transaction.", {
    outcome: "unknown",
  });
}
