import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture } from "../support/fixtures.ts";
import { TEST_METHODS } from "../support/methods.ts";
import { startOwn } from "../support/own-server.ts";
import { message } from "../support/raw-client.ts";
import type { RunningServer } from "../support/reference-server.ts";
import { needs, run } from "./tools.ts";

const GRPC = ["-H", "content-type: application/grpc", "-H", "te: trailers"];

let folder: string;
let small: string;
let large: string;
let plain: RunningServer;
let secure: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nghttp2-"));
  small = join(folder, "small");
  large = join(folder, "large");
  writeFileSync(small, message("hello"));
  writeFileSync(large, message(Buffer.alloc(2_000_000, "x")));
  const http1 = createServer((request, response) => response.end(`page ${request.url}`));
  plain = await startOwn(TEST_METHODS, { http1 });
  secure = await startOwn(TEST_METHODS, { tls: true });
});

afterAll(async () => {
  await plain.stop();
  await secure.stop();
  rmSync(folder, { recursive: true });
});

const url = (method: string): string => `http://127.0.0.1:${plain.port}/test.Echo/${method}`;

test.for([
  { what: "small requests", file: () => small, count: 20_000 },
  { what: "large requests", file: () => large, count: 50 },
])("h2load: $what, all answered", async ({ file, count }, context) => {
  needs(context, "h2load");
  const { output } = await run("h2load", [
    ...["-n", `${count}`, "-c", "4", "-m", "20", "-d", file()],
    ...GRPC,
    url("Now"),
  ]);
  expect(output).toContain(`${count} succeeded, 0 failed, 0 errored, 0 timeout`);
});

test("nghttp: headers, data and trailers, and no complaint about the protocol", async (context) => {
  needs(context, "nghttp");
  const args = ["-v", "-d", small, "-H", ":method: POST", ...GRPC, url("Now")];
  const { output, exitCode } = await run("nghttp", args);
  expect(exitCode).toBe(0);
  expect(output).toContain(":status: 200");
  expect(output).toContain("grpc-status: 0");
  expect(output).toContain("hello");
  expect(output).not.toMatch(/error_code=(?!NO_ERROR)/);
});

test("nghttp: 2 MB with padding there, and back in windows of 1 KiB", async (context) => {
  needs(context, "nghttp");
  const args = ["-v", "-n", "-b", "255", "-w", "10", "-W", "10", "-d", large];
  const { output, exitCode } = await run("nghttp", [
    ...args,
    ...["-H", ":method: POST"],
    ...GRPC,
    url("Now"),
  ]);
  expect(exitCode).toBe(0);
  expect(output).toContain("grpc-status: 0");
  expect(output).not.toMatch(/error_code=(?!NO_ERROR)/);
});

test("curl: HTTP/2 with prior knowledge, and HTTP/1.1 on the same port", async (context) => {
  needs(context, "curl");
  const body = join(folder, "answer");
  const { output, exitCode } = await run("curl", [
    ...["-sv", "--http2-prior-knowledge", "-X", "POST", "--data-binary", `@${small}`],
    ...[...GRPC, "-o", body, "-w", "%{http_version} %{http_code} %{size_download}", url("Now")],
  ]);
  expect(exitCode).toBe(0);
  expect(output).toBe("2 200 10");
  const page = await run("curl", ["-s", `http://127.0.0.1:${plain.port}/health`]);
  expect(page.output).toBe("page /health");
});

test("curl: what is no gRPC call gets an HTTP status", async (context) => {
  needs(context, "curl");
  const { output } = await run("curl", [
    ...["-s", "--http2-prior-knowledge", "-w", "%{http_code}", "-d", "{}", url("Now")],
  ]);
  expect(output).toBe("415");
});

test("curl: HTTP/2 over TLS with a certificate", async (context) => {
  needs(context, "curl");
  for (const name of ["ca.pem", "client.pem", "client.key"]) {
    writeFileSync(join(folder, name), fixture(name));
  }
  const { output, errors } = await run("curl", [
    ...["-sv", "--http2", "-X", "POST", "--data-binary", `@${small}`, ...GRPC],
    ...["--cacert", join(folder, "ca.pem"), "--cert", join(folder, "client.pem")],
    ...["--key", join(folder, "client.key"), "-o", join(folder, "answer"), "-w", "%{http_version}"],
    `https://localhost:${secure.port}/test.Echo/Now`,
  ]);
  expect(output).toBe("2");
  expect(errors).toContain("grpc-status: 0");
});
