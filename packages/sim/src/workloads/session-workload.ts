import type { Session, SessionRequest } from "@quorate/host";
import type { KvCommand } from "@quorate/kv";
import type { CommandOutcome } from "../checkers/exactly-once.ts";
import { bytesOf } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { Door } from "./door.ts";
import type { OpenEntry, OperationLog } from "./operation-log.ts";

export interface SessionWorkloadSettings {
  readonly clients: number;
  readonly patienceMs: number;
  /** Mean time between two commands of a client. */
  readonly everyMs: number;
}

/** Clients with sessions count from here. */
const FIRST_CLIENT = 200;

/** A client gives a command up after so many tries, and its session with it. */
const TRIES_MAX = 30;

/** Keys of sessions begin with this. */
export const SESSION_PREFIX = "s";

interface Command {
  readonly id: string;
  readonly request: SessionRequest;
  readonly command: KvCommand;
  readonly entry: OpenEntry;
  readonly changes: readonly { readonly key: string; readonly value: string }[];
  tries: number;
}

/** Clients that repeat every command, through any node, until it is answered: it must take effect once. */
export class SessionWorkload {
  readonly outcomes: CommandOutcome[] = [];
  readonly #world: NodeWorld;
  readonly #door: Door;
  readonly #log: OperationLog;
  readonly #random: Random;
  readonly #settings: SessionWorkloadSettings;
  #commands = 0;
  #sessions = 0;
  #isOn = false;
  repeated = 0;

  constructor(
    world: NodeWorld,
    door: Door,
    log: OperationLog,
    random: Random,
    settings: SessionWorkloadSettings,
  ) {
    this.#world = world;
    this.#door = door;
    this.#log = log;
    this.#random = random;
    this.#settings = settings;
  }

  start(): void {
    this.#isOn = true;
    for (let client = 1; client <= this.#settings.clients; client += 1) this.#openSoon(client);
  }

  /** Commands that are under way are still repeated. */
  stop(): void {
    this.#isOn = false;
  }

  #after(run: () => void): void {
    const delayMs = this.#random.range(0, 2 * this.#settings.everyMs);
    this.#world.simulation.agenda.after(delayMs, run);
  }

  #openSoon(client: number): void {
    this.#after(() => {
      if (!this.#isOn) return;
      const { patienceMs } = this.#settings;
      this.#door.ask(
        this.#random.pick([...this.#world.nodes.keys()]),
        patienceMs,
        (life) => life.replica.openSession({ timeoutMs: patienceMs }),
        (reply) => {
          this.#sessions += 1;
          if (reply.type === "answer") this.#nextCommand(client, this.#sessions, reply.value);
          else this.#openSoon(client);
        },
      );
    });
  }

  #nextCommand(client: number, number: number, session: Session): void {
    this.#after(() => {
      if (!this.#isOn) return;
      this.#commands += 1;
      const id = `s${client}.${this.#commands}`;
      const key = `${SESSION_PREFIX}${client}`;
      const changes = [{ key, value: id }];
      const command: Command = {
        id,
        request: session.next(),
        command: { type: "put", key: bytesOf(key), value: bytesOf(id) },
        entry: this.#log.call(FIRST_CLIENT + client, id, changes),
        changes,
        tries: 0,
      };
      this.#try(command, (outcome) => {
        const { sequence } = command.request;
        this.outcomes.push({ id, session: number, sequence, outcome });
        if (outcome === "applied") {
          session.acknowledge(sequence);
          this.#nextCommand(client, number, session);
        } else this.#openSoon(client);
      });
    });
  }

  #try(command: Command, done: (outcome: CommandOutcome["outcome"]) => void): void {
    const { patienceMs } = this.#settings;
    command.tries += 1;
    if (command.tries > 1) {
      this.repeated += 1;
      this.#world.counters.count("requestRepeated");
    }
    this.#door.ask(
      this.#random.pick([...this.#world.nodes.keys()]),
      patienceMs,
      (life) =>
        life.replica.propose(command.command, { session: command.request, timeoutMs: patienceMs }),
      (reply) => {
        if (reply.type === "answer") {
          const { result } = reply.value;
          if (result.type !== "put") {
            this.#world.report("answers fit their questions", `a put got ${result.type}`);
            return;
          }
          command.entry.answered({
            revision: result.revision,
            changes: command.changes,
            observed: [],
          });
          done("applied");
          return;
        }
        // An earlier try may have taken effect: only the first can be certain that nothing happened.
        const isGivenUp = command.tries >= TRIES_MAX || reply.why === "SESSION_EXPIRED";
        if (!isGivenUp) this.#after(() => this.#try(command, done));
        else done("unknown");
      },
    );
  }
}
