import { connect } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { KVService, PutResponse } from "@quorate/protocol";
import { afterEach, expect, test, vi } from "vitest";
import { Client } from "../../src/index.ts";
import { StubMember } from "../stub-member.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Where Node keeps what all its HTTP/2 client sessions can do, and their streams. */
function http2Prototypes(address: string): { readonly session: object; readonly stream: object } {
  const session = connect(`http://${address}`);
  session.on("error", () => {});
  const stream = session.request({});
  stream.on("error", () => {});
  const prototypes = {
    session: Object.getPrototypeOf(Object.getPrototypeOf(session)),
    stream: Object.getPrototypeOf(Object.getPrototypeOf(stream)),
  };
  session.destroy();
  return prototypes;
}

/** Node's parser goes on with freed memory when this happens inside the read that brought an answer. */
test("a client closed in the turn of its answer destroys its connection after that turn", async () => {
  const member = await new StubMember({
    [KVService.put.path]: () => PutResponse.encode({}),
  }).listen();
  const { session } = http2Prototypes(member.address);
  const destroyed = vi.spyOn(session as { destroy(): void }, "destroy");
  const client = new Client({ endpoints: [member.address] });
  await client.put("a", "b");
  client.close();
  expect(destroyed).not.toHaveBeenCalled();
  await nextTurn();
  expect(destroyed).toHaveBeenCalledOnce();
  member.stop();
});

test("a call cancelled in the turn of another's answer resets its stream after that turn", async () => {
  const member = await new StubMember({
    [KVService.put.path]: () => PutResponse.encode({}),
    [KVService.range.path]: () => "never",
  }).listen();
  const { stream } = http2Prototypes(member.address);
  const client = new Client({ endpoints: [member.address] });
  const abort = new AbortController();
  const waiting = client.get("a", { signal: abort.signal }).catch((error: unknown) => error);
  await vi.waitUntil(() => member.paths.includes(KVService.range.path));
  await client.put("a", "b");
  const closed = vi.spyOn(stream as { close(code: number): void }, "close");
  abort.abort();
  expect(closed).not.toHaveBeenCalled();
  await nextTurn();
  expect(closed).toHaveBeenCalledOnce();
  expect(await waiting).toMatchObject({ code: "ABORTED" });
  client.close();
  member.stop();
});
