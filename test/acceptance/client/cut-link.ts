import { connect, createServer, type Server, type Socket } from "node:net";

/** Where a connection is cut: after so many bytes in one direction. */
export interface Cut {
  readonly direction: "request" | "answer";
  readonly afterBytes: number;
}

/** A link to a member that can be cut at an exact byte; nothing after it passes, in either direction. */
export class CutLink {
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: Cut | undefined;
  #port = 0;
  /** Bytes that passed since the last `count`. */
  passed: { request: number; answer: number } = { request: 0, answer: 0 };
  cuts = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  static async to(endpoint: string): Promise<CutLink> {
    const link = new CutLink(Number(endpoint.split(":").at(-1)));
    await new Promise<void>((resolve) => link.#server.listen(0, "127.0.0.1", resolve));
    const address = link.#server.address();
    link.#port = typeof address === "object" && address !== null ? address.port : 0;
    return link;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Cuts the connection once, that many bytes from now; connections made afterwards work. */
  plant(cut: Cut): void {
    this.passed = { request: 0, answer: 0 };
    this.#cut = cut;
  }

  /** No cut, and counting starts anew. */
  count(): void {
    this.passed = { request: 0, answer: 0 };
    this.#cut = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect(this.#target, "127.0.0.1");
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (bytes) => this.#pass("request", bytes, near, far));
    far.on("data", (bytes) => this.#pass("answer", bytes, far, near));
  }

  #pass(direction: Cut["direction"], bytes: Buffer, from: Socket, to: Socket): void {
    const cut = this.#cut;
    const before = this.passed[direction];
    this.passed[direction] += bytes.length;
    if (cut?.direction !== direction || before + bytes.length <= cut.afterBytes) {
      to.write(bytes);
      return;
    }
    this.#cut = undefined;
    this.cuts += 1;
    // What still may pass does; then the link is dead on both sides.
    to.end(bytes.subarray(0, Math.max(0, cut.afterBytes - before)), () => {
      to.destroy();
      from.destroy();
    });
    from.removeAllListeners("data");
    to.removeAllListeners("data");
    from.resume();
    to.resume();
  }
}
