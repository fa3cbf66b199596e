import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Http2Connection } from "../http2/connection.ts";
import type { Http2Environment } from "../http2/environment.ts";
import { ProtocolSniffer } from "./protocol-sniffer.ts";

/** Takes a socket whose first bytes are not HTTP/2's. Nobody else reads from it, and it is paused. */
export type Http1Handler = (socket: Duplex, firstBytes: Buffer) => void;

/**
 * One accepted socket: decides by its first bytes what is spoken on it, and connects it to an HTTP/2
 * connection or lets go of it.
 */
export class Session {
  readonly #socket: Duplex;
  readonly #environment: Http2Environment;
  readonly #onHttp1: Http1Handler | undefined;
  readonly #onGone: (session: Session) => void;
  readonly #decideByMs: number;
  readonly #sniffer: ProtocolSniffer = new ProtocolSniffer();
  #connection: Http2Connection | undefined;

  constructor(
    socket: Duplex,
    environment: Http2Environment,
    onHttp1: Http1Handler | undefined,
    onGone: (session: Session) => void,
  ) {
    this.#socket = socket;
    this.#environment = environment;
    this.#onHttp1 = onHttp1;
    this.#onGone = onGone;
    this.#decideByMs = environment.nowMs() + environment.timeouts.prefaceMs;
    if (socket instanceof Socket) socket.setNoDelay(true);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
    socket.on("end", this.#onEnd);
    socket.on("data", this.#onFirstData);
    // Whoever looked at its first bytes may have paused it.
    socket.resume();
  }

  /** Undefined until the client's preface has come. */
  get connection(): Http2Connection | undefined {
    return this.#connection;
  }

  tick(nowMs: number): void {
    if (this.#connection !== undefined) this.#connection.tick(nowMs);
    else if (nowMs >= this.#decideByMs) this.#socket.destroy();
  }

  /** Begins an orderly end; a client that has said nothing yet has nothing to lose. */
  drain(): void {
    if (this.#connection === undefined) this.#socket.destroy();
    else this.#connection.drain();
  }

  shutDown(): void {
    if (this.#connection === undefined) this.#socket.destroy();
    else this.#connection.shutDown();
  }

  readonly #onFirstData = (chunk: Buffer): void => {
    const protocol = this.#sniffer.push(chunk);
    if (protocol === "undecided") return;
    this.#socket.removeListener("data", this.#onFirstData);
    if (protocol === "http1") {
      this.#handOver();
      return;
    }
    const connection = new Http2Connection(this.#socket, this.#environment);
    this.#connection = connection;
    this.#socket.on("data", (data: Buffer) => connection.receive(data));
    this.#socket.on("drain", () => connection.output.drained());
    const rest = this.#sniffer.afterPreface;
    if (rest.length > 0) connection.receive(rest);
  };

  #handOver(): void {
    const onHttp1 = this.#onHttp1;
    if (onHttp1 === undefined) {
      this.#socket.destroy();
      return;
    }
    this.#socket.pause();
    this.#socket.removeListener("error", this.#onError);
    this.#socket.removeListener("close", this.#onClose);
    this.#socket.removeListener("end", this.#onEnd);
    this.#onGone(this);
    onHttp1(this.#socket, this.#sniffer.seen);
  }

  readonly #onEnd = (): void => {
    if (this.#connection === undefined) this.#socket.destroy();
    else this.#connection.remoteEnded();
  };

  readonly #onClose = (): void => {
    this.#connection?.socketClosed();
    this.#onGone(this);
  };

  /** `close` follows, and is all that matters: there is nobody left to tell. */
  readonly #onError = (): void => {};
}
