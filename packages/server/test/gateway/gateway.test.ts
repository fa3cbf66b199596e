import { request } from "node:http";
import { KVService as KV, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A streaming POST whose body can grow, and whose answer is read line by line. */
class Streaming {
  readonly status: Promise<number>;
  readonly #request: ReturnType<typeof request>;
  readonly #lines: string[] = [];
  #rest = "";
  #over = false;
  #wake: () => void = () => {};

  constructor(path: string) {
    this.#request = request(`${member.url}${path}`, { method: "POST" });
    this.status = new Promise((resolve, reject) => {
      this.#request.on("error", reject);
      this.#request.on("response", (answer) => {
        resolve(answer.statusCode ?? 0);
        answer.on("data", (chunk: Buffer) => this.#take(chunk.toString()));
        answer.on("close", () => {
          this.#over = true;
          this.#wake();
        });
        answer.on("error", () => {});
      });
    });
    this.status.catch(() => {});
  }

  write(text: string): this {
    this.#request.write(text);
    return this;
  }

  end(): this {
    this.#request.end();
    return this;
  }

  async next(): Promise<unknown> {
    while (this.#lines.length === 0) {
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return JSON.parse(this.#lines.shift() ?? "null");
  }

  close(): void {
    this.#request.destroy();
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines);
    this.#wake();
  }
}

describe("unary methods", () => {
  test("messages as the other gateways write them", async () => {
    const put = await member.post("/v3/kv/put", { key: base64("foo"), value: base64("bar") });
    expect(put.status).toBe(200);
    expect(put.text).toMatch(
      /^\{"header":\{"cluster_id":"\d+","member_id":"\d+","revision":"\d+","raft_term":"\d+"\}\}$/,
    );
    const { header } = JSON.parse(put.text);
    const range = await member.post("/v3/kv/range", { key: base64("foo") });
    expect(range.text).toContain(
      `"kvs":[{"key":"Zm9v","create_revision":"${header.revision}","mod_revision":"${header.revision}","version":"1","value":"YmFy"}],"count":"1"}`,
    );
    expect((await member.post("/v3/kv/range", { key: base64("none") })).text).toMatch(
      /^\{"header":\{[^}]*\}\}$/,
    );
  });

  test("nested messages, defaults of enums, the older prefix, an empty body", async () => {
    const txn = {
      compare: [{ key: base64("t"), create_revision: "0", target: "CREATE" }],
      success: [{ request_put: { key: base64("t"), value: base64("1") } }],
      failure: [{ requestRange: { key: base64("t") } }],
    };
    expect(JSON.parse((await member.post("/v3beta/kv/txn", txn)).text)).toMatchObject({
      succeeded: true,
    });
    const again = JSON.parse((await member.post("/v3/kv/txn", txn)).text);
    expect(again.succeeded).toBeUndefined();
    expect(again.responses[0].response_range.kvs[0].value).toBe(base64("1"));
    expect(JSON.parse((await member.post("/v3/maintenance/status", "")).text).version).toBe(
      "3.6.0",
    );
  });

  test.each([
    ["/v3/kv/put", {}, 400, 3, "etcdserver: key is not provided"],
    ["/v3/lease/revoke", { ID: "77" }, 404, 5, "etcdserver: requested lease not found"],
    [
      "/v3/kv/range",
      { key: "YQ==", revision: "999999" },
      400,
      11,
      "etcdserver: mvcc: required revision is a future revision",
    ],
    [
      "/v3/auth/authenticate",
      { name: "a", password: "b" },
      400,
      9,
      "etcdserver: authentication is not enabled",
    ],
    ["/v3/lock/unlock", {}, 500, 2, "etcdserver: key is not provided"],
  ])(
    "%s fails with its status and both shapes of error",
    async (path, body, status, code, message) => {
      const answer = await member.post(path, body);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        status,
        { error: message, message, code },
      ]);
    },
  );

  test.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["bytes that are no base64", '{"key":"####"}'],
    ["an enum that does not exist", '{"key":"YQ==","sort_order":"SIDEWAYS"}'],
  ])("%s is 400 with code 3", async (_, body) => {
    const answer = await member.post("/v3/kv/range", body);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 3]);
  });

  test("large answers asked for at the same time are the whole of what is stored, and may be left halfway", async () => {
    const values = Array.from({ length: 6 }, (_, at) =>
      Buffer.from(new Uint8Array(1_000_000).map((_, i) => (i * (at + 3)) % 251)),
    );
    for (const [at, value] of values.entries()) {
      await member.api.call(KV.put, { key: utf8(`large/${at}`), value });
    }
    const body = { key: base64("large/"), range_end: base64("large0") };
    const leaving = new AbortController();
    const left = fetch(`${member.url}/v3/kv/range`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: leaving.signal,
    }).then((answer) => {
      leaving.abort();
      return answer.text();
    });
    const aborted = expect(left).rejects.toThrow();
    const answers = await Promise.all([1, 2, 3].map(() => member.post("/v3/kv/range", body)));
    await aborted;
    for (const { status, text } of answers) {
      const { kvs, count } = JSON.parse(text);
      expect([status, count]).toEqual([200, "6"]);
      for (const [at, value] of values.entries()) {
        expect(kvs[at].value === value.toString("base64")).toBe(true);
      }
    }
    const within = { success: [{ request_range: body }, { request_range: body }] };
    const txn = JSON.parse((await member.post("/v3/kv/txn", within)).text);
    expect(txn.responses[1].response_range.kvs[5].value === values[5]?.toString("base64")).toBe(
      true,
    );
  });

  test("a short answer names its length", async () => {
    const answer = await fetch(`${member.url}/v3/kv/range`, {
      method: "POST",
      body: JSON.stringify({ key: base64("none") }),
    });
    expect(Number(answer.headers.get("content-length"))).toBe((await answer.text()).length);
  });

  test("other methods and pages", async () => {
    const get = await fetch(`${member.url}/v3/kv/range`);
    expect([get.status, await get.json()]).toMatchObject([501, { code: 12 }]);
    expect((await member.post("/v3/kv/range/", {})).status).toBe(404);
    expect((await member.post("/v3alpha/kv/range", {})).status).toBe(404);
  });
});

describe("streams", () => {
  const create = (key: string): string => JSON.stringify({ create_request: { key: base64(key) } });

  test("a watch answers at once and goes on after the end of the body", async () => {
    const watch = new Streaming("/v3/watch").write(create("w")).end();
    expect(await watch.status).toBe(200);
    expect(await watch.next()).toMatchObject({ result: { created: true } });
    await member.api.call(KV.put, { key: utf8("w"), value: utf8("1") });
    expect(await watch.next()).toMatchObject({
      result: { events: [{ kv: { key: base64("w"), value: base64("1"), version: "1" } }] },
    });
    await member.api.call(KV.deleteRange, { key: utf8("w") });
    expect(await watch.next()).toMatchObject({ result: { events: [{ type: "DELETE" }] } });
    watch.close();
  });

  test("an open body takes further requests, cut anywhere", async () => {
    const watch = new Streaming("/v3/watch").write(create("a").slice(0, 9));
    watch.write(create("a").slice(9));
    expect(await watch.next()).toMatchObject({ result: { created: true } });
    watch.write(`${create("b")}\n{"cancel_request":{"watch_id":1}} {"progress_request":{}}`);
    expect(await watch.next()).toMatchObject({ result: { created: true, watch_id: "1" } });
    expect(await watch.next()).toMatchObject({ result: { canceled: true, watch_id: "1" } });
    expect(await watch.next()).toMatchObject({ result: { watch_id: "-1" } });
    watch.close();
  });

  test("a watch that begins in the past gets large events whole and in order", async () => {
    const value = new Uint8Array(400_000).fill(5);
    const { header } = await member.api.call(KV.put, { key: utf8("long"), value });
    for (let more = 0; more < 9; more += 1) {
      await member.api.call(KV.put, { key: utf8("long"), value });
    }
    const watch = new Streaming("/v3/watch").write(
      JSON.stringify({
        create_request: { key: base64("long"), start_revision: header?.revision },
      }),
    );
    expect(await watch.next()).toMatchObject({ result: { created: true } });
    const versions: string[] = [];
    while (versions.length < 10) {
      const { result } = (await watch.next()) as {
        result: { events: { kv: { version: string; value: string } }[] };
      };
      for (const { kv } of result.events) {
        expect(kv.value.length).toBe(533_336);
        versions.push(kv.version);
      }
    }
    expect(versions).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    watch.write("nonsense");
    expect(await watch.next()).toMatchObject({ error: { code: 3 } });
    watch.close();
  });

  test("a kept lease is one answer, then the end", async () => {
    const granted = JSON.parse((await member.post("/v3/lease/grant", { TTL: 30 })).text);
    const kept = await member.post("/v3/lease/keepalive", { ID: granted.ID });
    expect(kept.text.endsWith("\n")).toBe(true);
    expect(JSON.parse(kept.text)).toMatchObject({ result: { ID: granted.ID, TTL: "30" } });
    const unknown = await member.post("/v3/lease/keepalive", { ID: 1 });
    expect(JSON.parse(unknown.text).result.TTL).toBeUndefined();
  });

  test("what is no message ends the stream with an error, before or after its start", async () => {
    const early = await member.post("/v3/watch", "nonsense");
    expect([early.status, JSON.parse(early.text).code]).toEqual([400, 3]);
    const late = new Streaming("/v3/watch").write(create("x"));
    await late.next();
    late.write('{"create_request":5}');
    expect(await late.next()).toMatchObject({
      error: { grpc_code: 3, code: 3, http_code: 400, http_status: "Bad Request" },
    });
    expect(await late.next()).toBeUndefined();
    late.close();
  });
});
