import {
  type ClientDuplexStream,
  credentials,
  Client as GrpcClient,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { KEEP_ALIVE, METHODS, PAGES, WATCH } from "./methods.ts";
import { withoutIdentity } from "./normal-form.ts";
import type { Outcome, Step } from "./step.ts";
import { WatchTap } from "./watch-tap.ts";

/** A call that takes longer than this counts as not answered. */
const CALL_TIMEOUT_MS = 20_000;

/** A server being compared: one or more endpoints of it, any of which answers for all. */
export class Subject {
  readonly name: string;
  readonly #endpoints: readonly { readonly address: string; readonly grpc: GrpcClient }[];
  /** The newest token of each user: it may have become invalid, which is part of the comparison. */
  readonly #tokens = new Map<string, string>();
  readonly #tap: WatchTap;

  constructor(name: string, endpoints: readonly string[]) {
    this.name = name;
    this.#endpoints = endpoints.map((address) => ({
      address,
      grpc: new GrpcClient(address, credentials.createInsecure(), {
        "grpc.use_local_subchannel_pool": 1,
        "grpc.max_receive_message_length": -1,
        "grpc.max_send_message_length": -1,
      }),
    }));
    this.#tap = new WatchTap(this.#openWatch(0, new Metadata()));
  }

  get watch(): WatchTap {
    return this.#tap;
  }

  /** `place` chooses the member that is asked. */
  async carryOut(
    step: Exclude<Step, { readonly type: "settle" }>,
    place: number,
  ): Promise<Outcome> {
    switch (step.type) {
      case "call":
        return step.via === "grpc" ? this.#callGrpc(step, place) : this.#callJson(step, place);
      case "keepAlive":
        return this.#keepAlive(step.id, this.#metadata(step.user), place);
      case "watch":
        return this.#tap.create(step.request);
      case "cancelWatch":
        return this.#tap.cancel(step.watchId);
      case "tryWatch": {
        const tap = new WatchTap(this.#openWatch(this.#placeOf(place), this.#metadata(step.user)));
        const outcome = await tap.create(step.request);
        tap.close();
        return outcome;
      }
    }
  }

  /** Waits until the member at `place` has applied all that was acknowledged anywhere. */
  async catchUp(place: number): Promise<void> {
    await this.#unary("range", { key: "fg==", limit: "1" }, this.#metadata("root"), place).catch(
      // Whether the caller may read is no matter: it was decided after catching up.
      () => undefined,
    );
  }

  close(): void {
    this.#tap.close();
    for (const { grpc } of this.#endpoints) grpc.close();
  }

  async #callGrpc(step: Extract<Step, { readonly type: "call" }>, place: number): Promise<Outcome> {
    try {
      const body = await this.#unary(step.method, step.request, this.#metadata(step.user), place);
      const { token } = body as { readonly token?: string };
      if (step.method === "authenticate" && token !== undefined) {
        this.#tokens.set(String(step.request["name"]), token);
      }
      return { code: 0, message: "", body: withoutIdentity(body) };
    } catch (error) {
      return outcomeOf(error as ServiceError);
    }
  }

  async #callJson(step: Extract<Step, { readonly type: "call" }>, place: number): Promise<Outcome> {
    const { address } = this.#at(place);
    const token = this.#token(step.user);
    const answer = await fetch(`http://${address}${PAGES[step.method]}`, {
      method: "POST",
      body: JSON.stringify(step.request),
      headers: token === undefined ? {} : { Authorization: token },
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const text = await answer.text();
    const body: unknown = JSON.parse(text);
    if (answer.ok) {
      return { code: 0, message: "", body: withoutIdentity(body), httpStatus: answer.status };
    }
    const { code, message } = body as { readonly code: number; readonly message: string };
    return { code, message, httpStatus: answer.status };
  }

  #unary(
    method: keyof typeof METHODS,
    request: Extract<Step, { readonly type: "call" }>["request"],
    metadata: Metadata,
    place: number,
  ): Promise<unknown> {
    const { path, encode, decode } = METHODS[method];
    return new Promise((resolve, reject) => {
      this.#at(place).grpc.makeUnaryRequest(
        path,
        encode,
        decode,
        request,
        metadata,
        { deadline: Date.now() + CALL_TIMEOUT_MS },
        (error, response) => (error === null ? resolve(response) : reject(error)),
      );
    });
  }

  #keepAlive(id: string, metadata: Metadata, place: number): Promise<Outcome> {
    const { path, encode, decode } = KEEP_ALIVE;
    const call = this.#at(place).grpc.makeBidiStreamRequest(path, encode, decode, metadata, {
      deadline: Date.now() + CALL_TIMEOUT_MS,
    });
    return new Promise((resolve) => {
      call.on("data", (body: unknown) => {
        resolve({ code: 0, message: "", body: withoutIdentity(body) });
        call.end();
      });
      call.on("error", (error: ServiceError) => resolve(outcomeOf(error)));
      call.write({ ID: id });
    });
  }

  #openWatch(place: number, metadata: Metadata): ClientDuplexStream<unknown, unknown> {
    const { path, encode, decode } = WATCH;
    return this.#at(place).grpc.makeBidiStreamRequest(
      path,
      encode as (request: unknown) => Buffer,
      decode as (response: Buffer) => unknown,
      metadata,
    );
  }

  #placeOf(place: number): number {
    return place % this.#endpoints.length;
  }

  #at(place: number): { readonly address: string; readonly grpc: GrpcClient } {
    const found = this.#endpoints[this.#placeOf(place)];
    if (found === undefined) throw new Error("a subject needs an endpoint");
    return found;
  }

  #token(user: string | undefined): string | undefined {
    if (user === undefined) return undefined;
    return this.#tokens.get(user) ?? (user === "nobody" ? "made-up.1" : undefined);
  }

  #metadata(user: string | undefined): Metadata {
    const metadata = new Metadata();
    const token = this.#token(user);
    if (token !== undefined) metadata.set("token", token);
    return metadata;
  }
}

function outcomeOf({ code, details }: ServiceError): Outcome {
  return { code, message: details };
}
