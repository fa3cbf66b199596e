import {
  type CompareInit,
  CompareResult,
  CompareTarget,
  type RequestOpInit,
  type TxnRequestInit,
  type TxnResponse,
  utf8,
} from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import { toText } from "../keys/bytes.ts";
import type { Keyspace } from "../keys/keyspace.ts";
import type { CallOptions } from "../requests.ts";

/** What a write through a slot came to. */
export interface SlotAnswer {
  readonly revision: number;
  readonly succeeded: boolean;
  readonly response: TxnResponse | undefined;
}

/** What the slot's key says about the write that changed it last. */
const MARKS = { done: "done", otherwise: "otherwise" } as const;

/**
 * One key of a session, and the revision at which this side last knew it to change. One write at a time goes through it.
 *
 * The key is made with the first write and lives as long as the session's lease. `0` as the known revision stands for "not
 * made yet": whoever repeats the first write finds the key there, with the mark.
 */
export class SessionSlot {
  readonly #keys: Keyspace;
  readonly #key: Uint8Array;
  readonly #lease: bigint;
  #revision = 0;

  constructor(keys: Keyspace, prefix: Uint8Array, number: number, lease: bigint) {
    const own = utf8(`${number}`);
    this.#key = new Uint8Array(prefix.length + own.length);
    this.#key.set(prefix);
    this.#key.set(own, prefix.length);
    this.#keys = keys;
    this.#lease = lease;
  }

  async write(request: TxnRequestInit, options: CallOptions): Promise<SlotAnswer> {
    const answer = await this.#keys.rawTransaction(this.#marked(request), "identified", options);
    if (answer.succeeded) {
      const response = innerAnswer(answer);
      this.#revision = answer.header?.revision ?? 0;
      return { revision: this.#revision, succeeded: response.succeeded, response };
    }
    const found = answer.responses[0]?.response;
    const kv = found?.kind === "responseRange" ? found.value.kvs[0] : undefined;
    if (kv === undefined) {
      throw new ClientError("LEASE_LOST", "The cluster no longer has the session.", {
        outcome: "unknown",
      });
    }
    this.#revision = kv.modRevision;
    const succeeded = toText(kv.value) === MARKS.done;
    return { revision: kv.modRevision, succeeded, response: undefined };
  }

  /** The write and its mark if the key is as we know it, otherwise the key. */
  #marked(request: TxnRequestInit): TxnRequestInit {
    const inner: TxnRequestInit = {
      compare: request.compare,
      success: [...(request.success ?? []), this.#mark(MARKS.done)],
      failure: [...(request.failure ?? []), this.#mark(MARKS.otherwise)],
    };
    return {
      compare: [this.#asKnown()],
      success: [{ request: { kind: "requestTxn", value: inner } }],
      failure: [{ request: { kind: "requestRange", value: { key: this.#key } } }],
    };
  }

  #asKnown(): CompareInit {
    return {
      key: this.#key,
      target: CompareTarget.MOD,
      result: CompareResult.EQUAL,
      targetUnion: { kind: "modRevision", value: this.#revision },
    };
  }

  #mark(text: string): RequestOpInit {
    const value = { key: this.#key, value: utf8(text), lease: this.#lease };
    return { request: { kind: "requestPut", value } };
  }
}

/** The answer of the write itself, without that of its mark. */
function innerAnswer(answer: TxnResponse): TxnResponse {
  const inner = answer.responses[0]?.response;
  if (inner?.kind !== "responseTxn") {
    throw new ClientError("UNDECODABLE", "The member's answer does not fit the write.", {
      outcome: "unknown",
    });
  }
  return { ...inner.value, header: answer.header, responses: inner.value.responses.slice(0, -1) };
}
