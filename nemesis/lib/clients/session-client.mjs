// A client that writes in sessions: each write is repeated until its fate is known, and must take effect once.
import { HistoryLog } from "./history.mjs";

/** Long enough for most faults to pass: the session goes on trying. */
const WRITE_TIMEOUT_MS = 6_000;
const TTL_SECONDS = 20;

export class SessionClient {
  #client;
  #log;
  #number;
  #isOn = false;
  #writes = 0;
  /** As the exactly-once checker takes them. */
  outcomes = [];

  /** `sessions` numbers the sessions of all clients. */
  constructor({ client, log, number, sessions }) {
    this.#client = client;
    this.#log = log;
    this.#number = number;
    this.sessions = sessions;
    this.key = `s/${number}`;
  }

  stop() {
    this.#isOn = false;
  }

  async run(meanPauseMs, pause) {
    this.#isOn = true;
    while (this.#isOn) {
      const session = await this.#client
        .openSession({ ttlSeconds: TTL_SECONDS })
        .catch(() => undefined);
      if (session !== undefined) await this.#use(session, meanPauseMs, pause);
      await pause(meanPauseMs());
    }
  }

  /** Until the session is lost or a write's fate is not to be known. */
  async #use(session, meanPauseMs, pause) {
    this.sessions.count += 1;
    const number = this.sessions.count;
    while (this.#isOn && !session.lost.aborted) {
      this.#writes += 1;
      const id = `s${this.#number}.${this.#writes}`;
      const changes = [{ key: this.key, value: id }];
      const open = this.#log.call({ client: this.#number, id, kind: "session write", changes });
      let outcome = "applied";
      try {
        const { revision } = await session.put(this.key, id, { timeoutMs: WRITE_TIMEOUT_MS });
        open.answered({ revision, changes, observed: [] });
      } catch (error) {
        HistoryLog.close(open, error);
        outcome = error.outcome;
      }
      this.outcomes.push({ id, session: number, sequence: this.#writes, outcome });
      if (outcome === "unknown") break;
      await pause(meanPauseMs());
    }
    session.close({ timeoutMs: 1_000 }).catch(() => undefined);
  }
}
