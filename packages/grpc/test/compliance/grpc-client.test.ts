import {
  Client,
  type ClientDuplexStream,
  type ClientUnaryCall,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture } from "../support/fixtures.ts";
import { TEST_METHODS } from "../support/methods.ts";
import { startOwn } from "../support/own-server.ts";
import { type RunningServer, startReference } from "../support/reference-server.ts";

const same = (bytes: Buffer): Buffer => bytes;

interface Outcome {
  readonly answer: Buffer | undefined;
  readonly error: ServiceError | undefined;
}

interface StreamOutcome {
  readonly messages: readonly Buffer[];
  readonly code: number;
  readonly details: string;
}

describe.each([
  { name: "our server", start: () => startOwn(TEST_METHODS), tls: false },
  { name: "our server with TLS", start: () => startOwn(TEST_METHODS, { tls: true }), tls: true },
  { name: "the reference", start: () => startReference(TEST_METHODS, false), tls: false },
  { name: "the reference with TLS", start: () => startReference(TEST_METHODS, true), tls: true },
])("a grpc-js client of $name", ({ start, tls }) => {
  let server: RunningServer;
  let client: Client;

  beforeAll(async () => {
    server = await start();
    const trust = tls
      ? credentials.createSsl(fixture("ca.pem"), fixture("client.key"), fixture("client.pem"))
      : credentials.createInsecure();
    client = new Client(`localhost:${server.port}`, trust, {
      "grpc.max_receive_message_length": -1,
    });
  });

  afterAll(async () => {
    client.close();
    await server.stop();
  });

  const unary = (
    method: string,
    request: Uint8Array | string,
    metadata: Metadata = new Metadata(),
    options: { deadline?: number; onCall?: (call: ClientUnaryCall) => void } = {},
  ): Promise<Outcome> =>
    new Promise((resolve) => {
      const call = client.makeUnaryRequest(
        `/test.Echo/${method}`,
        same,
        same,
        Buffer.from(request),
        metadata,
        options.deadline === undefined ? {} : { deadline: options.deadline },
        (error, answer) => resolve({ answer, error: error ?? undefined }),
      );
      options.onCall?.(call);
    });

  const stream = (
    method: string,
    drive: (call: ClientDuplexStream<Buffer, Buffer>) => void,
    onMessage: (message: Buffer, call: ClientDuplexStream<Buffer, Buffer>) => void = () => {},
  ): Promise<StreamOutcome> =>
    new Promise((resolve) => {
      const call = client.makeBidiStreamRequest<Buffer, Buffer>(
        `/test.Echo/${method}`,
        same,
        same,
        new Metadata(),
      );
      const messages: Buffer[] = [];
      call.on("data", (message: Buffer) => {
        messages.push(message);
        onMessage(message, call);
      });
      call.on("error", () => {});
      call.on("status", ({ code, details }) => resolve({ messages, code, details }));
      drive(call);
    });

  test.each(["Now", "Later"])("%s: the answer is the request", async (method) => {
    for (const size of [0, 1, 255, 16_379, 16_380, 70_000, 3_000_000]) {
      const request = Buffer.alloc(size, "q");
      const { answer, error } = await unary(method, request);
      expect(error).toBeUndefined();
      expect(answer?.equals(request)).toBe(true);
    }
  });

  test("a thousand calls at once are answered, each with its own", async () => {
    const calls = Array.from({ length: 1000 }, (_, i) => unary(i % 2 ? "Now" : "Later", `${i}`));
    const answers = await Promise.all(calls);
    expect(answers.map(({ answer }) => answer?.toString())).toEqual(
      Array.from({ length: 1000 }, (_, i) => `${i}`),
    );
  });

  test("metadata arrives, text and bytes and several of one name", async () => {
    const metadata = new Metadata();
    metadata.set("x-plain", "value with spaces, and commas");
    metadata.set("x-data-bin", Buffer.from([0, 255, 128, 10]));
    metadata.add("x-many", "one");
    metadata.add("x-many", "two");
    const { answer } = await unary("Metadata", "", metadata);
    const seen = JSON.parse(answer?.toString() ?? "");
    expect(seen).toMatchObject({
      plain: "value with spaces, and commas",
      bytes: [0, 255, 128, 10],
      authority: `localhost:${server.port}`,
      path: "/test.Echo/Metadata",
      hasDeadline: false,
    });
    expect(seen.all.join(",").replaceAll(" ", "")).toBe("one,two");
  });

  test("a status with a message of any characters and trailers of any bytes", async () => {
    const { error } = await unary("Fail", "7");
    expect(error?.code).toBe(status.PERMISSION_DENIED);
    expect(error?.details).toBe("it failed: 100 % größer\n…");
    expect(error?.metadata.get("x-reason")).toEqual(["because"]);
    expect(error?.metadata.get("x-detail-bin")).toEqual([Buffer.from([0, 1, 255])]);
  });

  test("every status code reaches the client", async () => {
    for (let code = 1; code <= 16; code++) {
      expect((await unary("Fail", `${code}`)).error?.code).toBe(code);
    }
    expect((await unary("FailLater", "")).error).toMatchObject({ code: 9, details: "not now" });
  });

  test("a bug of the service becomes INTERNAL and tells nothing", async () => {
    const { error } = await unary("Bug", "");
    expect(error).toMatchObject({ code: status.INTERNAL, details: "internal error" });
  });

  test("unknown services and methods are UNIMPLEMENTED", async () => {
    expect((await unary("Nothing", "")).error?.code).toBe(status.UNIMPLEMENTED);
  });

  test("a request over the limit is RESOURCE_EXHAUSTED, and the connection lives on", async () => {
    const { error } = await unary("Now", Buffer.alloc(4 * 1024 * 1024 + 1));
    expect(error?.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(error?.details.toLowerCase()).toContain("received message larger than max (4194305 vs");
    expect((await unary("Now", "still there")).answer?.toString()).toBe("still there");
  });

  test("a deadline ends a call that nobody answers", async () => {
    const { error } = await unary("Never", "", new Metadata(), { deadline: Date.now() + 50 });
    expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
  });

  test("a cancelled call ends as cancelled", async () => {
    const { error } = await unary("Never", "", new Metadata(), {
      onCall: (call) => setImmediate(() => call.cancel()),
    });
    expect(error?.code).toBe(status.CANCELLED);
  });

  test.each(["gzip", "deflate"] as const)("requests compressed with %s", async (encoding) => {
    const compressing = new Client(
      `localhost:${server.port}`,
      tls
        ? credentials.createSsl(fixture("ca.pem"), fixture("client.key"), fixture("client.pem"))
        : credentials.createInsecure(),
      { "grpc.default_compression_algorithm": compressionAlgorithms[encoding] },
    );
    const request = Buffer.alloc(100_000, "compress me ");
    const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
      compressing.makeUnaryRequest("/test.Echo/Now", same, same, request, (error, value) =>
        error === null ? resolve(value) : reject(error),
      );
    });
    compressing.close();
    expect(answer?.equals(request)).toBe(true);
  });

  test("an answer of 20 MB comes whole", async () => {
    const { answer } = await unary("Large", "20000000");
    expect(answer?.length).toBe(20_000_000);
    expect(answer?.every((octet) => octet === 0x61)).toBe(true);
  });

  test("both ways at once, message by message", async () => {
    let sent = 1;
    const { messages, code } = await stream(
      "Both",
      (call) => call.write(Buffer.from("0")),
      (_message, call) => {
        if (sent < 100) call.write(Buffer.from(`${sent++}`));
        else call.end();
      },
    );
    expect(code).toBe(status.OK);
    expect(messages.map(String)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
  });

  test("many messages from the client, large and small", async () => {
    const { messages, code } = await stream("Sum", (call) => {
      for (let i = 0; i < 200; i++) call.write(Buffer.alloc(i * 100));
      call.end();
    });
    expect(code).toBe(status.OK);
    expect(messages.map(String)).toEqual([`200 ${(199 * 200 * 100) / 2}`]);
  });

  test("no message at all from the client", async () => {
    const { messages } = await stream("Sum", (call) => call.end());
    expect(messages.map(String)).toEqual(["0 0"]);
  });

  test("many messages from the server, more than any window holds", async () => {
    const { messages, code } = await stream("Count", (call) => {
      call.write(Buffer.from("300 50000"));
      call.end();
    });
    expect(code).toBe(status.OK);
    expect(messages).toHaveLength(300);
    expect(messages.every((message) => message.length === 50_000)).toBe(true);
  });

  test("a client that pauses gets everything all the same", async () => {
    let paused = false;
    const { messages } = await stream(
      "Count",
      (call) => {
        call.write(Buffer.from("100 10000"));
        call.end();
      },
      (_message, call) => {
        if (paused) return;
        paused = true;
        call.pause();
        setImmediate(() => call.resume());
      },
    );
    expect(messages).toHaveLength(100);
  });

  test("a stream that fails after messages delivers them first", async () => {
    const { messages, code, details } = await stream("FailAfterOne", (call) =>
      call.write(Buffer.from("first")),
    );
    expect(messages.map(String)).toEqual(["first"]);
    expect(code).toBe(status.ABORTED);
    expect(details).toBe("enough");
  });
});
