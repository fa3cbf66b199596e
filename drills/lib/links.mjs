// The network between members as a set of one-way links, each of which can be held or cut. A host dials every peer it
// sends to, so the connections from one member to another carry what the one sends and, in return, only signs of life.
import { connect, createServer } from "node:net";

/** Bytes on their way, in order, each chunk for as long as its link takes at the moment. */
class Delay {
  #waiting = [];
  #timer;
  #deliver;

  /** `deliver` takes each chunk when it arrives, and `undefined` for the end. */
  constructor(deliver) {
    this.#deliver = deliver;
  }

  carry(chunk, delayMs) {
    if (delayMs === 0 && this.#waiting.length === 0) {
      this.#deliver(chunk);
      return;
    }
    this.#waiting.push({ chunk, dueMs: performance.now() + delayMs });
    this.#arm();
  }

  #arm() {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    const restMs = this.#waiting[0].dueMs - performance.now();
    this.#timer = setTimeout(() => this.#arrive(), Math.max(0, restMs));
  }

  #arrive() {
    this.#timer = undefined;
    while (this.#waiting.length > 0 && this.#waiting[0].dueMs <= performance.now()) {
      this.#deliver(this.#waiting.shift().chunk);
    }
    this.#arm();
  }

  drop() {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }
}

/** `open`: bytes pass. `held`: they wait. `cut`: connections end, what waits is lost, and nobody gets through. */
class Link {
  #mode = "open";
  /** One way; the signs of life that come back take as long. */
  delayMs = 0;
  #server;
  #connections = new Set();

  constructor(port, targetPort) {
    this.port = port;
    this.#server = createServer({ pauseOnConnect: true }, (inbound) => {
      if (this.#mode === "cut") {
        inbound.destroy();
        return;
      }
      this.#carry(inbound, connect({ port: targetPort, host: "127.0.0.1", noDelay: true }));
    });
  }

  listen() {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port: this.port, host: "127.0.0.1" }, resolve);
    });
  }

  #carry(inbound, outbound) {
    inbound.setNoDelay(true);
    const connection = { inbound, outbound };
    this.#connections.add(connection);
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ]) {
      const delay = new Delay((bytes) => {
        if (bytes === undefined) to.end();
        else if (!to.destroyed && !to.write(bytes)) from.pause();
      });
      from.on("data", (bytes) => delay.carry(bytes, this.delayMs));
      to.on("drain", () => {
        if (this.#mode === "open") from.resume();
      });
      from.on("end", () => delay.carry(undefined, this.delayMs));
      from.on("error", () => undefined);
      from.on("close", () => {
        delay.drop();
        to.destroy();
        this.#connections.delete(connection);
      });
    }
    if (this.#mode === "held") outbound.pause();
    else inbound.resume();
  }

  set(mode) {
    this.#mode = mode;
    for (const { inbound, outbound } of this.#connections) {
      if (mode === "cut") {
        inbound.destroy();
        outbound.destroy();
      } else {
        const change = mode === "held" ? "pause" : "resume";
        inbound[change]();
        outbound[change]();
      }
    }
  }

  close() {
    this.set("cut");
    this.#server.close();
  }
}

/** All links between members with the numbers 1 to `count`, whose own ports are `memberPort(id)`. */
export class Links {
  #links = new Map();
  #firstPort;
  #count;

  constructor({ firstPort, count, memberPort }) {
    this.#firstPort = firstPort;
    this.#count = count;
    for (const [from, to] of this.#pairs()) {
      this.#links.set(`${from}>${to}`, new Link(this.port(from, to), memberPort(to)));
    }
  }

  *#pairs() {
    for (let from = 1; from <= this.#count; from += 1) {
      for (let to = 1; to <= this.#count; to += 1) if (from !== to) yield [from, to];
    }
  }

  /** Where `from` finds `to`. */
  port(from, to) {
    return this.#firstPort + (from - 1) * this.#count + (to - 1);
  }

  async listen() {
    await Promise.all([...this.#links.values()].map((link) => link.listen()));
  }

  /** Changes what passes from each of `from` to each of `to`. */
  set(mode, from, to) {
    for (const sender of [from].flat()) {
      for (const receiver of [to].flat()) {
        if (sender !== receiver) this.#links.get(`${sender}>${receiver}`).set(mode);
      }
    }
  }

  /** Both ways at once. */
  setBetween(mode, some, others) {
    this.set(mode, some, others);
    this.set(mode, others, some);
  }

  /** Makes every byte from `from` to `to` and back take so much longer, each way. */
  slow(delayMs, from, to) {
    for (const [sender, receiver] of [
      [from, to],
      [to, from],
    ]) {
      this.#links.get(`${sender}>${receiver}`).delayMs = delayMs;
    }
  }

  openAll() {
    for (const link of this.#links.values()) {
      link.delayMs = 0;
      link.set("open");
    }
  }

  close() {
    for (const link of this.#links.values()) link.close();
  }
}
