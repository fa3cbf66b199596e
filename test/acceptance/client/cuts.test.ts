import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, ClientError, type WatchBatch } from "../../../packages/client/src/index.ts";
import { type Cut, CutLink } from "./cut-link.ts";
import { SERVERS, type Served } from "./servers.ts";

/** Printed with a failure; the same seed plants the same cuts. */
const SEED = 20_261_121;

/** What a call came to, and how often the cluster applied it. */
interface Verdict {
  readonly outcome: "applied" | "notApplied" | "unknown";
  readonly times: number;
}

describe.each(SERVERS)(
  "connections to $name that are cut at every point of a call",
  ({ name, installed, start }) => {
    if (!installed) {
      test.skip(`${name} is not installed`);
      return;
    }
    let served: Served;
    let link: CutLink;
    /** A client with a connection of its own, to see what really happened. */
    let witness: Client;
    let keys = 0;
    beforeAll(async () => {
      served = await start();
      link = await CutLink.to(served.endpoint);
      witness = new Client({ endpoints: [served.endpoint] });
    });
    afterAll(async () => {
      witness.close();
      await link.close();
      await served.stop();
    });

    /** Bytes that the call sends and receives when nothing is cut. */
    async function bytesOf(call: (client: Client, key: string) => Promise<unknown>): Promise<{
      readonly request: number;
      readonly answer: number;
    }> {
      const client = new Client({ endpoints: [link.endpoint] });
      await client.get("warm/up");
      link.count();
      keys += 1;
      await call(client, `measured/${keys}`);
      const passed = { ...link.passed };
      client.close();
      return passed;
    }

    async function judged(
      cut: Cut,
      call: (client: Client, key: string) => Promise<unknown>,
    ): Promise<Verdict> {
      const client = new Client({ endpoints: [link.endpoint], timeoutMs: 3_000 });
      await client.get("warm/up");
      keys += 1;
      const key = `cut/${keys}`;
      link.plant(cut);
      const outcome = await call(client, key).then(
        () => "applied" as const,
        (error: unknown) => {
          if (!(error instanceof ClientError)) throw error;
          return error.outcome;
        },
      );
      client.close();
      // Whatever reached the member before the cut is applied by now: the link is dead, and this goes through the same log.
      await witness.put("after/the/cut", key);
      return { outcome, times: (await witness.find(key))?.version ?? 0 };
    }

    const put = (client: Client, key: string): Promise<unknown> => client.put(key, "value");

    test("a put is never applied twice, and never reported as what it is not", async () => {
      const { request, answer } = await bytesOf(put);
      expect(request).toBeGreaterThan(20);
      const cuts: Cut[] = [
        ...Array.from({ length: request + 1 }, (_, at) => ({
          direction: "request" as const,
          afterBytes: at,
        })),
        ...Array.from({ length: answer + 64 }, (_, at) => ({
          direction: "answer" as const,
          afterBytes: at,
        })),
      ];
      const seen = { applied: 0, notApplied: 0, unknown: 0 };
      for (const cut of cuts) {
        const { outcome, times } = await judged(cut, put);
        seen[outcome] += 1;
        const said = `${JSON.stringify(cut)}: ${outcome}, applied ${times} times`;
        expect(times, said).toBeLessThanOrEqual(1);
        if (outcome === "applied") expect(times, said).toBe(1);
        if (outcome === "notApplied") expect(times, said).toBe(0);
      }
      // The cuts reached what they are for: calls that ended well and calls about which nothing can be known.
      expect(seen.unknown).toBeGreaterThan(0);
      expect(seen.applied).toBeGreaterThan(0);
    });

    test("a put within a session is applied exactly once wherever the connection is cut", async () => {
      const client = new Client({ endpoints: [link.endpoint], timeoutMs: 10_000 });
      const session = await client.openSession({ ttlSeconds: 60 });
      await session.put("session/measured", "x");
      link.count();
      await session.put("session/measured", "x");
      const { request, answer } = link.passed;
      const cutAnywhere = fc.oneof(
        fc.record({ direction: fc.constant("request" as const), afterBytes: fc.nat(request) }),
        fc.record({ direction: fc.constant("answer" as const), afterBytes: fc.nat(answer) }),
      );
      let writes = 0;
      let recovered = 0;
      const cutsBefore = link.cuts;
      await fc.assert(
        fc.asyncProperty(cutAnywhere, async (cut) => {
          link.plant(cut);
          const applied = await session.put("session/counted", `${writes}`);
          writes += 1;
          if (applied.response === undefined) recovered += 1;
          const kv = await witness.find("session/counted");
          expect(kv?.version).toBe(writes);
          expect(kv?.modRevision).toBe(applied.revision);
        }),
        { numRuns: 60, seed: SEED },
      );
      expect(link.cuts - cutsBefore).toBeGreaterThan(10);
      expect(recovered).toBeGreaterThan(0);
      await session.close();
      client.close();
    });

    test("a watch misses nothing and repeats nothing over many cuts", async () => {
      const client = new Client({ endpoints: [link.endpoint] });
      const watch = client.watch("watched/", { prefix: true });
      await watch.begun;
      const revisions: number[] = [];
      const all = 120;
      const reading = (async (batches: AsyncIterable<WatchBatch>) => {
        for await (const { events } of batches) {
          revisions.push(...events.map(({ kv }) => kv.modRevision));
          if (revisions.length >= all) return;
        }
      })(watch);
      const written: number[] = [];
      const cutsBefore = link.cuts;
      for (let i = 0; i < all; i += 1) {
        if (i % 10 === 0) link.plant({ direction: "answer", afterBytes: 37 * i });
        const { header } = await witness.put(`watched/${i % 7}`, `${i}`);
        written.push(header?.revision ?? 0);
      }
      link.count();
      await reading;
      expect(revisions).toEqual(written);
      expect(link.cuts).toBeGreaterThan(cutsBefore);
      client.close();
    });
  },
);
