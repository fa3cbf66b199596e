// A child process that answers questions: one message there, one back. Both halves, for drills and benchmarks alike.
import { fork } from "node:child_process";

/** The parent's half. */
export class AskedProcess {
  #child;
  #pending = new Map();
  #nextId = 1;
  /** Resolves with `{ code, signal }` when the process has ended, however it did. */
  ended;

  /** `onNote` hears what the child says unasked; `onLine` each line it prints. */
  constructor(program, { args = [], env = {}, execArgv = [], onNote, onLine } = {}) {
    this.#child = fork(program, args, {
      env: { ...process.env, ...env },
      execArgv,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
    });
    const hear = (chunk) => {
      for (const line of String(chunk).split("\n")) if (line !== "") onLine?.(line);
    };
    this.#child.stdout.on("data", hear);
    this.#child.stderr.on("data", hear);
    this.#child.on("message", (message) => {
      if (message.id === undefined) onNote?.(message.note);
      else this.#answered(message);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        for (const { reject } of this.#pending.values()) {
          reject(Object.assign(new Error("the process has ended"), { code: "PROCESS_ENDED" }));
        }
        this.#pending.clear();
        resolve({ code, signal });
      });
    });
  }

  get pid() {
    return this.#child.pid;
  }

  get isRunning() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Rejects with the child's error (its `code` and `outcome` kept), or with PROCESS_ENDED. */
  ask(type, request = {}) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.isRunning) {
        reject(Object.assign(new Error("the process has ended"), { code: "PROCESS_ENDED" }));
        return;
      }
      this.#pending.set(id, { resolve, reject });
      // An end in between is reported by the process's exit.
      this.#child.send({ id, type, request }, () => undefined);
    });
  }

  #answered({ id, result, error }) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(Object.assign(new Error(error.message), error));
  }

  signal(name) {
    this.#child.kill(name);
  }

  async kill(name = "SIGKILL") {
    this.#child.kill(name);
    return this.ended;
  }
}

/** The child's half: answers each question by the handler of its name. */
export function answerQuestions(handlers) {
  process.on("message", async ({ id, type, request }) => {
    try {
      const handler = handlers[type];
      if (handler === undefined) throw new Error(`no handler for ${type}`);
      process.send({ id, result: await handler(request) });
    } catch (error) {
      process.send({ id, error: plainError(error) });
    }
  });
  // Nobody is left to ask: a drill that was killed leaves no members behind.
  process.on("disconnect", () => process.exit(0));
}

/** An error's fields do not survive the way between processes: they travel as a plain value. */
export function plainError({ code, outcome, retryable, message }) {
  return { code, outcome, retryable, message };
}

/** The child's half: says something unasked. */
export function note(what) {
  process.send?.({ note: what });
}
