import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { ElectionService, KVService as KV, LeaseService, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

/** Far more than what the connection and both ends' buffers hold. */
const FLOOD_BYTES = 48 << 20;
/** How often a member is asked what it has read before it counts as having stopped reading. */
const LOOKS = 10;

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start(["--max-concurrent-streams=5"]);
});
afterAll(() => member.stop());

/** A POST whose body goes on and on, and whose answer nobody reads. */
async function deafPost(path: string, first: string): Promise<Socket> {
  const socket = connect(Number(member.endpoint.split(":")[1]), "127.0.0.1");
  await once(socket, "connect");
  socket.pause();
  socket.on("error", () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
  socket.write(chunk(first));
  return socket;
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Sends the same message again and again; resolves with the share of it that the member takes in. */
async function flood(socket: Socket, message: string, method: string): Promise<number> {
  const before = await received(method);
  const each = Math.ceil(65_536 / message.length);
  const part = chunk(message.repeat(each));
  let messages = 0;
  for (let sent = 0; sent < FLOOD_BYTES; sent += part.length) {
    socket.write(part);
    messages += each;
  }
  let taken = 0;
  for (let still = 0; still < LOOKS && taken < messages; still += 1) {
    const now = (await received(method)) - before;
    if (now !== taken) still = 0;
    taken = now;
  }
  return taken / messages;
}

/** Messages of a method that the member has read so far. */
async function received(method: string): Promise<number> {
  const line = new RegExp(
    `^grpc_server_msg_received_total\\{.*grpc_method="${method}"\\} (\\d+)$`,
    "m",
  );
  return Number(line.exec(await metrics())?.[1]);
}

async function metrics(): Promise<string> {
  return (await fetch(`${member.url}/metrics`)).text();
}

async function laggingWatchers(): Promise<number> {
  return Number(/^etcd_debugging_mvcc_slow_watcher_total (\d+)$/m.exec(await metrics())?.[1]);
}

test("whoever asks for progress on a JSON watch and reads nothing is not read from either", async () => {
  const watch = await deafPost("/v3/watch", '{"create_request":{"key":"eA=="}}');
  expect(await flood(watch, '{"progress_request":{}}\n', "Watch")).toBeLessThan(0.5);
  watch.destroy();
});

test("whoever creates watchers that are refused and reads nothing is not read from either", async () => {
  const watch = await deafPost("/v3/watch", '{"create_request":{"key":"eA=="}}');
  const refused = '{"create_request":{"key":"eg==","range_end":"eQ=="}}\n';
  expect(await flood(watch, refused, "Watch")).toBeLessThan(0.5);
  watch.destroy();
});

test("whoever keeps leases alive and reads no answer is not read from either", async () => {
  const { id } = await member.api.call(LeaseService.leaseGrant, { ttl: 600 });
  const kept = await deafPost("/v3/lease/keepalive", `{"ID":"${id}"}\n`);
  expect(await flood(kept, `{"ID":"${id}"}\n`, "LeaseKeepAlive")).toBeLessThan(0.5);
  kept.destroy();
});

test("a JSON watch that nobody reads lags within a bound and then misses nothing", async () => {
  const watch = await deafPost("/v3/watch", '{"create_request":{"key":"c2xvdw=="}}');
  const value = new Uint8Array(500_000).fill(1);
  const puts = 40;
  for (let at = 0; at < puts; at += 1) await member.api.call(KV.put, { key: utf8("slow"), value });
  // What it has not taken is read from history later: nothing is kept for it.
  await expect.poll(laggingWatchers).toBe(1);
  let events = 0;
  let rest = "";
  watch.on("data", (bytes: Buffer) => {
    const text = rest + bytes.toString("latin1");
    const found = text.split('"mod_revision"');
    events += found.length - 1;
    rest = (found.at(-1) ?? "").slice(-14);
  });
  watch.resume();
  await expect.poll(() => events, { timeout: 30_000 }).toBe(puts);
  await expect.poll(laggingWatchers).toBe(0);
  watch.destroy();
});

test("an observer of an election that reads slowly gets every proclamation, and nothing piles up", async () => {
  const { id } = await member.api.call(LeaseService.leaseGrant, { ttl: 600 });
  const name = utf8("chair");
  const { leader } = await member.api.call(ElectionService.campaign, {
    name,
    lease: id,
    value: utf8("0"),
  });
  const observer = member.api.serverStream(ElectionService.observe, { name });
  expect((await observer.next()).kv?.version).toBe(1);
  observer.pause();
  const value = new Uint8Array(400_000).fill(2);
  const times = 60;
  for (let at = 0; at < times; at += 1)
    await member.api.call(ElectionService.proclaim, { leader, value });
  await expect.poll(laggingWatchers).toBe(1);
  observer.resume();
  for (let version = 2; version <= times + 1; version += 1) {
    expect((await observer.next()).kv?.version).toBe(version);
  }
  observer.cancel();
});

test("a connection is told how many calls it may have open", async () => {
  const session = connectHttp2(member.url);
  const [settings] = await once(session, "remoteSettings");
  expect(settings.maxConcurrentStreams).toBe(5);
  session.destroy();
});
