import { createServer } from "node:net";
import {
  AuthenticateResponse,
  KVService,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  StatusResponse,
  TxnRequest,
  TxnResponse,
  utf8,
} from "@quorate/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { Client, ClientError, type ClientOptions, prefixEnd, toText } from "../src/index.ts";
import { type StubAnswer, StubMember } from "./stub-member.ts";

const RANGE = KVService.range.path;
const PUT = KVService.put.path;
const AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";
const STATUS = "/etcdserverpb.Maintenance/Status";
const UNAVAILABLE = 14;

const toStop: (() => void)[] = [];
afterEach(() => {
  for (const stop of toStop.splice(0)) stop();
});

async function stub(
  answers: Readonly<Record<string, (request: Uint8Array) => StubAnswer>>,
): Promise<StubMember> {
  const member = await new StubMember(answers).listen();
  toStop.push(() => member.stop());
  return member;
}

function client(endpoints: readonly string[], options: Partial<ClientOptions> = {}): Client {
  const made = new Client({ endpoints, ...options });
  toStop.push(() => made.close());
  return made;
}

/** A port that nobody listens at. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ClientError) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}

const answered = (count: number) => (): Uint8Array => RangeResponse.encode({ count });
const fails = (code: number, details: string) => (): StubAnswer => ({ code, details });

describe("requests", () => {
  test("a put is the message that etcd expects", async () => {
    let sent: unknown;
    const member = await stub({
      [PUT]: (request) => {
        sent = PutRequest.decode(request);
        return PutResponse.encode({ header: { revision: 7 } });
      },
    });
    const answer = await client([`http://${member.address}`]).put("ключ", Uint8Array.of(0, 255), {
      lease: -5n,
      prevKv: true,
    });
    expect(answer.header?.revision).toBe(7);
    expect(sent).toEqual({
      key: utf8("ключ"),
      value: Uint8Array.of(0, 255),
      lease: -5n,
      prevKv: true,
      ignoreValue: false,
      ignoreLease: false,
    });
  });

  test.each([
    [
      ["a", {}],
      ["a", ""],
    ],
    [
      ["a", { prefix: true }],
      ["a", "b"],
    ],
    [
      ["", { prefix: true }],
      ["\0", "\0"],
    ],
    [
      ["a", { fromKey: true }],
      ["a", "\0"],
    ],
    [
      ["", { fromKey: true }],
      ["\0", "\0"],
    ],
    [
      ["a", { end: "c" }],
      ["a", "c"],
    ],
  ] as const)("get %j asks for the interval %j", async ([key, options], [start, end]) => {
    let sent: RangeRequest | undefined;
    const member = await stub({
      [RANGE]: (request) => {
        sent = RangeRequest.decode(Uint8Array.from(request));
        return RangeResponse.encode({});
      },
    });
    await client([member.address]).get(key, options);
    expect([toText(sent?.key ?? utf8("?")), toText(sent?.rangeEnd ?? utf8("?"))]).toEqual([
      start,
      end,
    ]);
  });

  test("the end of a prefix", () => {
    expect(prefixEnd(utf8("a"))).toEqual(utf8("b"));
    expect(prefixEnd(Uint8Array.of(1, 255))).toEqual(Uint8Array.of(2));
    expect(prefixEnd(Uint8Array.of(255, 255))).toEqual(Uint8Array.of(0));
  });

  test("a transaction with every kind of condition and operation", async () => {
    let sent: TxnRequest | undefined;
    const member = await stub({
      [KVService.txn.path]: (request) => {
        sent = TxnRequest.decode(Uint8Array.from(request));
        return TxnResponse.encode({ succeeded: true });
      },
    });
    const { succeeded } = await client([member.address]).transaction({
      if: [
        { key: "a", target: "version", is: "=", to: 0 },
        { key: "b", target: "createRevision", is: ">", to: 1 },
        { key: "c", target: "modRevision", is: "<", to: 9 },
        { key: "d", target: "value", is: "!=", to: "x" },
        { key: "e", target: "lease", is: "=", to: 5n },
      ],
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      then: [
        { type: "put", key: "a", value: "1" },
        { type: "get", key: "a", prefix: true, limit: 3 },
      ],
      otherwise: [{ type: "delete", key: "a" }],
    });
    expect(succeeded).toBe(true);
    expect(
      sent?.compare.map(({ target, result, targetUnion }) => [target, result, targetUnion?.kind]),
    ).toEqual([
      [0, 0, "version"],
      [1, 1, "createRevision"],
      [2, 2, "modRevision"],
      [3, 3, "value"],
      [4, 0, "lease"],
    ]);
    expect(sent?.success.map(({ request }) => request?.kind)).toEqual([
      "requestPut",
      "requestRange",
    ]);
    expect(sent?.failure.map(({ request }) => request?.kind)).toEqual(["requestDeleteRange"]);
  });
});

describe("members that do not answer", () => {
  test("the next endpoint is tried, and kept", async () => {
    const good = await stub({ [RANGE]: answered(1), [PUT]: () => PutResponse.encode({}) });
    const some = client([await deadAddress(), good.address]);
    expect((await some.get("a")).count).toBe(1);
    await some.put("a", "b");
    expect(good.paths).toEqual([RANGE, PUT]);
  });

  test("nobody answers: nothing was applied, not even a write", async () => {
    const address = await deadAddress();
    const error = await failureOf(client([address], { timeoutMs: 200 }).put("a", "b"));
    expect([error.code, error.outcome, error.message]).toEqual([
      "UNREACHABLE",
      "notApplied",
      `No endpoint could be reached: ${address}.`,
    ]);
  });

  test("a read is repeated elsewhere when a member cannot serve it", async () => {
    const sick = await stub({ [RANGE]: fails(UNAVAILABLE, "etcdserver: request timed out") });
    const good = await stub({ [RANGE]: answered(2) });
    expect((await client([sick.address, good.address]).get("a")).count).toBe(2);
  });

  test("a write is repeated only when the member did nothing", async () => {
    const leaderless = await stub({ [PUT]: fails(UNAVAILABLE, "etcdserver: no leader") });
    const timedOut = await stub({ [PUT]: fails(UNAVAILABLE, "etcdserver: request timed out") });
    const good = await stub({ [PUT]: () => PutResponse.encode({ header: { revision: 3 } }) });
    const answer = await client([leaderless.address, good.address]).put("a", "b");
    expect(answer.header?.revision).toBe(3);
    const error = await failureOf(client([timedOut.address, good.address]).put("a", "b"));
    expect([error.code, error.outcome, error.status]).toEqual(["REFUSED", "unknown", UNAVAILABLE]);
    expect(good.paths).toEqual([PUT]);
  });

  test("a connection that breaks leaves a write's outcome unknown", async () => {
    const stopping = await stub({
      [PUT]: () => {
        stopping.stop();
        return "never";
      },
    });
    const error = await failureOf(client([stopping.address], { timeoutMs: 2000 }).put("a", "b"));
    expect([error.code, error.outcome]).toEqual(["INTERRUPTED", "unknown"]);
  });

  test("an answer that does not come in time", async () => {
    const slow = await stub({ [PUT]: () => "never", [RANGE]: () => "never" });
    const some = client([slow.address], { timeoutMs: 150 });
    expect(await failureOf(some.put("a", "b"))).toMatchObject({
      code: "TIMEOUT",
      outcome: "unknown",
    });
    expect(await failureOf(some.get("a"))).toMatchObject({
      code: "TIMEOUT",
      outcome: "notApplied",
    });
  });

  test("a refusal is final", async () => {
    const member = await stub({ [PUT]: fails(3, "etcdserver: key is not provided") });
    const error = await failureOf(client([member.address]).put("", "b"));
    expect(error).toMatchObject({
      code: "REFUSED",
      outcome: "notApplied",
      status: 3,
      message: "etcdserver: key is not provided",
      endpoint: member.address,
    });
    expect(member.heard).toHaveLength(1);
  });

  test("the caller may give up, before and meanwhile", async () => {
    const slow = await stub({ [RANGE]: () => "never" });
    const some = client([slow.address]);
    const gone = AbortSignal.abort();
    expect(await failureOf(some.get("a", { signal: gone }))).toMatchObject({ code: "ABORTED" });
    const controller = new AbortController();
    const running = failureOf(some.get("a", { signal: controller.signal }));
    const waitForIt = (): void => {
      if (slow.heard.length > 0) controller.abort();
      else setImmediate(waitForIt);
    };
    waitForIt();
    expect(await running).toMatchObject({ code: "ABORTED" });
  });

  test("a closed client refuses", async () => {
    const member = await stub({ [RANGE]: answered(1) });
    const closed = client([member.address]);
    closed.close();
    expect(await failureOf(closed.get("a"))).toMatchObject({ code: "ABORTED" });
  });
});

describe("users", () => {
  const user = { name: "u", password: "p" };

  test("a token is fetched once and sent with every call", async () => {
    const member = await stub({
      [AUTHENTICATE]: () => AuthenticateResponse.encode({ token: "t1" }),
      [RANGE]: answered(1),
    });
    const some = client([member.address], { user });
    await some.get("a");
    await some.get("b");
    expect(member.heard).toEqual([
      { path: AUTHENTICATE, token: undefined },
      { path: RANGE, token: "t1" },
      { path: RANGE, token: "t1" },
    ]);
  });

  test("a token that is no longer good is replaced", async () => {
    let tokens = 0;
    let refusals = 1;
    const member = await stub({
      [AUTHENTICATE]: () => {
        tokens += 1;
        return AuthenticateResponse.encode({ token: `t${tokens}` });
      },
      [RANGE]: () => {
        refusals -= 1;
        return refusals >= 0
          ? { code: 16, details: "etcdserver: invalid auth token" }
          : RangeResponse.encode({ count: 4 });
      },
    });
    expect((await client([member.address], { user }).get("a")).count).toBe(4);
    expect(member.heard.map(({ token }) => token)).toEqual([undefined, "t1", undefined, "t2"]);
  });

  test("a cluster without users serves everybody", async () => {
    const member = await stub({
      [AUTHENTICATE]: fails(9, "etcdserver: authentication is not enabled"),
      [RANGE]: answered(1),
    });
    expect((await client([member.address], { user }).get("a")).count).toBe(1);
  });
});

describe("endpoints", () => {
  test("a status belongs to the endpoint that was named", async () => {
    const one = await stub({ [STATUS]: () => StatusResponse.encode({ raftTerm: 1 }) });
    const two = await stub({ [STATUS]: () => StatusResponse.encode({ raftTerm: 2 }) });
    const some = client([one.address, `http://${two.address}`]);
    expect((await some.status(`http://${two.address}`)).raftTerm).toBe(2);
    expect((await some.status(one.address)).raftTerm).toBe(1);
    expect(await failureOf(some.status("elsewhere:1"))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test.each(["localhost", "ftp://a:1", "a:b", "a:99999", "", "http://a:1/path"])(
    "%j is not an endpoint",
    (text) => {
      expect(() => new Client({ endpoints: [text] })).toThrow(ClientError);
    },
  );

  test("there must be one", () => {
    expect(() => new Client({ endpoints: [] })).toThrow("at least one endpoint");
  });
});
