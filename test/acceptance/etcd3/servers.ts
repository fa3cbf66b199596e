import { createConnection, createServer, type Server, type Socket } from "node:net";
import { Etcd3, type IOptions } from "etcd3";

/** The npm client as anybody installs it. */
export function etcd3(endpoints: readonly string[], options: Partial<IOptions> = {}): Etcd3 {
  return new Etcd3({ hosts: [...endpoints], ...options });
}

/** A way to a member that can be cut and mended: what is open is destroyed, what comes meanwhile is refused. */
export class CutWay {
  readonly #target: number;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #isCut = false;

  private constructor(targetPort: number) {
    this.#target = targetPort;
    this.#server = createServer((client) => this.#join(client));
  }

  static async to(endpoint: string): Promise<CutWay> {
    const way = new CutWay(Number(endpoint.split(":").at(-1)));
    await new Promise<void>((resolve) => way.#server.listen(0, "127.0.0.1", resolve));
    return way;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const server = createConnection(this.#target, "127.0.0.1");
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
