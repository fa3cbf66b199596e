import type { KvAnswer, KvResult, ReadRequest, WriteRequest } from "@quorate/kv";
import type { ResponseHeaderInit } from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import { kvFailure } from "./failure.ts";

/** `linearizable` sees everything answered before; `local` whatever this member has applied. */
export type Freshness = "linearizable" | "local";

type Succeeded<Result extends { readonly type: string }> = Exclude<
  Result,
  { readonly type: "error" }
>;
export type ResultType = Succeeded<KvResult>["type"];
export type AnswerType = Succeeded<KvAnswer>["type"];

/** How services reach the replicated store. Everything rejects with `RpcError`. */
export interface StoreAccess {
  /** Puts the request through the log, on behalf of whoever makes the call. */
  propose(request: WriteRequest, call: CallContext): Promise<KvResult>;
  query(request: ReadRequest, freshness: Freshness, call: CallContext): Promise<KvAnswer>;
  /** The store's revision here and now. */
  readonly revision: number;
  /** The header of an answer at `revision`, from this member at its term. */
  header(revision: number): ResponseHeaderInit;
}

/** The result a request of this type has, or the store's refusal as an error. */
export function resultOf<Type extends ResultType>(
  result: KvResult,
  type: Type,
): Extract<KvResult, { readonly type: Type }> {
  if (result.type === "error") throw kvFailure(result.code);
  if (!hasType(result, type)) throw new Error(`the store answered ${result.type}, not ${type}`);
  return result;
}

export function answerOf<Type extends AnswerType>(
  answer: KvAnswer,
  type: Type,
): Extract<KvAnswer, { readonly type: Type }> {
  if (answer.type === "error") throw kvFailure(answer.code);
  if (!hasType(answer, type)) throw new Error(`the store answered ${answer.type}, not ${type}`);
  return answer;
}

function hasType<All extends { readonly type: string }, Type extends All["type"]>(
  value: All,
  type: Type,
): value is Extract<All, { readonly type: Type }> {
  return value.type === type;
}
