import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { connect as http2Connect } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect as netConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { Client, credentials } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import type { RpcMethod } from "../../src/call/method.ts";
import { GrpcServer } from "../../src/server/grpc-server.ts";
import { fixture } from "../support/fixtures.ts";
import { TEST_METHODS } from "../support/methods.ts";
import { MUTUAL_TLS } from "../support/own-server.ts";
import { call, PREFACE } from "../support/raw-client.ts";
import { SharedPort } from "../support/shared-port.ts";

const ECHO: RpcMethod = {
  kind: "unary",
  path: "/test.Who/Am",
  handle: (_request, context) =>
    Buffer.from(
      JSON.stringify({
        name: context.certificateName ?? null,
        altNames: context.certificateAltNames,
        peer: context.peer,
      }),
    ),
};

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const pages = (): Server =>
  createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => response.end(`${request.method} ${request.url} ${body}`));
  });

const start = async (
  options: Partial<Parameters<typeof SharedPort.listen>[0]> = {},
): Promise<number> => {
  const grpc = new GrpcServer({ methods: [ECHO, ...TEST_METHODS] });
  const http1 = options.http1 ?? pages();
  const port = await SharedPort.listen({ grpc, host: "127.0.0.1", port: 0, http1, ...options });
  stops.push(async () => {
    port.close();
    if (typeof http1 !== "function") http1.closeAllConnections();
    await grpc.close(0);
  });
  return port.port;
};

const same = (bytes: Buffer): Buffer => bytes;

const whoAmI = (
  port: number,
  trust = credentials.createInsecure(),
): Promise<{ name: string | null; altNames: string[]; peer: string }> => {
  const client = new Client(`localhost:${port}`, trust);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest("/test.Who/Am", same, same, Buffer.alloc(0), (error, answer) => {
      client.close();
      if (error === null) resolve(JSON.parse(answer?.toString() ?? ""));
      else reject(error);
    });
  });
};

const fetchText = (
  port: number,
  tls: boolean,
  method: string,
  path: string,
  body = "",
): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { host: "localhost", port, method, path, ca: fixture("ca.pem"), agent: false };
    const request = (tls ? httpsRequest : httpRequest)(
      tls ? { ...options, key: fixture("client.key"), cert: fixture("client.pem") } : options,
      (response) => {
        let text = "";
        response.on("data", (part) => {
          text += part;
        });
        response.on("end", () => resolve(text));
      },
    );
    request.on("error", reject);
    request.end(body);
  });

describe("without TLS", () => {
  test("gRPC and HTTP/1.1 live on one port", async () => {
    const port = await start();
    expect(await fetchText(port, false, "GET", "/health")).toBe("GET /health ");
    expect(await fetchText(port, false, "POST", "/v3/kv/put", "{}")).toBe("POST /v3/kv/put {}");
    const { name, altNames, peer } = await whoAmI(port);
    expect({ name, altNames }).toEqual({ name: null, altNames: [] });
    expect(peer).toMatch(/^(127\.0\.0\.1|\[::1\]):\d+$/);
  });

  test("an HTTP/1.1 connection goes on with further requests, however the first is cut", async () => {
    const port = await start();
    const socket = netConnect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (part) => {
      text += part;
    });
    await once(socket, "connect");
    for (const part of ["P", "OST /one HTTP/1.1\r\nhost: a\r\ncontent-len", "gth: 3\r\n\r\nabc"]) {
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (!text.includes("/one abc")) await once(socket, "data");
    socket.end("GET /two HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    await once(socket, "end");
    expect(text).toContain("/two");
  });

  test("without anybody for HTTP/1.1 such a connection is closed", async () => {
    const grpc = new GrpcServer({ methods: TEST_METHODS });
    const port = await SharedPort.listen({ grpc, host: "127.0.0.1", port: 0 });
    stops.push(async () => {
      port.close();
      await grpc.close(0);
    });
    await expect(fetchText(port.port, false, "GET", "/")).rejects.toThrow();
  });

  test("a function may take HTTP/1.1 sockets, with the bytes read so far", async () => {
    const port = await start({
      http1: (socket, firstBytes) => {
        socket.end(`${firstBytes.toString().slice(0, 3)} taken`);
      },
    });
    const socket = netConnect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toBe("GET taken");
  });

  test("a port in use is the system's error", async () => {
    const port = await start();
    const grpc = new GrpcServer({ methods: TEST_METHODS });
    await expect(SharedPort.listen({ grpc, host: "127.0.0.1", port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  test("a socket that dies takes its calls with it", async () => {
    const grpc = new GrpcServer({ methods: TEST_METHODS });
    const port = await SharedPort.listen({ grpc, host: "127.0.0.1", port: 0 });
    stops.push(async () => {
      port.close();
      await grpc.close(0);
    });
    const socket = netConnect(port.port, "127.0.0.1");
    socket.write(Buffer.concat([PREFACE, call(1, "/test.Echo/Never")]));
    while (grpc.callCount === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    while (grpc.connectionCount > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(grpc.callCount).toBe(0);
  });
});

describe("with TLS", () => {
  const trust = (name: string) =>
    credentials.createSsl(fixture("ca.pem"), fixture(`${name}.key`), fixture(`${name}.pem`));

  test("gRPC by ALPN, and the client's certificate says who it is", async () => {
    const port = await start({ tls: MUTUAL_TLS });
    const { name, altNames } = await whoAmI(port, trust("client"));
    expect({ name, altNames }).toEqual({ name: "alice", altNames: ["DNS:alice.test"] });
  });

  test("HTTP/1.1 by ALPN", async () => {
    const port = await start({ tls: MUTUAL_TLS });
    expect(await fetchText(port, true, "GET", "/health")).toBe("GET /health ");
  });

  test("a certificate that nobody vouches for is refused", async () => {
    const port = await start({ tls: MUTUAL_TLS });
    await expect(whoAmI(port, trust("stranger"))).rejects.toMatchObject({ code: 14 });
  });

  test("nor is it believed where certificates are optional", async () => {
    const port = await start({ tls: { ...MUTUAL_TLS, rejectUnauthorized: false } });
    expect(await whoAmI(port, trust("stranger"))).toMatchObject({ name: null, altNames: [] });
    expect(await whoAmI(port, trust("client"))).toMatchObject({ name: "alice" });
    expect(await whoAmI(port, credentials.createSsl(fixture("ca.pem")))).toMatchObject({
      name: null,
    });
  });

  const agreed = async (port: number, protocols: string[] | undefined): Promise<unknown> => {
    const socket = tlsConnect({
      port,
      host: "localhost",
      ca: fixture("ca.pem"),
      key: fixture("client.key"),
      cert: fixture("client.pem"),
      ...(protocols === undefined ? {} : { ALPNProtocols: protocols }),
    });
    await once(socket, "secureConnect");
    const protocol = socket.alpnProtocol;
    socket.destroy();
    return protocol;
  };

  test("who offers both gets HTTP/1.1, when somebody serves it", async () => {
    const port = await start({ tls: MUTUAL_TLS });
    expect(await agreed(port, ["h2"])).toBe("h2");
    expect(await agreed(port, ["h2", "http/1.1"])).toBe("http/1.1");
    expect(await agreed(port, undefined)).toBe(false);
    const grpc = new GrpcServer({ methods: TEST_METHODS });
    const only = await SharedPort.listen({ grpc, host: "127.0.0.1", port: 0, tls: MUTUAL_TLS });
    stops.push(async () => {
      only.close();
      await grpc.close(0);
    });
    expect(await agreed(only.port, ["http/1.1", "h2"])).toBe("h2");
  });

  test("a failed handshake is reported and harms nobody", async () => {
    const errors: Error[] = [];
    const port = await start({ tls: MUTUAL_TLS, onTlsError: (error) => errors.push(error) });
    const socket = netConnect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.end("this is no handshake\r\n\r\n");
    await once(socket, "close");
    expect(errors).toHaveLength(1);
    expect(await whoAmI(port, trust("client"))).toMatchObject({ name: "alice" });
  });
});

test("a client of node:http2 sees headers, data and trailers", async () => {
  const port = await start();
  const session = http2Connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ":method": "POST",
    ":path": "/test.Echo/Now",
    "content-type": "application/grpc",
    te: "trailers",
    "x-long": "header value ".repeat(400).trim(),
  });
  const trailers = once(stream, "trailers");
  const response = once(stream, "response");
  const body: Buffer[] = [];
  stream.on("data", (part) => body.push(part));
  stream.end(Buffer.from([0, 0, 0, 0, 2, 104, 105]));
  expect((await response)[0]).toMatchObject({ ":status": 200, "content-type": "application/grpc" });
  expect((await trailers)[0]).toMatchObject({ "grpc-status": "0" });
  expect(Buffer.concat(body)).toEqual(Buffer.from([0, 0, 0, 0, 2, 104, 105]));
  const pinged = await new Promise<boolean>((resolve) =>
    session.ping((error) => resolve(error === null)),
  );
  expect(pinged).toBe(true);
  session.close();
  await once(session, "close");
});
