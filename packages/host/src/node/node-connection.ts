import type { Socket } from "node:net";
import type { PeerCertificate } from "node:tls";
import type { Connection, ConnectionHandlers, NetworkError } from "../environment/environment.ts";
import { toNetworkError } from "./network-error.ts";

/** A TCP or TLS stream. Nothing is read before `handle` is called. */
export class NodeConnection implements Connection {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #readyEvent: "connect" | "secureConnect" | undefined;
  #names: readonly string[] | undefined;
  #error: NetworkError | undefined;

  /** `readyEvent` is the event after which bytes can be written, undefined when that has happened already. */
  constructor(
    socket: Socket,
    remoteAddress: string,
    readyEvent: "connect" | "secureConnect" | undefined,
  ) {
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.#readyEvent = readyEvent;
    socket.setNoDelay(true);
    socket.on("error", (error) => {
      this.#error ??= toNetworkError(this.remoteAddress, error);
    });
  }

  get remoteNames(): readonly string[] {
    this.#names ??= certificateNames(this.#socket);
    return this.#names;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  handle(handlers: ConnectionHandlers): void {
    const socket = this.#socket;
    if (this.#readyEvent !== undefined) socket.once(this.#readyEvent, () => handlers.onConnect?.());
    else setImmediate(() => socket.destroyed || handlers.onConnect?.());
    socket.on("drain", () => handlers.onDrain?.());
    const closed = (): void => handlers.onClose(this.#error);
    if (socket.closed) setImmediate(closed);
    else socket.once("close", closed);
    socket.on("data", (bytes) => handlers.onData(plain(bytes)));
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

  /** Ends the stream with an error that the handlers hear of. */
  fail(error: NetworkError): void {
    this.#error ??= error;
    this.#socket.destroy();
  }
}

/**
 * The same bytes as what the contract names: a `Buffer` is not quite one, its `slice` does not copy. Whoever keeps a small
 * piece of what came would keep all of it, and two keepers would share bytes that each believes to be its own.
 */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Subject alternative names and common name of the certificate that the other side has proven to own. */
function certificateNames(socket: Socket): readonly string[] {
  if (!("getPeerCertificate" in socket) || !("authorized" in socket)) return [];
  if (socket.authorized !== true || typeof socket.getPeerCertificate !== "function") return [];
  const certificate = socket.getPeerCertificate() as Partial<PeerCertificate>;
  const names = new Set<string>();
  for (const part of (certificate.subjectaltname ?? "").split(", ")) {
    const [kind, name] = part.split(":", 2);
    if ((kind === "DNS" || kind === "URI") && name !== undefined)
      names.add(part.slice(kind.length + 1));
    if (kind === "IP Address") names.add(part.slice(kind.length + 1));
  }
  const common: unknown = certificate.subject?.CN;
  if (typeof common === "string") names.add(common);
  return [...names];
}
