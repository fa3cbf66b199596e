import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallContext } from "../rpc/call.ts";
import { commonName } from "../tls/certificate-names.ts";

/** A call that came as HTTP. It is cancelled when the connection ends before the answer. */
export class GatewayCall implements CallContext {
  readonly path: string;
  readonly viaGateway: boolean = true;
  readonly timeoutMs: undefined = undefined;
  readonly #message: IncomingMessage;
  readonly #listeners: (() => void)[] = [];
  #cancelled = false;

  constructor(path: string, message: IncomingMessage, response: ServerResponse) {
    this.path = path;
    this.#message = message;
    response.once("close", () => {
      if (response.writableFinished) return;
      this.#cancelled = true;
      for (const listener of this.#listeners.splice(0)) listener();
    });
  }

  get peer(): string {
    const { remoteAddress, remotePort } = this.#message.socket;
    return `${remoteAddress}:${remotePort}`;
  }

  get certificateName(): string | undefined {
    return commonName(this.#message.socket);
  }

  get authority(): string {
    return this.#message.headers.host ?? "";
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** `Authorization` is what it is in gRPC; everything else comes with `Grpc-Metadata-` in front. */
  metadata(key: string): string | undefined {
    const { headers } = this.#message;
    const value = key === "authorization" ? headers.authorization : headers[`grpc-metadata-${key}`];
    return Array.isArray(value) ? value[0] : value;
  }

  onCancel(listener: () => void): void {
    if (this.#cancelled) listener();
    else this.#listeners.push(listener);
  }
}
