import { Metadata, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";

/** What a stub answers: bytes, or a failure. */
export type StubAnswer = Uint8Array | { readonly code: number; readonly details: string } | "never";

/** One member that says what it is told to say. */
export class StubMember {
  readonly heard: { readonly path: string; readonly token: string | undefined }[] = [];
  readonly #server: Server = new Server();
  #port = 0;

  constructor(answers: Readonly<Record<string, (request: Uint8Array) => StubAnswer>>) {
    const same = (bytes: Buffer): Buffer => bytes;
    for (const [path, answer] of Object.entries(answers)) {
      const handler = (
        call: { readonly request: Buffer; readonly metadata: Metadata },
        callback: (error: Partial<ServiceError> | null, value?: Buffer) => void,
      ): void => {
        this.heard.push({ path, token: call.metadata.get("token")[0]?.toString() });
        const given = answer(call.request);
        if (given === "never") return;
        if (given instanceof Uint8Array) callback(null, Buffer.from(given));
        else callback(given);
      };
      this.#server.register(path, handler, same, same, "unary");
    }
  }

  async listen(): Promise<this> {
    this.#port = await new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    return this;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get paths(): readonly string[] {
    return this.heard.map(({ path }) => path);
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

export { Metadata };
