import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Connection, Network, NetworkError } from "../../src/environment/environment.ts";
import { formatAddress, parseAddress } from "../../src/node/address.ts";
import { NodeNetwork } from "../../src/node/node-network.ts";
import { Authority } from "./certificates.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** What one end of a stream heard. */
class Heard {
  readonly connection: Connection;
  connected = false;
  text = "";
  drained = 0;
  closed: { readonly error: NetworkError | undefined } | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.handle({
      onConnect: () => {
        this.connected = true;
      },
      onData: (bytes) => {
        this.text += new TextDecoder().decode(bytes);
      },
      onDrain: () => {
        this.drained += 1;
      },
      onClose: (error) => {
        expect(this.closed).toBeUndefined();
        this.closed = { error };
      },
    });
    onTestFinished(() => connection.destroy());
  }
}

async function listen(network: Network): Promise<{ address: string; accepted: Heard[] }> {
  const accepted: Heard[] = [];
  const listener = await network.listen("127.0.0.1:0", (connection) =>
    accepted.push(new Heard(connection)),
  );
  onTestFinished(() => listener.close());
  return { address: listener.address, accepted };
}

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

test("received bytes are a plain Uint8Array, of which a slice is a copy", async () => {
  const network = new NodeNetwork({});
  const received: Uint8Array[] = [];
  const listener = await network.listen("127.0.0.1:0", (connection) => {
    connection.handle({ onData: (bytes) => received.push(bytes), onClose: () => undefined });
  });
  onTestFinished(() => listener.close());
  const near = new Heard(network.connect(listener.address));
  near.connection.write(bytes("ping"));
  await vi.waitUntil(() => received.length > 0);
  const [first = new Uint8Array(0)] = received;
  expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
  expect(first.slice(0, 1).buffer).not.toBe(first.buffer);
});

test("bytes go both ways and each end hears one orderly close", async () => {
  const network = new NodeNetwork({});
  const { address, accepted } = await listen(network);
  const near = new Heard(network.connect(address));
  await vi.waitUntil(() => near.connected && accepted[0]?.connected);
  const far = accepted[0] as Heard;
  expect(near.connection.write(bytes("ping"))).toBe(true);
  far.connection.write(bytes("pong"));
  await vi.waitUntil(() => far.text === "ping" && near.text === "pong");
  near.connection.end();
  await vi.waitUntil(() => near.closed !== undefined && far.closed !== undefined);
  expect([near.closed, far.closed]).toEqual([{ error: undefined }, { error: undefined }]);
  expect(near.connection.write(bytes("late"))).toBe(false);
  expect(near.connection.remoteNames).toEqual([]);
});

test("write says when to stop, and the drain follows", async () => {
  const network = new NodeNetwork({});
  const { address, accepted } = await listen(network);
  const near = new Heard(network.connect(address));
  const large = new Uint8Array(32 << 20).fill(97);
  expect(near.connection.write(large)).toBe(false);
  expect(near.connection.bufferedBytes).toBeGreaterThan(0);
  await vi.waitUntil(() => near.drained > 0 && accepted[0]?.text.length === large.length, 10_000);
  expect(near.connection.bufferedBytes).toBe(0);
});

test("failures to connect and to listen have codes", async () => {
  const network = new NodeNetwork({});
  const listener = await network.listen("127.0.0.1:0", () => undefined);
  await expect(network.listen(listener.address, () => undefined)).rejects.toMatchObject({
    name: "NetworkError",
    code: "addressInUse",
  });
  await listener.close();
  const refused = new Heard(network.connect(listener.address));
  const bad = new Heard(network.connect("nowhere"));
  await vi.waitUntil(() => refused.closed !== undefined && bad.closed !== undefined);
  expect([refused.closed?.error?.code, bad.closed?.error?.code]).toEqual(["refused", "badAddress"]);
  expect(refused.connected).toBe(false);
});

test("a broken connection is a reset for the other end", async () => {
  const network = new NodeNetwork({});
  const { address, accepted } = await listen(network);
  const near = new Heard(network.connect(address));
  await vi.waitUntil(() => near.connected && accepted.length === 1);
  near.connection.destroy();
  await vi.waitUntil(() => near.closed !== undefined && accepted[0]?.closed !== undefined);
  expect(near.closed?.error).toBeUndefined();
});

test("with TLS both ends prove their names, and a stranger is turned away", async () => {
  const authority = new Authority(await temporaryDirectory());
  const server = new NodeNetwork({ tls: authority.issue("server", "member-1") });
  const client = new NodeNetwork({
    tls: { ...authority.issue("client", "member-2"), serverName: "member-1" },
  });
  const { address, accepted } = await listen(server);
  const near = new Heard(client.connect(address));
  await vi.waitUntil(() => near.connected && accepted[0]?.connected);
  expect(near.connection.remoteNames).toEqual(["member-1", "127.0.0.1"]);
  expect(accepted[0]?.connection.remoteNames).toEqual(["member-2", "127.0.0.1"]);
  near.connection.write(bytes("secret"));
  await vi.waitUntil(() => accepted[0]?.text === "secret");

  const strangers = new Authority(await temporaryDirectory());
  const stranger = new NodeNetwork({ tls: strangers.issue("client", "member-2") });
  const refused = new Heard(stranger.connect(address));
  await vi.waitUntil(() => refused.closed !== undefined);
  expect(refused.closed?.error?.code).toBe("tls");
  expect(accepted.length).toBe(1);
});

test("a replaced certificate counts for new connections, without a restart", async () => {
  const authority = new Authority(await temporaryDirectory());
  const server = new NodeNetwork({ tls: authority.issue("server", "before") });
  const clientTls = authority.issue("client", "client");
  const nameOf = async (expected: string): Promise<boolean> => {
    const network = new NodeNetwork({ tls: { ...clientTls, serverName: expected } });
    const near = new Heard(network.connect(address));
    await vi.waitUntil(() => near.connected || near.closed !== undefined);
    near.connection.destroy();
    return near.connected;
  };
  const { address } = await listen(server);
  expect(await nameOf("before")).toBe(true);
  authority.issue("server", "after");
  await vi.waitUntil(() => nameOf("after"), { timeout: 20_000, interval: 200 });
  expect(await nameOf("before")).toBe(false);
});

test("a replaced authority counts for new connections, without a restart", async () => {
  const folder = await temporaryDirectory();
  const authority = new Authority(folder);
  const server = new NodeNetwork({ tls: authority.issue("server", "server") });
  const others = new Authority(await temporaryDirectory());
  const otherTls = others.issue("client", "client");
  const { address, accepted } = await listen(server);
  // The client takes the server for whom it is; the server has to make up its mind about the client.
  const clientTls = { ...otherTls, caFile: `${folder}/ca.pem`, serverName: "server" };
  const isAdmitted = async (): Promise<boolean> => {
    const known = accepted.length;
    const near = new Heard(new NodeNetwork({ tls: clientTls }).connect(address));
    await vi.waitUntil(() => near.closed !== undefined || accepted.length > known);
    near.connection.destroy();
    return accepted.length > known;
  };
  // What the client trusts is read when it dials: kept apart from what the server is given next.
  copyFileSync(`${folder}/ca.pem`, `${folder}/first.pem`);
  clientTls.caFile = `${folder}/first.pem`;
  expect(await isAdmitted()).toBe(false);
  const both = [`${folder}/first.pem`, otherTls.caFile].map((file) => readFileSync(file, "utf8"));
  writeFileSync(`${folder}/ca.pem`, both.join(""));
  await vi.waitUntil(isAdmitted, { timeout: 20_000, interval: 200 });
  // And taken away again.
  copyFileSync(`${folder}/first.pem`, `${folder}/ca.pem`);
  await vi.waitUntil(async () => !(await isAdmitted()), { timeout: 20_000, interval: 200 });
});

test.each([
  ["localhost:80", "localhost", 80],
  ["[::1]:2380", "::1", 2380],
  [":0", "", 0],
])("%s is an address", (address, host, port) => {
  expect(parseAddress(address)).toEqual({ host, port });
  expect(formatAddress(host, port)).toBe(address);
});

test.each(["", "host", "host:", "host:x", "host:65536", "::1:80", "host:1 "])(
  "%j is no address",
  (address) => {
    expect(() => parseAddress(address)).toThrow(expect.objectContaining({ code: "badAddress" }));
  },
);
