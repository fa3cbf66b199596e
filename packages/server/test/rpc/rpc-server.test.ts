import { connect } from "node:net";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import type { CallContext } from "../../src/rpc/call.ts";
import { GrpcJsServer } from "../../src/rpc/grpc-js/grpc-js-server.ts";
import type { RpcMethod, RpcStream } from "../../src/rpc/method.ts";
import { OwnRpcServer } from "../../src/rpc/own-server.ts";
import type { RpcServer, RpcServerOptions } from "../../src/rpc/rpc-server.ts";
import { RpcError, STATUS } from "../../src/rpc/status.ts";
import { callUnary, EchoPort, REQUEST_BYTES_MAX, same } from "./echo-port.ts";

const open: EchoPort[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

type Serve = (...methods: RpcMethod[]) => Promise<EchoPort>;

/** Every implementation of the layer must behave alike. */
const IMPLEMENTATIONS: readonly [string, (options: RpcServerOptions) => RpcServer][] = [
  ["grpc-js", (options) => new GrpcJsServer(options)],
  ["own", (options) => new OwnRpcServer(options)],
];

const serveWith =
  (create: (options: RpcServerOptions) => RpcServer): Serve =>
  async (...methods) => {
    const port = await new EchoPort(create, methods).listen();
    open.push(port);
    return port;
  };

const NOTHING = new Metadata();
const hello = Buffer.from("hello");

const unaryMethod = (
  handle: (request: Uint8Array, call: CallContext) => Uint8Array | Promise<Uint8Array>,
): RpcMethod => ({ kind: "unary", path: "/test.Echo/Call", handle });

const streamMethod = (
  openStream: (stream: RpcStream<Uint8Array, Uint8Array>) => void,
  singleRequest = false,
): RpcMethod => ({ kind: "stream", path: "/test.Echo/Stream", singleRequest, open: openStream });

describe.each(IMPLEMENTATIONS)("%s", (_name, create) => {
  const serve = serveWith(create);

  describe("unary calls", () => {
    test("bytes go in and out, at once or later", async () => {
      const port = await serve(
        unaryMethod((request) => (request.length > 2 ? request : Promise.resolve(request))),
      );
      const client = port.client();
      expect(await callUnary(client, "/test.Echo/Call", hello, NOTHING)).toEqual(hello);
      expect(await callUnary(client, "/test.Echo/Call", Buffer.from("a"), NOTHING)).toEqual(
        Buffer.from("a"),
      );
      client.close();
    });

    test("metadata, deadline and peer reach the handler", async () => {
      let seen: readonly unknown[] = [];
      const port = await serve(
        unaryMethod((request, call) => {
          seen = [call.metadata("token"), call.metadata("absent"), call.path, call.authority];
          expect(call.timeoutMs).toBeGreaterThan(0);
          expect(call.timeoutMs).toBeLessThanOrEqual(10_000);
          expect(call.peer).toMatch(/^127\.0\.0\.1:\d+$/);
          return request;
        }),
      );
      const client = port.client();
      const metadata = new Metadata();
      metadata.set("token", "secret");
      expect(await callUnary(client, "/test.Echo/Call", hello, metadata)).toEqual(hello);
      expect(seen).toEqual(["secret", undefined, "/test.Echo/Call", `127.0.0.1:${port.port}`]);
      client.close();
    });

    test("an RpcError keeps its code and text; anything else is a defect", async () => {
      const port = await serve(
        unaryMethod((request) => {
          if (request.length > 2) throw new RpcError(STATUS.OUT_OF_RANGE, "etcdserver: 100% schön");
          return Promise.reject(new Error("planted"));
        }),
      );
      const client = port.client();
      expect(await callUnary(client, "/test.Echo/Call", hello, NOTHING)).toMatchObject({
        code: status.OUT_OF_RANGE,
        details: "etcdserver: 100% schön",
      });
      expect(port.defects).toEqual([]);
      expect(await callUnary(client, "/test.Echo/Call", Buffer.from("a"), NOTHING)).toMatchObject({
        code: status.INTERNAL,
      });
      expect(port.defects).toHaveLength(1);
      client.close();
    });

    test.each([
      ["/test.Nothing/Call", "unknown service test.Nothing"],
      ["/test.Echo/Other", "unknown method Other for service test.Echo"],
    ])("%s does not exist", async (path, details) => {
      const port = await serve(unaryMethod((request) => request));
      const client = port.client();
      expect(await callUnary(client, path, hello, NOTHING)).toMatchObject({
        code: status.UNIMPLEMENTED,
        details,
      });
      client.close();
    });

    test("a message beyond the limit ends its call, not the connection", async () => {
      const port = await serve(unaryMethod((request) => request));
      const client = port.client();
      const answer = await callUnary(
        client,
        "/test.Echo/Call",
        new Uint8Array(REQUEST_BYTES_MAX + 1),
        NOTHING,
      );
      expect(answer).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
      expect((answer as ServiceError).details).toMatch(/larger than max/);
      const largest = new Uint8Array(REQUEST_BYTES_MAX);
      expect(await callUnary(client, "/test.Echo/Call", largest, NOTHING)).toHaveLength(
        largest.length,
      );
      client.close();
    });

    test("a call in its deadline's past is cancelled for the handler", async () => {
      let cancelled: () => void = () => {};
      const heard = new Promise<void>((resolve) => {
        cancelled = resolve;
      });
      const port = await serve(
        unaryMethod((_, call) => {
          call.onCancel(cancelled);
          return new Promise<Uint8Array>(() => {});
        }),
      );
      const client = port.client();
      expect(await callUnary(client, "/test.Echo/Call", hello, NOTHING, 50)).toMatchObject({
        code: status.DEADLINE_EXCEEDED,
      });
      await heard;
      client.close();
    });
  });

  describe("streams", () => {
    test("messages both ways, and the client's end is only half of it", async () => {
      const port = await serve(
        streamMethod((stream) => {
          stream.onMessage((message) => stream.write(message));
          stream.onEnd(() => {
            stream.write(Buffer.from("bye"));
            stream.end();
          });
        }),
      );
      const client = port.client();
      const call = client.makeBidiStreamRequest("/test.Echo/Stream", same, same, NOTHING);
      const heard: string[] = [];
      call.on("data", (message: Buffer) => heard.push(message.toString()));
      const ended = new Promise((resolve) => call.on("status", resolve));
      call.write(Buffer.from("a"));
      call.write(Buffer.from("b"));
      call.end();
      expect(await ended).toMatchObject({ code: status.OK });
      expect(heard).toEqual(["a", "b", "bye"]);
      client.close();
    });

    test("what was written before a failure arrives before it", async () => {
      const port = await serve(
        streamMethod((stream) => {
          stream.onMessage((message) => {
            stream.write(message);
            stream.fail(new RpcError(STATUS.UNAVAILABLE, "etcdserver: no leader"));
            stream.write(message);
          });
        }, true),
      );
      const client = port.client();
      const call = client.makeServerStreamRequest("/test.Echo/Stream", same, same, hello, NOTHING);
      const heard: string[] = [];
      call.on("data", (message: Buffer) => heard.push(message.toString()));
      const failure = await new Promise<ServiceError>((resolve) => call.on("error", resolve));
      expect([failure.code, failure.details]).toEqual([
        status.UNAVAILABLE,
        "etcdserver: no leader",
      ]);
      expect(heard).toEqual(["hello"]);
      client.close();
    });

    test("a client that goes away cancels, once", async () => {
      let cancellations = 0;
      let heardCancel: () => void = () => {};
      const cancelled = new Promise<void>((resolve) => {
        heardCancel = resolve;
      });
      const port = await serve(
        streamMethod((stream) => {
          stream.call.onCancel(() => {
            cancellations += 1;
            heardCancel();
          });
          stream.onMessage((message) => stream.write(message));
        }),
      );
      const client = port.client();
      const call = client.makeBidiStreamRequest("/test.Echo/Stream", same, same, NOTHING);
      call.on("error", () => {});
      const echoed = new Promise((resolve) => call.once("data", resolve));
      call.write(hello);
      await echoed;
      call.cancel();
      await cancelled;
      expect(cancellations).toBe(1);
      client.close();
    });

    test("a client that does not read makes write say so, and drain follows", async () => {
      const chunk = new Uint8Array(256 * 1024);
      let refusedAfter = 0;
      let drained = false;
      const port = await serve(
        streamMethod((stream) => {
          stream.onDrain(() => {
            drained = true;
            stream.end();
          });
          stream.onMessage(() => {
            do refusedAfter += 1;
            while (stream.write(chunk) && refusedAfter < 1000);
          });
        }, true),
      );
      const client = port.client();
      const call = client.makeServerStreamRequest("/test.Echo/Stream", same, same, hello, NOTHING);
      let received = 0;
      call.on("data", () => {
        received += 1;
      });
      await new Promise((resolve) => call.on("status", resolve));
      expect([drained, received]).toEqual([true, refusedAfter]);
      expect(refusedAfter).toBeLessThan(1000);
      client.close();
    });
  });

  describe("the shared port", () => {
    test("answers HTTP/1 beside gRPC", async () => {
      const port = await serve(unaryMethod((request) => request));
      const client = port.client();
      const page = await fetch(`${port.url}/page`);
      expect([page.status, await page.text()]).toEqual([200, "a page\n"]);
      expect(page.headers.get("access-control-allow-origin")).toBe("*");
      expect(await callUnary(client, "/test.Echo/Call", hello, NOTHING)).toEqual(hello);
      client.close();
    });

    test.each([
      ["/nowhere", "GET", 404],
      ["/page", "POST", 405],
      ["/page", "OPTIONS", 200],
      ["/defect", "GET", 500],
    ])("%s by %s is %i", async (path, method, code) => {
      const port = await serve();
      const answer = await fetch(`${port.url}${path}`, { method });
      expect(answer.status).toBe(code);
      await answer.text();
    });

    test.each([
      ["GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 200 OK/],
      ["PRI /page HTTP/1.1\r\nConnection: close\r\n\r\n", /^/],
      ["nonsense\r\n\r\n", /^HTTP\/1\.1 400/],
    ])("decides by the first bytes, even one at a time: %j", async (request, expected) => {
      const port = await serve();
      const answer = await new Promise<string>((resolve) => {
        let text = "";
        const socket = connect(port.port, "127.0.0.1", () => {
          socket.setNoDelay(true);
          let at = 0;
          const next = (): void => {
            if (at < request.length) socket.write(request.charAt(at++), () => setImmediate(next));
          };
          next();
        });
        socket.on("data", (chunk) => {
          text += chunk.toString("latin1");
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(text));
      });
      expect(answer).toMatch(expected);
    });
  });
});
