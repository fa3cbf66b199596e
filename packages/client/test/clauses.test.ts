import {
  KVService,
  LeaseGrantResponse,
  PutResponse,
  RangeResponse,
  StatusResponse,
  TxnResponse,
} from "@quorate/protocol";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Client, ClientError, type ClientOptions } from "../src/index.ts";
import { type StubAnswer, StubMember } from "./stub-member.ts";

// What the client promises, clause by clause; the rest of each clause is shown on real members by
// test/acceptance/client.

const RANGE = KVService.range.path;
const PUT = KVService.put.path;
const TXN = KVService.txn.path;
const GRANT = "/etcdserverpb.Lease/LeaseGrant";
const STATUS = "/etcdserverpb.Maintenance/Status";
const AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";

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

function client(members: readonly StubMember[], options: Partial<ClientOptions> = {}): Client {
  const made = new Client({ endpoints: members.map(({ address }) => address), ...options });
  toStop.push(() => made.close());
  return made;
}

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error = await promise.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (error instanceof ClientError) return error;
  throw new Error(`no ClientError: ${String(error)}`);
}

const count = (member: StubMember, path: string): number =>
  member.paths.filter((heard) => heard === path).length;

describe("it finds the leader and follows it", () => {
  /** Three members that agree on who leads in which term. */
  async function three(): Promise<{ members: StubMember[]; lead(id: bigint, term: number): void }> {
    let leader = 2n;
    let raftTerm = 5;
    const members: StubMember[] = [];
    for (const memberId of [1n, 2n, 3n]) {
      const header = (): object => ({ memberId, raftTerm });
      members.push(
        await stub({
          [PUT]: () => PutResponse.encode({ header: header() }),
          [RANGE]: () => RangeResponse.encode({ header: header() }),
          [STATUS]: () => StatusResponse.encode({ header: header(), leader, raftTerm }),
        }),
      );
    }
    const lead = (id: bigint, term: number): void => {
      leader = id;
      raftTerm = term;
    };
    return { members, lead };
  }

  test("writes go to it, and to the next one as soon as an answer tells of another term", async () => {
    const { members, lead } = await three();
    const some = client(members);
    const led = (): bigint | undefined =>
      some.endpointHealth().find(({ leads }) => leads)?.memberId;
    await some.put("a", "b");
    await vi.waitUntil(() => led() === 2n);
    const before = count(members[1] as StubMember, PUT);
    for (let n = 0; n < 5; n += 1) await some.put("a", "b");
    expect(count(members[1] as StubMember, PUT)).toBe(before + 5);
    lead(3n, 6);
    // At most one search in half a second: answers go on telling of the new term until there was one.
    await vi.waitUntil(async () => {
      await some.get("a");
      return led() === 3n;
    }, 5_000);
    for (let n = 0; n < 5; n += 1) await some.put("a", "b");
    expect(count(members[2] as StubMember, PUT)).toBe(5);
  });

  test("linearizable reads are spread over all members; serializable ones stay with one", async () => {
    const { members } = await three();
    const some = client(members);
    for (let n = 0; n < 30; n += 1) await some.get("a");
    expect(members.map((member) => count(member, RANGE))).toEqual([10, 10, 10]);
    for (let n = 0; n < 6; n += 1) await some.get("a", { serializable: true });
    expect(members.map((member) => count(member, RANGE)).sort()).toEqual([10, 10, 16]);
  });
});

describe("it cancels and times out properly", () => {
  const user = { name: "u", password: "p" };

  test("a token that does not come takes no more than the call's time, and nothing was applied", async () => {
    const silent = await stub({ [AUTHENTICATE]: () => "never", [PUT]: () => "never" });
    const error = await failureOf(client([silent], { user, timeoutMs: 150 }).put("a", "b"));
    expect([error.code, error.outcome]).toEqual(["TIMEOUT", "notApplied"]);
    expect(count(silent, PUT)).toBe(0);
  });

  test("a caller who gives up while a token is fetched is let go at once", async () => {
    const silent = await stub({ [AUTHENTICATE]: () => "never", [PUT]: () => "never" });
    const some = client([silent], { user, timeoutMs: 60_000 });
    const controller = new AbortController();
    const failure = failureOf(some.put("a", "b", { signal: controller.signal }));
    await vi.waitUntil(() => count(silent, AUTHENTICATE) > 0);
    controller.abort();
    expect(await failure).toMatchObject({ code: "ABORTED", outcome: "notApplied" });
  });

  test("a caller who gives up while nobody can be reached is let go at once", async () => {
    const gone = await stub({});
    gone.stop();
    const some = client([gone], { timeoutMs: 60_000 });
    const controller = new AbortController();
    const failure = failureOf(some.put("a", "b", { signal: controller.signal }));
    await vi.waitUntil(() => (some.endpointHealth()[0]?.failures ?? 0) > 0);
    controller.abort();
    expect(await failure).toMatchObject({ code: "ABORTED", outcome: "notApplied" });
  });

  test("a write that waits in its session for others ends with its time or its signal, and was never sent", async () => {
    const member = await stub({
      [GRANT]: () => LeaseGrantResponse.encode({ ttl: 60 }),
      [TXN]: () => "never",
    });
    const some = client([member], { timeoutMs: 60_000 });
    const session = await some.openSession();
    const held = Array.from({ length: 32 }, (_, n) => failureOf(session.put(`held/${n}`, "x")));
    await vi.waitUntil(() => count(member, TXN) === 32);
    const late = await failureOf(session.put("late", "x", { timeoutMs: 50 }));
    expect([late.code, late.outcome]).toEqual(["TIMEOUT", "notApplied"]);
    const controller = new AbortController();
    const given = failureOf(session.put("given up", "x", { signal: controller.signal }));
    controller.abort();
    expect(await given).toMatchObject({ code: "ABORTED", outcome: "notApplied" });
    expect(count(member, TXN)).toBe(32);
    some.close();
    for (const error of await Promise.all(held)) {
      expect([error.code, error.outcome]).toEqual(["ABORTED", "unknown"]);
    }
  });
});

describe("it never reports a definite failure for an unknown outcome", () => {
  test.each([
    ["a deadline that the member itself reports", 4, "context deadline exceeded"],
    ["an internal error", 13, "internal error"],
    ["an unknown error", 2, "something"],
    ["a stop in the middle", 14, "etcdserver: server stopped"],
    ["a cancellation", 1, "context canceled"],
    ["a limit of something in between", 8, "too many streams"],
  ])("%s leaves a write unknown, and it is sent once", async (_, code, details) => {
    const member = await stub({ [PUT]: () => ({ code, details }) });
    const error = await failureOf(client([member], { timeoutMs: 300 }).put("a", "b"));
    expect([error.outcome, count(member, PUT)]).toEqual(["unknown", 1]);
  });

  test("after an attempt whose outcome is unknown, a later refusal does not make it certain", async () => {
    let attempts = 0;
    const member = await stub({
      [TXN]: () => {
        attempts += 1;
        return attempts === 1
          ? { code: 14, details: "etcdserver: request timed out" }
          : { code: 7, details: "etcdserver: permission denied" };
      },
      [GRANT]: () => LeaseGrantResponse.encode({ ttl: 60 }),
    });
    const session = await client([member], { timeoutMs: 5_000 }).openSession();
    const error = await failureOf(session.put("a", "b"));
    expect([error.message, error.outcome, attempts]).toEqual([
      "etcdserver: permission denied",
      "unknown",
      2,
    ]);
  });
});

describe("it repeats within its session", () => {
  test("a write whose answer was lost is sent again under the same condition, and told from the mark", async () => {
    const sent: Uint8Array[] = [];
    const member = await stub({
      [GRANT]: () => LeaseGrantResponse.encode({ ttl: 60 }),
      [TXN]: (request) => {
        sent.push(Uint8Array.from(request));
        if (sent.length === 1) return { code: 14, details: "etcdserver: request timed out" };
        const kvs = [{ value: new TextEncoder().encode("done"), modRevision: 9 }];
        return TxnResponse.encode({
          succeeded: false,
          responses: [{ response: { kind: "responseRange", value: { kvs } } }],
        });
      },
    });
    const session = await client([member]).openSession();
    expect(await session.put("a", "b")).toEqual({
      revision: 9,
      succeeded: true,
      response: undefined,
    });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });
});
