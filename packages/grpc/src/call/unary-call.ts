import type { CallEnvironment } from "./call-environment.ts";
import { decompress } from "./compression.ts";
import { MessageReader, type MessageSink, PREFIX_BYTES } from "./message-reader.ts";
import type { UnaryMethod } from "./method.ts";
import { writeAnswerAtOnce } from "./response.ts";
import { type CallRequest, ServerCall } from "./server-call.ts";
import { RpcError, STATUS, wrongMessageCount } from "./status.ts";

/** A call with one request and one answer: the path that has to be short. */
export class UnaryCall extends ServerCall implements MessageSink {
  readonly isPaused: boolean = false;
  readonly #method: UnaryMethod;
  /** Only for a request that does not come in one frame together with the end of the stream. */
  #reader: MessageReader | undefined;
  #request: Uint8Array | undefined;

  constructor(request: CallRequest, method: UnaryMethod, environment: CallEnvironment) {
    super(request, environment);
    this.#method = method;
  }

  onOpened(): void {}

  onData(bytes: Buffer, start: number, end: number, endStream: boolean): void {
    if (this.hasEnded || !this.accountFor(end - start, endStream)) return;
    if (endStream && this.#reader === undefined && this.#isWholePlainMessage(bytes, start, end)) {
      this.#run(bytes.subarray(start + PREFIX_BYTES, end));
      return;
    }
    try {
      this.#collect(bytes, start, end, endStream);
    } catch (error) {
      this.completeWith(error);
    }
  }

  takeMessage(isCompressed: boolean, bytes: Buffer): void {
    if (this.#request !== undefined) throw wrongMessageCount("more than one");
    this.#request = isCompressed
      ? decompress(bytes, this.encoding, this.environment.maxRequestBytes)
      : bytes;
  }

  protected onWritable(): void {}

  protected dropRequest(): void {
    this.#reader?.dispose();
    this.#request = undefined;
  }

  /** The usual case: flags of zero, and a length that says the message ends where the frame does. */
  #isWholePlainMessage(bytes: Buffer, start: number, end: number): boolean {
    const length = end - start - PREFIX_BYTES;
    return (
      length >= 0 &&
      length <= this.environment.maxRequestBytes &&
      bytes[start] === 0 &&
      bytes.readUInt32BE(start + 1) === length
    );
  }

  #collect(bytes: Buffer, start: number, end: number, endStream: boolean): void {
    const { received } = this.connection;
    this.#reader ??= new MessageReader(received, this.environment.maxRequestBytes, this);
    this.#reader.push(bytes, start, end);
    if (!endStream) {
      this.connection.replenish(this);
      return;
    }
    if (this.#reader.isInsideMessage) {
      throw new RpcError(STATUS.INTERNAL, "grpc: the request ends inside a message");
    }
    if (this.#request === undefined) throw wrongMessageCount("no");
    this.#run(this.#request);
  }

  #run(request: Uint8Array): void {
    let answer: Uint8Array | Promise<Uint8Array>;
    try {
      answer = this.#method.handle(request, this);
    } catch (error) {
      this.completeWith(error);
      return;
    }
    if (answer instanceof Promise) this.#await(answer);
    else this.#answer(answer);
  }

  #answer(answer: Uint8Array): void {
    if (this.hasEnded) return;
    if (!(answer instanceof Uint8Array)) {
      this.completeWith(new TypeError("a unary method must answer with bytes"));
      return;
    }
    if (this.isPlain && writeAnswerAtOnce(this.connection, this, answer)) {
      this.wasAnsweredAtOnce();
      return;
    }
    const outcome = this.sendAnswer(answer);
    if (outcome !== "refused") this.complete(undefined);
  }

  #await(promise: Promise<Uint8Array>): void {
    const { connection } = this;
    connection.runningHandlers += 1;
    // A bug of ours must not become an unhandled rejection, which would end the process: neither of the two throws.
    void promise.then(
      (answer) => {
        connection.runningHandlers -= 1;
        this.#guarded(() => this.#answer(answer));
      },
      (error: unknown) => {
        connection.runningHandlers -= 1;
        this.#guarded(() => this.completeWith(error));
      },
    );
  }

  #guarded(finish: () => void): void {
    try {
      finish();
    } catch (defect) {
      this.environment.onDefect(this.path, defect);
    }
  }
}
