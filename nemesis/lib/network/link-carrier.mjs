// One connection from one member to another, carried frame by frame through the weather between them.
import { FrameCutter } from "./frame-cutter.mjs";
import { pass } from "./weather.mjs";

/** Unsent bytes towards a member beyond which the sender is not read any more, as a full pipe would do. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

/** One direction: what is read from `from` arrives at `to`, later, twice, or not at all. */
class Direction {
  #from;
  #to;
  #weather;
  #random;
  #count;
  #cutter = new FrameCutter();
  /** Nothing that keeps its place is delivered before this. */
  #dueMs = 0;
  #waitingBytes = 0;
  #timers = new Set();

  constructor(from, to, { weather, random, count, onHello }) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    this.#random = random;
    this.#count = count;
    from.on("data", (chunk) => this.#take(chunk, onHello));
    from.on("end", () => this.#later(Math.max(0, this.#dueMs - performance.now()), () => to.end()));
    to.on("drain", () => this.#resume());
  }

  #take(chunk, onHello) {
    const knewHello = this.#cutter.hello !== undefined;
    const units = this.#cutter.push(chunk);
    if (!knewHello && this.#cutter.hello !== undefined) onHello?.(this.#cutter.hello);
    const weather = this.#weather();
    if (weather.silent) {
      this.#count("bytesSwallowed", chunk.length);
      return;
    }
    for (const unit of units) {
      for (const copy of pass(unit, weather, this.#random, this.#count)) this.#deliver(copy);
    }
    if (this.#waitingBytes + this.#to.writableLength > WAITING_BYTES_MAX) this.#from.pause();
  }

  #deliver({ bytes, delayMs, inOrder }) {
    const nowMs = performance.now();
    const dueMs = inOrder ? Math.max(this.#dueMs, nowMs + delayMs) : nowMs + delayMs;
    if (inOrder) this.#dueMs = dueMs;
    if (dueMs <= nowMs && this.#waitingBytes === 0) {
      this.#to.write(bytes);
      return;
    }
    this.#waitingBytes += bytes.length;
    this.#later(dueMs - nowMs, () => {
      this.#waitingBytes -= bytes.length;
      if (!this.#to.destroyed) this.#to.write(bytes);
      this.#resume();
    });
  }

  #resume() {
    if (this.#waitingBytes + this.#to.writableLength < WAITING_BYTES_MAX) this.#from.resume();
  }

  #later(ms, run) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, Math.ceil(ms));
    this.#timers.add(timer);
  }

  stop() {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/**
 * Carries between two sockets. `forth` and `back` give the weather of the moment in each direction. A swallowed byte leaves a
 * hole, so a connection that lost some is ended once the way is open again, as TCP's own patience would.
 */
export function carry(inbound, outbound, { forth, back, random, count, onHello }) {
  const directions = [
    new Direction(inbound, outbound, { weather: forth, random, count, onHello }),
    new Direction(outbound, inbound, { weather: back, random, count }),
  ];
  const end = () => {
    for (const direction of directions) direction.stop();
    inbound.destroy();
    outbound.destroy();
  };
  for (const socket of [inbound, outbound]) {
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", end);
  }
  return { end };
}
