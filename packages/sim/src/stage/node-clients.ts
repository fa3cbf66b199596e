import type { MemberId } from "@quorate/core";
import type { Session, SessionRequest } from "@quorate/host";
import type { KvAnswer, KvCommand, KvResult } from "@quorate/kv";
import {
  type ClientOperation,
  type ClientRecord,
  describeOperation,
} from "../cluster/client-desk.ts";
import type { RegisterOperation } from "../cluster/command.ts";
import type { ClusterEventBody } from "../cluster/events.ts";
import { History, type OpenOperation } from "../history/operation.ts";
import type { RegisterInput, RegisterOutput } from "../linearizability/models/register.ts";
import { bytesOf, textOf } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";
import type { Door, Reply } from "../workloads/door.ts";
import type { NodeWorld } from "../world/node-world.ts";

/** A member that has not answered after this time is given up, and another one is asked. */
const PATIENCE_MS = 700;
/** Between a refusal and the next try. */
const RETRY_MS = 60;
/** A client that has no answer after so many tries gives up. */
const TRIES_MAX = 5;

interface Asking {
  readonly record: ClientRecord;
  readonly open: OpenOperation<RegisterInput, RegisterOutput>;
  readonly repeats: boolean;
  /** Numbers the command, so that repeating it is safe; undefined until the session is open, and for reads. */
  request: SessionRequest | undefined;
  /** Some try has no certain end. */
  mayHaveHappened: boolean;
}

/** Clients of whole nodes: they get, put and transact through any node, and repeat within a session what had no answer. */
export class NodeClients {
  readonly history: History<RegisterInput, RegisterOutput> = new History();
  readonly records: ClientRecord[] = [];
  readonly #world: NodeWorld;
  readonly #door: Door;
  readonly #random: Random;
  readonly #emit: (event: ClusterEventBody) => void;
  readonly #sessions: Map<number, Session> = new Map();
  readonly #busy: Set<number> = new Set();

  constructor(
    world: NodeWorld,
    door: Door,
    random: Random,
    emit: (event: ClusterEventBody) => void,
  ) {
    this.#world = world;
    this.#door = door;
    this.#random = random;
    this.#emit = emit;
  }

  /** False while the client waits for its last answer. */
  ask(
    client: number,
    operation: ClientOperation,
    at: MemberId | undefined,
    repeats: boolean,
  ): boolean {
    if (this.#busy.has(client)) return false;
    this.#busy.add(client);
    const record: ClientRecord = {
      client,
      operation,
      sequence: 0,
      belief: "waiting",
      attempts: 0,
      answer: undefined,
    };
    this.records.push(record);
    const open = this.history.call(client, operation as RegisterInput);
    const asking = { record, open, repeats, request: undefined, mayHaveHappened: false };
    this.#try(asking, at ?? this.#anyone());
    return true;
  }

  #anyone(): MemberId {
    return this.#random.pick([...this.#world.nodes.keys()]);
  }

  #try(asking: Asking, node: MemberId): void {
    const { record, repeats } = asking;
    record.attempts += 1;
    this.#say(asking, record.attempts === 1 ? "asks" : "repeats", node);
    const { operation } = record;
    if (operation.type === "read") this.#read(asking, node, operation.key);
    else if (repeats && asking.request === undefined) this.#openSession(asking, node, operation);
    else this.#write(asking, node, operation);
  }

  #openSession(asking: Asking, node: MemberId, operation: RegisterOperation): void {
    const { client } = asking.record;
    const session = this.#sessions.get(client);
    if (session !== undefined) {
      asking.request = session.next();
      this.#write(asking, node, operation);
      return;
    }
    this.#door.ask(
      node,
      PATIENCE_MS,
      ({ replica }) => replica.openSession({ timeoutMs: PATIENCE_MS }),
      (reply) => {
        if (reply.type !== "answer") {
          this.#tryAgain(asking, node, true);
          return;
        }
        this.#sessions.set(client, reply.value);
        asking.request = reply.value.next();
        this.#write(asking, node, operation);
      },
    );
  }

  #write(asking: Asking, node: MemberId, operation: RegisterOperation): void {
    const command = commandOf(operation);
    const session = asking.request;
    this.#door.ask(
      node,
      PATIENCE_MS,
      ({ replica }) => replica.propose(command, { session, timeoutMs: PATIENCE_MS }),
      (reply) => {
        if (reply.type !== "answer") {
          this.#tryAgain(asking, node, reply.type === "refused");
          return;
        }
        if (session !== undefined) {
          this.#sessions.get(asking.record.client)?.acknowledge(session.sequence);
        }
        this.#written(asking, node, reply.value.result);
      },
    );
  }

  #written(asking: Asking, node: MemberId, result: KvResult): void {
    if (result.type === "put") this.#answered(asking, node, { type: "written" }, "done");
    else if (result.type === "txn") {
      const done = result.succeeded;
      this.#answered(asking, node, { type: "swapped", done }, done ? "done" : "not done");
    } else this.#tryAgain(asking, node, result.type === "error");
  }

  #read(asking: Asking, node: MemberId, key: string): void {
    this.#door.ask(
      node,
      PATIENCE_MS,
      ({ replica }) =>
        replica.query({ type: "range", key: bytesOf(key) }, { timeoutMs: PATIENCE_MS }),
      (reply: Reply<KvAnswer>) => {
        if (reply.type !== "answer" || reply.value.type !== "range") {
          this.#tryAgain(asking, node, true);
          return;
        }
        const [found] = reply.value.kvs;
        const value = found === undefined ? null : textOf(found.value);
        this.#answered(asking, node, { type: "value", value }, value);
      },
    );
  }

  #answered(asking: Asking, node: MemberId, output: RegisterOutput, text: string | null): void {
    asking.record.belief = "answered";
    asking.record.answer = text;
    asking.open.returns(output);
    this.#over(asking, "answered", node);
  }

  /** @param isCertain - This try has done nothing and never will. */
  #tryAgain(asking: Asking, node: MemberId, isCertain: boolean): void {
    const { record, repeats } = asking;
    if (!isCertain) asking.mayHaveHappened = true;
    if (repeats && record.attempts < TRIES_MAX) {
      const others = [...this.#world.nodes.keys()].filter((id) => id !== node);
      const next = others.length === 0 ? node : this.#random.pick(others);
      this.#world.simulation.agenda.after(RETRY_MS, () => this.#try(asking, next));
      return;
    }
    const isRead = record.operation.type === "read";
    record.belief = asking.mayHaveHappened ? "unknown" : "notApplied";
    if (isRead || !asking.mayHaveHappened) asking.open.didNothing();
    this.#over(asking, asking.mayHaveHappened ? "gaveUp" : "refused", node);
  }

  #over(asking: Asking, phase: "answered" | "refused" | "gaveUp", node: MemberId): void {
    this.#busy.delete(asking.record.client);
    this.#say(asking, phase, phase === "gaveUp" ? 0 : node);
  }

  #say(
    { record }: Asking,
    phase: "asks" | "repeats" | "answered" | "refused" | "gaveUp",
    member: MemberId,
  ): void {
    const { client, operation, answer } = record;
    const what = describeOperation(operation);
    const text = phase === "answered" ? `${what} → ${answer ?? "∅"}` : what;
    this.#emit({ type: "client", client, phase, member, text });
  }
}

function commandOf(operation: RegisterOperation): KvCommand {
  const { key, value } = operation;
  const put = { type: "put", key: bytesOf(key), value: bytesOf(value) } as const;
  if (operation.type === "write") return put;
  const { expected } = operation;
  return {
    type: "txn",
    compare: [
      expected === null
        ? { key: put.key, target: "version", result: "equal", operand: 0 }
        : { key: put.key, target: "value", result: "equal", operand: bytesOf(expected) },
    ],
    success: [put],
    failure: [],
  };
}
