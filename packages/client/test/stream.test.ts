import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { WatchResponse, WatchService } from "@quorate/protocol";
import { afterEach, expect, test } from "vitest";
import { Client } from "../src/client.ts";

type Handler = (call: ServerDuplexStream<Buffer, Buffer>, done?: sendUnaryData<Buffer>) => void;

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A member whose watch method is `handler`, and a client of it. */
async function watching(handler: Handler): Promise<Client> {
  const server = new Server();
  const same = (bytes: Buffer): Buffer => bytes;
  server.register(WatchService.watch.path, handler, same, same, "bidi");
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = new Client({ endpoints: ["127.0.0.1:1", `127.0.0.1:${port}`], timeoutMs: 5000 });
  open.push(() => {
    client.close();
    server.forceShutdown();
  });
  return client;
}

const progress = (revision: number): Buffer =>
  Buffer.from(WatchResponse.encode({ header: { revision } }));

test("a stream goes to the member that can be reached, answers come in order, and it ends", async () => {
  const client = await watching((call) => {
    call.on("data", () => {
      for (let revision = 1; revision <= 200; revision += 1) call.write(progress(revision));
    });
    call.on("end", () => call.end());
  });
  const stream = await client.openStream(WatchService.watch);
  stream.write({ requestUnion: { kind: "progressRequest", value: {} } });
  stream.end();
  const revisions: number[] = [];
  for await (const { header } of stream) revisions.push(header?.revision ?? 0);
  expect(revisions).toEqual(Array.from({ length: 200 }, (_, place) => place + 1));
});

test("a refusal is the error of the next answer; a stream that we end has none", async () => {
  const refused = await watching((call) => {
    call.emit("error", { code: 7, details: "etcdserver: permission denied" });
  });
  const stream = await refused.openStream(WatchService.watch);
  await expect(stream.next()).rejects.toMatchObject({
    name: "ClientError",
    code: "REFUSED",
    message: "etcdserver: permission denied",
  });
  const silent = await watching(() => {});
  const cancelled = await silent.openStream(WatchService.watch);
  const next = cancelled.next();
  cancelled.cancel();
  expect(await next).toBeUndefined();
});

test("nobody to open a stream to", async () => {
  const client = new Client({ endpoints: ["127.0.0.1:1"], timeoutMs: 500 });
  await expect(client.openStream(WatchService.watch)).rejects.toMatchObject({
    code: "UNREACHABLE",
  });
  client.close();
});
