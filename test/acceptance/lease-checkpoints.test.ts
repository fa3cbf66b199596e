import { LeaseService, MaintenanceService } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api } from "../../packages/server/test/member/api.ts";
import { startThree } from "./members.ts";

const BASE_PORT = 26_500;
const TTL_SECONDS = 30;
/** What is left when the leader dies: enough checkpoints lie behind. */
const LEFT_SECONDS = 22;

let three: Awaited<ReturnType<typeof startThree>>;

beforeAll(async () => {
  three = await startThree(BASE_PORT, ["--lease-checkpoint-interval=1s"]);
});
afterAll(() => three.stop());

async function onEach<T>(run: (api: Api) => Promise<T>): Promise<T[]> {
  const apis = three.cluster.members
    .filter((member) => three.cluster.isRunning(member))
    .map(({ endpoint }) => new Api(endpoint));
  try {
    return await Promise.all(apis.map(run));
  } finally {
    for (const api of apis) api.close();
  }
}

async function secondsLeft(id: bigint): Promise<number> {
  const answers = await onEach((api) => api.call(LeaseService.leaseTimeToLive, { id }));
  return Math.max(...answers.map(({ ttl }) => ttl));
}

test("a lease goes on where it was when its leader is killed, and starts again when it is renewed", async () => {
  const [grant] = await onEach((api) =>
    api.call(LeaseService.leaseGrant, { ttl: TTL_SECONDS }).catch(() => undefined),
  );
  if (grant === undefined) throw new Error("no lease was granted");
  while ((await secondsLeft(grant.id)) > LEFT_SECONDS) await untilNextSecond();
  const [status] = await onEach((api) => api.call(MaintenanceService.status, {}));
  const statuses = await onEach((api) => api.call(MaintenanceService.status, {}));
  const place = statuses.findIndex(({ header }) => header?.memberId === status?.leader);
  const leader = three.cluster.members[place];
  if (leader === undefined) throw new Error("nobody leads");
  await three.cluster.kill(leader);
  // Without checkpoints a new leader would begin with all of it, and the time of an election besides.
  expect(await secondsLeft(grant.id)).toBeLessThan(TTL_SECONDS - 1);
  await onEach(async (api) => {
    const stream = api.stream(LeaseService.leaseKeepAlive);
    stream.write({ id: grant.id });
    expect((await stream.next()).ttl).toBe(TTL_SECONDS);
    stream.end();
  });
  expect(await secondsLeft(grant.id)).toBeGreaterThan(LEFT_SECONDS);
});

/** The member's clock counts whole seconds: asking more often tells nothing new. */
function untilNextSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000));
}
