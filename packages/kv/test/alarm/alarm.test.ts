import { describe, expect, test } from "vitest";
import { SpaceGuard } from "../../src/alarm/space-guard.ts";
import type { AlarmRequest, KvCommand } from "../../src/command.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

function put(key: string, length = 1): KvCommand & { type: "put" } {
  return { type: "put", key: bytes(key), value: new Uint8Array(length) };
}
function alarm(action: "activate" | "deactivate", more: Partial<AlarmRequest> = {}): KvCommand {
  return { type: "alarm", action, memberId: 2n ** 64n - 1n, alarm: "nospace", ...more };
}
function code(result: { readonly type: string }): string {
  return "code" in result ? String(result.code) : "ok";
}
const PAIR = { memberId: 2n ** 64n - 1n, alarm: "nospace" };

describe("alarms", () => {
  test("are raised, listed by kind, and cleared once", () => {
    const driver = new MachineDriver(new MemoryStore());
    expect(driver.apply(alarm("activate"))).toEqual({ type: "alarm", alarms: [PAIR], revision: 1 });
    expect(driver.apply(alarm("activate"))).toMatchObject({ alarms: [PAIR] });
    expect(driver.query({ type: "alarms" })).toMatchObject({ alarms: [PAIR] });
    expect(driver.query({ type: "alarms", alarm: "corrupt" })).toMatchObject({ alarms: [] });
    expect(driver.apply(alarm("deactivate"))).toMatchObject({ alarms: [PAIR] });
    expect(driver.apply(alarm("deactivate"))).toMatchObject({ alarms: [] });
  });

  test.each<[string, string, KvCommand]>([
    ["noSpace", "corrupt", put("a")],
    ["noSpace", "corrupt", { type: "txn", compare: [], success: [], failure: [put("b")] }],
    [
      "noSpace",
      "corrupt",
      {
        type: "txn",
        compare: [],
        success: [{ type: "txn", compare: [], success: [put("b")], failure: [] }],
        failure: [],
      },
    ],
    ["noSpace", "corrupt", { type: "leaseGrant", id: 3n, ttlSeconds: 5 }],
    ["ok", "corrupt", { type: "deleteRange", key: bytes("old") }],
    [
      "ok",
      "corrupt",
      { type: "txn", compare: [], success: [{ type: "range", key: bytes("a") }], failure: [] },
    ],
    ["ok", "corrupt", { type: "compact", revision: 2 }],
    ["ok", "corrupt", { type: "leaseRevoke", id: 1n }],
    ["ok", "ok", { type: "userAdd", name: "x", passwordHash: "h" }],
    ["ok", "ok", { type: "leaseCheckpoint", checkpoints: [] }],
  ])("under nospace %s, under corrupt %s: %o", (noSpace, corrupt, command) => {
    for (const [kind, expected] of [
      ["nospace", noSpace],
      ["corrupt", corrupt],
    ] as const) {
      const driver = new MachineDriver(new MemoryStore());
      driver.apply(put("old"));
      driver.apply({ type: "leaseGrant", id: 1n, ttlSeconds: 60 });
      driver.apply(alarm("activate", { alarm: kind }));
      expect(code(driver.apply(command))).toBe(expected);
      expect(driver.query({ type: "range", key: bytes("old") }).type).toBe("range");
      driver.apply(alarm("deactivate", { alarm: kind }));
      expect(code(driver.apply(put("again")))).toBe("ok");
    }
  });

  test("survive reopening and snapshots", async () => {
    const driver = new MachineDriver(new MemoryStore());
    driver.apply(alarm("activate", { automatic: true }));
    driver.apply(alarm("activate", { memberId: 3n, alarm: "corrupt" }));
    await driver.flush();
    const again = await MachineDriver.open(driver.store);
    const restored = new MachineDriver(new MemoryStore());
    await restored.restore(await again.snapshot(), again.index);
    for (const member of [again, restored]) {
      expect(member.machine.alarms).toEqual(driver.machine.alarms);
      expect(code(member.apply(put("a")))).toBe("corrupt");
    }
  });
});

describe("the quota", () => {
  const memberId = 7n;

  function guarded(quotaBytes: number): { driver: MachineDriver; guard: SpaceGuard } {
    const driver = new MachineDriver(new MemoryStore());
    return { driver, guard: new SpaceGuard(driver.machine, { memberId, quotaBytes }) };
  }

  test("refuses what would go beyond it, and what costs nothing never", () => {
    const { driver, guard } = guarded(10_000);
    expect(guard.check(put("a", 1000))).toBeUndefined();
    expect(guard.check(put("a", 10_000))?.code).toBe("noSpace");
    driver.apply(put("a", 9_740));
    expect(guard.check(put("b", 1))?.code).toBe("noSpace");
    expect(guard.check({ type: "leaseGrant", id: 1n, ttlSeconds: 5 })).toBeUndefined();
    expect(guard.check({ type: "deleteRange", key: bytes("a") })).toBeUndefined();
    expect(guard.check({ type: "compact", revision: 2 })).toBeUndefined();
  });

  test("of a transaction the larger branch counts", () => {
    const { guard } = guarded(10_000);
    const small = [put("a", 100)];
    const large = [put("a", 5000), put("b", 5000)];
    const txn = (success: KvCommand[], failure: KvCommand[]) =>
      ({ type: "txn", compare: [], success, failure }) as KvCommand;
    expect(guard.check(txn(small, small))).toBeUndefined();
    expect(guard.check(txn(small, large))?.code).toBe("noSpace");
    expect(guard.check(txn([txn(large, []) as never], []))?.code).toBe("noSpace");
  });

  test("raises the alarm after a refusal and takes it back when there is room again", async () => {
    const { driver, guard } = guarded(100_000);
    expect(guard.due()).toBeUndefined();
    for (let i = 0; i < 10; i++) driver.apply(put("a", 9_800));
    expect(guard.check(put("a", 9_800))?.code).toBe("noSpace");
    const raised = guard.due();
    expect(raised).toMatchObject({ action: "activate", memberId, automatic: true });
    driver.apply(raised as KvCommand);
    expect(guard.due()).toBeUndefined();
    expect(code(driver.apply(put("b")))).toBe("noSpace");
    driver.apply({ type: "deleteRange", key: bytes("a") });
    driver.apply({ type: "compact", revision: driver.machine.revision });
    await driver.flush();
    driver.deferred.drain();
    await driver.flush();
    const taken = guard.due();
    expect(taken).toMatchObject({ action: "deactivate", automatic: true });
    driver.apply(taken as KvCommand);
    expect(code(driver.apply(put("b")))).toBe("ok");
    expect(guard.due()).toBeUndefined();
  });

  test("leaves alone what people raised", () => {
    const { driver, guard } = guarded(100_000);
    driver.apply({ type: "alarm", action: "activate", memberId, alarm: "nospace" });
    expect(guard.due()).toBeUndefined();
    const automatic = { type: "alarm", memberId, alarm: "nospace", automatic: true } as const;
    driver.apply({ ...automatic, action: "activate" });
    expect(driver.apply({ ...automatic, action: "deactivate" })).toMatchObject({ alarms: [] });
    expect(driver.machine.alarms).toHaveLength(1);
  });

  test("without a quota nothing is refused", () => {
    const { driver, guard } = guarded(0);
    driver.apply(put("a", 100_000));
    expect(guard.check(put("a", 100_000))).toBeUndefined();
    expect(guard.due()).toBeUndefined();
  });
});
