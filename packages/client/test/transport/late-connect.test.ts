import type { ClientHttp2Session, connect } from "node:http2";
import { createRequire, syncBuiltinESMExports } from "node:module";
import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Client } from "../../src/index.ts";
import { StubMember } from "../stub-member.ts";

const http2 = createRequire(import.meta.url)("node:http2") as { connect: typeof connect };
const original = http2.connect;

afterEach(() => {
  http2.connect = original;
  syncBuiltinESMExports();
});

/**
 * Node says "connect" of a session that was destroyed while its socket connected. Setting the window of such a session throws,
 * out of an event of its own, where nobody can catch it.
 */
test("a session destroyed while its socket connects is a failed connection, not an uncaught error", async () => {
  const member = await new StubMember({}).listen();
  let told = 0;
  http2.connect = ((authority: string, options: { createConnection: () => Socket }) => {
    const socket = options.createConnection();
    const session: ClientHttp2Session = original(authority, {
      ...options,
      createConnection: () => socket,
    });
    socket.prependOnceListener("connect", () => session.destroy());
    session.once("connect", () => {
      told += 1;
    });
    return session;
  }) as typeof connect;
  syncBuiltinESMExports();
  const client = new Client({ endpoints: [member.address], timeoutMs: 300 });
  await expect(client.put("a", "b")).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(told).toBeGreaterThan(0);
  client.close();
  member.stop();
});
