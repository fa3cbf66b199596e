import { TLSSocket } from "node:tls";
import type { ConnectionSocket } from "../http2/connection-socket.ts";

/** Who is at the other end of a connection, found out when somebody asks. */
export class PeerIdentity {
  readonly #socket: ConnectionSocket;
  #address: string | undefined;
  #certificate:
    | { readonly name: string | undefined; readonly altNames: readonly string[] }
    | undefined;

  constructor(socket: ConnectionSocket) {
    this.#socket = socket;
  }

  /** `host:port`, with brackets around an IPv6 address; empty when the socket does not know. */
  get address(): string {
    this.#address ??= describeAddress(this.#socket);
    return this.#address;
  }

  /** The common name of the client's certificate, if it sent one that our authorities vouch for. */
  get certificateName(): string | undefined {
    return this.#verified().name;
  }

  get certificateAltNames(): readonly string[] {
    return this.#verified().altNames;
  }

  #verified(): { readonly name: string | undefined; readonly altNames: readonly string[] } {
    this.#certificate ??= readCertificate(this.#socket);
    return this.#certificate;
  }
}

/** The peers of a server's connections, for as long as the sockets live. */
export class PeerDirectory {
  readonly #peers: WeakMap<ConnectionSocket, PeerIdentity> = new WeakMap();

  of(socket: ConnectionSocket): PeerIdentity {
    let peer = this.#peers.get(socket);
    if (peer === undefined) {
      peer = new PeerIdentity(socket);
      this.#peers.set(socket, peer);
    }
    return peer;
  }
}

function describeAddress(socket: ConnectionSocket): string {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined) return "";
  const host = remoteAddress.includes(":") ? `[${remoteAddress}]` : remoteAddress;
  return `${host}:${remotePort ?? 0}`;
}

function readCertificate(socket: ConnectionSocket): {
  readonly name: string | undefined;
  readonly altNames: readonly string[];
} {
  // A certificate that is not verified says nothing: with `rejectUnauthorized: false` anybody can
  // present one that names whom they like.
  if (!(socket instanceof TLSSocket) || !socket.authorized) {
    return { name: undefined, altNames: [] };
  }
  const certificate = socket.getPeerCertificate();
  const name: unknown = certificate.subject?.CN;
  return {
    // Several common names come as an array; the first is the most specific one.
    name: Array.isArray(name) ? name[0] : typeof name === "string" ? name : undefined,
    altNames: certificate.subjectaltname?.split(", ") ?? [],
  };
}
