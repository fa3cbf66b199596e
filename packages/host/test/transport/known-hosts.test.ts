import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { KnownHosts } from "../../src/transport/known-hosts.ts";

async function open(environment: MemoryEnvironment): Promise<KnownHosts> {
  return environment.world.complete(KnownHosts.open(environment, "/data"));
}

async function prepared(): Promise<{ environment: MemoryEnvironment; known: KnownHosts }> {
  const environment = memoryEnvironment({ disk: new MemoryDisk() });
  await environment.world.complete(
    environment.files.makeDirectory("/data").then(() => environment.files.syncDirectory("/")),
  );
  return { environment, known: await open(environment) };
}

function admit(
  { world }: MemoryEnvironment,
  known: KnownHosts,
  host: number,
  dataId: string,
  incarnation: number,
): Promise<string> {
  return world.complete(
    new Promise((resolve) => {
      known.admit(host, dataId, incarnation, (refusal) => resolve(refusal?.code ?? "welcome"));
    }),
  );
}

/** The same disk after a crash. */
function restarted({ disk, world }: MemoryEnvironment): MemoryEnvironment {
  disk.crash(world.random);
  return memoryEnvironment({ world, disk });
}

test("what a host showed first is remembered across a crash", async () => {
  const { environment, known } = await prepared();
  expect(await admit(environment, known, 2, "a", 3)).toBe("welcome");
  const again = restarted(environment);
  const remembered = await open(again);
  expect(remembered.incarnation(2)).toBe(3);
  expect(await admit(again, remembered, 2, "b", 9)).toBe("dataLost");
  expect(await admit(again, remembered, 2, "a", 2)).toBe("olderIncarnation");
  expect(await admit(again, remembered, 2, "a", 4)).toBe("welcome");
});

test("a known host is admitted although its new start cannot be written down", async () => {
  const { environment, known } = await prepared();
  await admit(environment, known, 2, "a", 3);
  environment.files.fault = () => ({ type: "error", code: "noSpace" });
  expect(await admit(environment, known, 2, "a", 4)).toBe("welcome");
  expect(await admit(environment, known, 2, "a", 3)).toBe("olderIncarnation");
  expect(await admit(environment, known, 3, "c", 1)).toBe("stopping");
  environment.files.fault = undefined;
  expect(await admit(environment, known, 3, "c", 1)).toBe("welcome");
});

test.each([
  ["lost its data", "fresh", 9],
  ["shows an old copy", "a", 2],
])("a host that %s is told the way back", async (_, dataId, incarnation) => {
  const { environment, known } = await prepared();
  await admit(environment, known, 2, "a", 3);
  const refusal = await environment.world.complete(
    new Promise<{ reason: string } | undefined>((resolve) =>
      known.admit(2, dataId, incarnation, resolve),
    ),
  );
  expect(refusal?.reason).toMatch(/remove it and add it under a new number/);
});

test("a damaged memory is refused", async () => {
  const { environment, known } = await prepared();
  await admit(environment, known, 2, "a", 3);
  const bytes = environment.disk.bytes("/data/known-hosts")?.slice() ?? new Uint8Array(0);
  for (const place of [0, 5, bytes.length - 1]) {
    const damaged = bytes.slice();
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    environment.disk.put("/data/known-hosts", damaged);
    await expect(open(environment)).rejects.toMatchObject({ code: "CORRUPT_LOG" });
  }
});

test("a damaged file is refused, and the refusal says what to do", async () => {
  const { environment, known } = await prepared();
  await admit(environment, known, 2, "a", 3);
  const { disk } = environment;
  const bytes = disk.bytes("/data/known-hosts");
  if (bytes === undefined) throw new Error("nothing was written");
  bytes[6] = (bytes[6] as number) ^ 1;
  disk.put("/data/known-hosts", bytes);
  await expect(open(restarted(environment))).rejects.toMatchObject({
    code: "CORRUPT_LOG",
    message: expect.stringMatching(/is damaged.*Replace this member: remove it .* as a new one\.$/),
  });
});
