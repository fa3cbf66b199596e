import type { Socket } from "node:net";
import {
  type Connection,
  type ConnectionHandlers,
  NetworkError,
  type NetworkErrorCode,
} from "@quorate/host";
import { certificateNames } from "../tls/certificate-names.ts";

const CODES: Readonly<Record<string, NetworkErrorCode>> = {
  ENOTFOUND: "addressUnavailable",
  EAI_AGAIN: "addressUnavailable",
  EHOSTUNREACH: "addressUnavailable",
  ENETUNREACH: "addressUnavailable",
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ETIMEDOUT: "timedOut",
};

/** A stream between two members, on top of a socket. */
export class PeerConnection implements Connection {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #readyEvent: "connect" | "secureConnect" | undefined;
  #error: NetworkError | undefined;

  /** `readyEvent` is what says that bytes can be written; undefined when they can already. */
  constructor(
    socket: Socket,
    remoteAddress: string,
    readyEvent: "connect" | "secureConnect" | undefined,
  ) {
    this.#socket = socket;
    this.#readyEvent = readyEvent;
    this.remoteAddress = remoteAddress;
    socket.on("error", (error) => this.#remember(error));
  }

  get remoteNames(): readonly string[] {
    return certificateNames(this.#socket);
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  handle(handlers: ConnectionHandlers): void {
    const socket = this.#socket;
    const connected = (): void => handlers.onConnect?.();
    if (this.#readyEvent !== undefined) socket.once(this.#readyEvent, connected);
    else setImmediate(() => socket.destroyed || connected());
    socket.on("drain", () => handlers.onDrain?.());
    const closed = (): void => handlers.onClose(this.#error);
    if (socket.closed) setImmediate(closed);
    else socket.once("close", closed);
    socket.on("data", (bytes) => handlers.onData(bytes));
    socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return false;
    return this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Ends the stream for this reason. */
  fail(reason: string, code: NetworkErrorCode): void {
    this.#error ??= new NetworkError(code, this.remoteAddress, `${this.remoteAddress}: ${reason}`);
    this.#socket.destroy();
  }

  #remember(error: NodeJS.ErrnoException): void {
    const code = CODES[error.code ?? ""] ?? (isTlsCode(error.code ?? "") ? "tls" : "failed");
    this.#error ??= new NetworkError(
      code,
      this.remoteAddress,
      `${this.remoteAddress}: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

function isTlsCode(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|EPROTO)|_CERT/.test(code);
}
