import { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { KVService, PutResponse } from "@quorate/protocol";
import { afterEach, expect, test, vi } from "vitest";
import { Client } from "../../src/index.ts";
import { StubMember } from "../stub-member.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("calls between the end of a socket and the end of its session wait for no socket, and are made anew", async () => {
  const sockets = vi.spyOn(Socket.prototype, "setNoDelay");
  const member = await new StubMember({
    [KVService.put.path]: () => PutResponse.encode({ header: { revision: 3 } }),
  }).listen();
  const client = new Client({ endpoints: [member.address] });
  await client.put("a", "b");
  const port = Number(member.address.split(":")[1]);
  const socket = sockets.mock.contexts
    .filter((each) => each instanceof Socket)
    .find((each) => each.remotePort === port);
  if (socket === undefined) throw new Error("the client has no connection");
  socket.destroy();
  const puts = Array.from({ length: 12 }, () => client.put("a", "b"));
  await Promise.resolve();
  expect(socket.listenerCount("connect")).toBe(0);
  await nextTurn();
  expect(socket.listenerCount("connect")).toBe(0);
  for (const { header } of await Promise.all(puts)) expect(header?.revision).toBe(3);
  client.close();
  member.stop();
});
