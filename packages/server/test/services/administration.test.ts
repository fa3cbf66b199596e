import { createHash } from "node:crypto";
import {
  AuthService as Auth,
  ClusterService as Cluster,
  HealthService,
  KVService as KV,
  MaintenanceService as Maintenance,
  utf8,
  WatchService,
} from "@quorate/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start(["--bcrypt-cost=4"]);
});
afterAll(() => member.stop());

const put = (key: string, value: string, metadata = {}): Promise<unknown> =>
  member.api.call(KV.put, { key: utf8(key), value: utf8(value) }, metadata);

describe("maintenance", () => {
  test("status tells version, leader, log and size", async () => {
    const status = await member.api.call(Maintenance.status, {});
    expect(status).toMatchObject({
      version: "3.6.0",
      storageVersion: "3.6.0",
      isLearner: false,
      errors: [],
      dbSizeQuota: 2 * 1024 ** 3,
    });
    expect(status.leader).toBe(status.header?.memberId);
    expect(status.raftAppliedIndex).toBeGreaterThan(0);
    expect(status.dbSizeInUse).toBeLessThanOrEqual(status.dbSize);
  });

  test("an alarm stops writing until it is cleared", async () => {
    const { header } = await member.api.call(Maintenance.status, {});
    const alarm = { memberId: header?.memberId, alarm: 1 };
    expect((await member.api.call(Maintenance.alarm, { action: 1, ...alarm })).alarms).toEqual([
      alarm,
    ]);
    expect(await member.api.failure(KV.put, { key: utf8("a"), value: utf8("1") })).toEqual({
      code: 8,
      details: "etcdserver: mvcc: database space exceeded",
    });
    const { errors } = await member.api.call(Maintenance.status, {});
    expect(errors).toEqual([`memberID:${header?.memberId} alarm:NOSPACE `]);
    const health = await fetch(`${member.url}/health`);
    expect([health.status, await health.json()]).toEqual([
      503,
      { health: "false", reason: "ALARM NOSPACE" },
    ]);
    const excluded = await fetch(`${member.url}/health?exclude=NOSPACE`);
    expect(excluded.status).toBe(200);
    await excluded.text();
    expect((await member.api.call(Maintenance.alarm, { action: 0 })).alarms).toEqual([alarm]);
    expect((await member.api.call(Maintenance.alarm, { action: 2, ...alarm })).alarms).toEqual([
      alarm,
    ]);
    await put("a", "1");
  });

  test("a hash of the history, and a snapshot with its checksum", async () => {
    await put("hashed", "1");
    const hashed = await member.api.call(Maintenance.hashKv, {});
    expect(hashed.hashRevision).toBe(hashed.header?.revision);
    expect(
      await member.api.call(Maintenance.hashKv, { revision: hashed.hashRevision }),
    ).toMatchObject({
      hash: hashed.hash,
    });
    const stream = member.api.serverStream(Maintenance.snapshot, {});
    const hash = createHash("sha256");
    let size = 0;
    for (;;) {
      const { blob, remainingBytes } = await stream.next();
      if (remainingBytes === 0 && blob.length === 32 && size % 512 === 0 && size > 0) {
        expect(Buffer.from(blob).equals(hash.digest())).toBe(true);
        break;
      }
      size += blob.length;
      hash.update(blob);
    }
    expect(await stream.failure()).toEqual({ code: 0, details: "" });
  });

  test("leadership goes nowhere when there is nobody", async () => {
    expect(await member.api.failure(Maintenance.moveLeader, { targetId: 5n })).toEqual({
      code: 9,
      details: "etcdserver: bad leader transferee",
    });
  });

  test.each([
    [{ action: 0, version: "3.5" }, 0, ""],
    [{ action: 0, version: "3.5.0" }, 0, ""],
    [{ action: 0, version: "3.3" }, 3, "etcdserver: invalid downgrade target version"],
    [{ action: 0, version: "soon" }, 3, "etcdserver: wrong downgrade target version format"],
    [{ action: 2 }, 9, "etcdserver: no inflight downgrade job"],
  ])("downgrade %j", async (request, code, details) => {
    expect(await member.api.failure(Maintenance.downgrade, request)).toEqual({ code, details });
  });

  test("the health service knows the member and nothing else", async () => {
    expect((await member.api.call(HealthService.check, {})).status).toBe(1);
    expect(await member.api.failure(HealthService.check, { service: "x" })).toMatchObject({
      code: 5,
    });
    const stream = member.api.serverStream(HealthService.watch, {});
    expect((await stream.next()).status).toBe(1);
    stream.cancel();
  });
});

describe("members", () => {
  test("a learner comes, is not promoted before it is there, and goes", async () => {
    const { members } = await member.api.call(Cluster.memberList, { linearizable: true });
    expect(members.map(({ name }) => name)).toEqual(["solo"]);
    const added = await member.api.call(Cluster.memberAdd, {
      peerUrls: ["http://127.0.0.1:1"],
      isLearner: true,
    });
    const id = added.member?.id ?? 0n;
    expect(added.members).toContainEqual(
      expect.objectContaining({ id, name: "", clientUrls: [], isLearner: true }),
    );
    expect(await member.api.failure(Cluster.memberPromote, { id })).toEqual({
      code: 9,
      details: "etcdserver: can only promote a learner member which is in sync with leader",
    });
    await member.api.call(Cluster.memberUpdate, { id, peerUrls: ["http://127.0.0.1:2"] });
    const again = { peerUrls: ["http://127.0.0.1:2"], isLearner: true };
    expect(await member.api.failure(Cluster.memberAdd, again)).toEqual({
      code: 9,
      details: "etcdserver: Peer URLs already exists",
    });
    expect(
      await member.api.failure(Cluster.memberAdd, { peerUrls: ["http://a:1"], isLearner: true }),
    ).toEqual({
      code: 9,
      details: "etcdserver: too many learner members in cluster",
    });
    expect((await member.api.call(Cluster.memberRemove, { id })).members).toHaveLength(1);
    expect(await member.api.failure(Cluster.memberRemove, { id })).toMatchObject({ code: 5 });
  });

  test.each([[[]], [["nowhere"]], [["ftp://a:1"]], [["http://a"]], [["http://a:1/x"]]])(
    "peer URLs %j are invalid",
    async (peerUrls) => {
      expect(await member.api.failure(Cluster.memberAdd, { peerUrls })).toEqual({
        code: 3,
        details: "etcdserver: given member URLs are invalid",
      });
    },
  );
});

describe("users", () => {
  const root = { name: "root", password: "secret" };
  const tokenOf = async (name: string, password: string): Promise<{ readonly token: string }> => {
    const { token } = await member.api.call(Auth.authenticate, { name, password });
    return { token };
  };

  afterEach(async () => {
    const { enabled } = await member.api.call(Auth.authStatus, {});
    if (enabled) await member.api.call(Auth.authDisable, {}, await tokenOf("root", "secret"));
  });

  test("see and change what their roles allow", async () => {
    await member.api.call(Auth.userAdd, root);
    await member.api.call(Auth.userGrantRole, { user: "root", role: "root" });
    await member.api.call(Auth.userAdd, { name: "ann", password: "pw" });
    await member.api.call(Auth.roleAdd, { name: "reader" });
    const perm = { permType: 0, key: utf8("public/"), rangeEnd: utf8("public0") };
    await member.api.call(Auth.roleGrantPermission, { name: "reader", perm });
    await member.api.call(Auth.userGrantRole, { user: "ann", role: "reader" });
    expect(await member.api.failure(Auth.authenticate, { name: "ann", password: "pw" })).toEqual({
      code: 9,
      details: "etcdserver: authentication is not enabled",
    });
    await member.api.call(Auth.authEnable, {});

    const ann = await tokenOf("ann", "pw");
    expect(ann.token).toMatch(/^[A-Za-z]{16}\.\d+$/);
    await member.api.call(KV.range, { key: utf8("public/x") }, ann);
    const refused = { code: 7, details: "etcdserver: permission denied" };
    const key = utf8("public/x");
    expect(await member.api.failure(KV.put, { key }, ann)).toEqual(refused);
    expect(await member.api.failure(KV.range, { key: utf8("private") }, ann)).toEqual(refused);
    expect(await member.api.failure(Maintenance.moveLeader, { targetId: 1n }, ann)).toEqual(
      refused,
    );
    expect(await member.api.failure(KV.range, { key })).toEqual({
      code: 3,
      details: "etcdserver: user name is empty",
    });
    expect(await member.api.failure(KV.range, { key }, { token: "made.up" })).toEqual({
      code: 16,
      details: "etcdserver: invalid auth token",
    });
    expect(await member.api.failure(Auth.authenticate, { name: "ann", password: "no" })).toEqual({
      code: 3,
      details: "etcdserver: authentication failed, invalid user ID or password",
    });
    const watch = member.api.stream(WatchService.watch, ann);
    watch.write({ requestUnion: { kind: "createRequest", value: { key: utf8("private") } } });
    expect(await watch.next()).toMatchObject({
      canceled: true,
      cancelReason: "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
    });
    watch.write({ requestUnion: { kind: "createRequest", value: { key } } });
    expect(await watch.next()).toMatchObject({ created: true, canceled: false });
    watch.cancel();
    const health = await fetch(`${member.url}/health`);
    expect(health.status).toBe(200);
    await health.text();

    // A changed password ends the tokens that the old one got.
    const boss = await tokenOf("root", "secret");
    await member.api.call(Auth.userChangePassword, { name: "ann", password: "new" }, boss);
    expect(await member.api.failure(KV.range, { key }, ann)).toMatchObject({ code: 16 });
    expect((await member.api.call(Auth.userGet, { name: "ann" }, boss)).roles).toEqual(["reader"]);
    expect((await member.api.call(Auth.roleGet, { role: "reader" }, boss)).perm).toEqual([perm]);
    expect((await member.api.call(Auth.userList, {}, boss)).users).toEqual(["ann", "root"]);
    expect(await member.api.failure(Auth.userDelete, { name: "root" }, boss)).toEqual({
      code: 3,
      details: "etcdserver: invalid auth management",
    });
  });

  test.each([
    [{}, "etcdserver: user name is empty"],
    [{ name: "root", password: "x" }, "etcdserver: user name already exists"],
  ])("adding %j is refused", async (request, details) => {
    expect((await member.api.failure(Auth.userAdd, request)).details).toBe(details);
  });
});
