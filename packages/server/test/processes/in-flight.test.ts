import { KVService as KV, MaintenanceService as Maintenance, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api } from "../member/api.ts";
import { ProcessCluster } from "./member-process.ts";

const WRITERS = 20;

let cluster: ProcessCluster;
let apis: readonly Api[];
beforeAll(async () => {
  cluster = await ProcessCluster.create(3);
  await cluster.startAll();
  apis = cluster.endpoints.map((endpoint) => new Api(endpoint));
});
afterAll(async () => {
  for (const api of apis) api.close();
  await cluster.remove();
});

async function leaderPlace(): Promise<number> {
  for (const [place, api] of apis.entries()) {
    const { leader, header } = await api.call(Maintenance.status, {});
    if (leader !== 0n && leader === header?.memberId) return place;
  }
  throw new Error("nobody leads");
}

test("writes that are under way when the leader dies are answered by the next one, each applied once", async () => {
  const place = await leaderPlace();
  const [follower] = apis.filter((_, other) => other !== place);
  if (follower === undefined) throw new Error("there is no follower");
  let killed = false;
  let after = 0;
  let written = 0;
  const write = async (writer: number): Promise<void> => {
    // Every writer goes on until it has written after the leader's death: what it had under way then is among the rest.
    for (let turn = 0, mine = 0; mine < 3; turn += 1) {
      const wasKilled = killed;
      await follower.call(KV.put, { key: utf8(`w/${writer}/${turn}`), value: utf8("1") });
      written += 1;
      if (wasKilled) mine += 1;
      if (wasKilled) after += 1;
      if (!killed && written > 10 * WRITERS) {
        killed = true;
        cluster.process(place).signal("SIGKILL");
      }
    }
  };
  // A single failure would reject.
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  expect(after).toBe(3 * WRITERS);
  const { kvs, header } = await follower.call(KV.range, { key: utf8("w/"), rangeEnd: utf8("w0") });
  expect(kvs).toHaveLength(written);
  expect(kvs.filter(({ version }) => version !== 1)).toEqual([]);
  // One revision per write: nothing was applied a second time and nothing else was.
  expect(header?.revision).toBe(1 + written);
});
