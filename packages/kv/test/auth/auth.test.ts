import { describe, expect, test } from "vitest";
import { type Caller, SYSTEM_CALLER } from "../../src/caller.ts";
import type { KvCommand, TxnOperation, WriteRequest } from "../../src/command.ts";
import type { KvQuery, ReadRequest } from "../../src/query.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import type { WatchResponse } from "../../src/watch/watch-stream.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);
const ZERO = Uint8Array.of(0);

function put(key: string, more: object = {}): WriteRequest & { type: "put" } {
  return { type: "put", key: bytes(key), value: bytes("v"), ...more };
}
function get(key: string, rangeEnd?: string): TxnOperation & { type: "range" } {
  return rangeEnd === undefined
    ? { type: "range", key: bytes(key) }
    : { type: "range", key: bytes(key), rangeEnd: bytes(rangeEnd) };
}
function code(result: { readonly type: string }): string {
  return "code" in result ? String(result.code) : "ok";
}

/** A store with users and roles, and authentication on. */
class Guarded {
  readonly driver: MachineDriver = new MachineDriver(new MemoryStore());

  constructor() {
    this.run({ type: "userAdd", name: "root", passwordHash: "rh" });
    this.run({ type: "userGrantRole", name: "root", role: "root" });
    this.role("app", ["readwrite", "app/", "app0"]);
    this.role("pub", ["read", "pub/", "pub0"]);
    this.role("w", ["write", "w"]);
    for (const [name, role] of [
      ["alice", "app"],
      ["bob", "pub"],
      ["wally", "w"],
    ]) {
      this.run({ type: "userAdd", name: name as string, passwordHash: `${name}-hash` });
      this.run({ type: "userGrantRole", name: name as string, role: role as string });
    }
    this.run({ type: "authEnable" });
  }

  role(name: string, ...permissions: [string, string, string?][]): void {
    this.run({ type: "roleAdd", role: name });
    for (const [access, key, end] of permissions) {
      this.run({
        type: "roleGrantPermission",
        role: name,
        permission: {
          access: access as "read",
          key: bytes(key),
          rangeEnd: end === undefined ? undefined : bytes(end),
        },
      });
    }
  }

  /** As the group itself. */
  run(request: WriteRequest): void {
    expect(code(this.driver.apply({ ...request, caller: SYSTEM_CALLER } as KvCommand))).toBe("ok");
  }

  caller(name: string): Caller | undefined {
    if (name === "") return undefined;
    const status = this.driver.query({ type: "authStatus" });
    const authRevision = status.type === "authStatus" ? status.authRevision : 0;
    return { kind: "user", name, authRevision };
  }

  write(name: string, request: WriteRequest): string {
    return code(this.driver.apply({ ...request, caller: this.caller(name) } as KvCommand));
  }

  read(name: string, request: ReadRequest): string {
    return code(this.driver.query({ ...request, caller: this.caller(name) } as KvQuery));
  }
}

describe("users and roles", () => {
  function fresh(): (request: WriteRequest) => string {
    const driver = new MachineDriver(new MemoryStore());
    return (request) => code(driver.apply(request as KvCommand));
  }

  test("users: names are given once and not empty", () => {
    const apply = fresh();
    expect(apply({ type: "userAdd", name: "", passwordHash: "h" })).toBe("userEmpty");
    expect(apply({ type: "userAdd", name: "a", passwordHash: "h" })).toBe("ok");
    expect(apply({ type: "userAdd", name: "a", passwordHash: "h" })).toBe("userAlreadyExists");
    expect(apply({ type: "userDelete", name: "b" })).toBe("userNotFound");
    expect(apply({ type: "userChangePassword", name: "b", passwordHash: "h" })).toBe(
      "userNotFound",
    );
    expect(apply({ type: "userDelete", name: "a" })).toBe("ok");
  });

  test("roles: granted once each, sorted, taken away by name or with the role", () => {
    const driver = new MachineDriver(new MemoryStore());
    const apply = (request: WriteRequest) => code(driver.apply(request as KvCommand));
    const roles = () => {
      const answer = driver.query({ type: "userGet", name: "a" });
      return answer.type === "userGet" ? answer.roles : code(answer);
    };
    expect(roles()).toBe("userNotFound");
    apply({ type: "userAdd", name: "a", passwordHash: "h" });
    expect(apply({ type: "roleAdd", role: "" })).toBe("roleEmpty");
    for (const role of ["z", "B", "m"]) expect(apply({ type: "roleAdd", role })).toBe("ok");
    expect(apply({ type: "roleAdd", role: "z" })).toBe("roleAlreadyExists");
    for (const role of ["z", "B", "m", "m", "root"]) {
      expect(apply({ type: "userGrantRole", name: "a", role })).toBe("ok");
    }
    expect(roles()).toEqual(["B", "m", "root", "z"]);
    expect(apply({ type: "userGrantRole", name: "a", role: "none" })).toBe("roleNotFound");
    expect(apply({ type: "userGrantRole", name: "b", role: "z" })).toBe("userNotFound");
    expect(apply({ type: "userRevokeRole", name: "a", role: "none" })).toBe("roleNotGranted");
    expect(apply({ type: "userRevokeRole", name: "a", role: "m" })).toBe("ok");
    expect(apply({ type: "roleDelete", role: "z" })).toBe("ok");
    expect(apply({ type: "roleDelete", role: "z" })).toBe("roleNotFound");
    expect(roles()).toEqual(["B", "root"]);
    expect(driver.query({ type: "roleList" })).toMatchObject({ roles: ["B", "m"] });
    expect(driver.query({ type: "userList" })).toMatchObject({ users: ["a"] });
  });

  test("permissions: one per interval, listed by key, revoked by the exact interval", () => {
    const driver = new MachineDriver(new MemoryStore());
    const apply = (request: WriteRequest) => code(driver.apply(request as KvCommand));
    const grant = (access: "read" | "write", key: string, end?: string) =>
      apply({
        type: "roleGrantPermission",
        role: "r",
        permission: {
          access,
          key: bytes(key),
          rangeEnd: end === undefined ? undefined : bytes(end),
        },
      });
    expect(grant("read", "k")).toBe("roleNotFound");
    apply({ type: "roleAdd", role: "r" });
    for (const key of ["k", "c", "a"]) expect(grant("read", key)).toBe("ok");
    expect(grant("write", "k")).toBe("ok");
    expect(grant("read", "k", "z")).toBe("ok");
    expect(grant("read", "b", "a")).toBe("invalidAuthManagement");
    expect(grant("read", "")).toBe("invalidAuthManagement");
    expect(grant("read", "x", "\0")).toBe("ok");
    const answer = driver.query({ type: "roleGet", role: "r" });
    const listed = answer.type === "roleGet" ? answer.permissions : [];
    expect(listed.map(({ access, key }) => `${access} ${String.fromCharCode(...key)}`)).toEqual([
      "read a",
      "read c",
      "write k",
      "read k",
      "read x",
    ]);
    expect(apply({ type: "roleRevokePermission", role: "r", key: bytes("c") })).toBe("ok");
    expect(apply({ type: "roleRevokePermission", role: "r", key: bytes("c") })).toBe(
      "permissionNotGranted",
    );
    expect(apply({ type: "roleRevokePermission", role: "q", key: bytes("c") })).toBe(
      "roleNotFound",
    );
  });

  test("the role root shows that it may do everything", () => {
    const driver = new MachineDriver(new MemoryStore());
    expect(code(driver.query({ type: "roleGet", role: "root" }))).toBe("roleNotFound");
    driver.apply({ type: "roleAdd", role: "root" });
    expect(driver.query({ type: "roleGet", role: "root" })).toMatchObject({
      permissions: [{ access: "readwrite", key: Uint8Array.of(), rangeEnd: ZERO }],
    });
  });

  test("switching on needs the user root with the role root; the revision counts changes", () => {
    const driver = new MachineDriver(new MemoryStore());
    const apply = (request: WriteRequest) => code(driver.apply(request as KvCommand));
    const revision = () => {
      const answer = driver.query({ type: "authStatus" });
      return answer.type === "authStatus" ? [answer.enabled, answer.authRevision] : [];
    };
    expect(apply({ type: "authEnable" })).toBe("rootUserNotExist");
    apply({ type: "userAdd", name: "root", passwordHash: "h" });
    expect(apply({ type: "authEnable" })).toBe("rootRoleNotGranted");
    apply({ type: "userGrantRole", name: "root", role: "root" });
    expect(revision()).toEqual([false, 3]);
    expect(apply({ type: "authEnable" })).toBe("ok");
    expect(revision()).toEqual([true, 3]);
    expect(driver.machine.revision).toBe(1);
    const caller: Caller = { kind: "user", name: "root", authRevision: 3 };
    // From then on it is a call like any other that changes who may do what.
    expect(apply({ type: "authEnable" })).toBe("userEmpty");
    expect(code(driver.apply({ type: "authEnable", caller }))).toBe("ok");
    expect(revision()).toEqual([true, 3]);
    expect(code(driver.apply({ type: "authDisable", caller }))).toBe("ok");
    expect(apply({ type: "authDisable" })).toBe("ok");
    expect(revision()).toEqual([false, 4]);
  });

  test("everything survives flushing, reopening and snapshots", async () => {
    const guarded = new Guarded();
    const { driver } = guarded;
    await driver.flush();
    const again = await MachineDriver.open(driver.store);
    const restored = new MachineDriver(new MemoryStore());
    await restored.restore(await again.snapshot(), again.index);
    for (const member of [again, restored]) {
      const caller = guarded.caller("alice");
      expect(code(member.apply({ ...put("app/1"), caller }))).toBe("ok");
      expect(code(member.apply({ ...put("secret"), caller }))).toBe("permissionDenied");
      const query = { type: "userPassword", name: "alice" } as const;
      expect(member.query(query)).toMatchObject({ passwordHash: "alice-hash" });
    }
  });
});

describe("what a caller may do", () => {
  test.each<[string, string, WriteRequest]>([
    ["userEmpty", "", put("app/1")],
    ["userEmpty", "", { type: "deleteRange", key: bytes("app/1") }],
    ["userEmpty", "", { type: "txn", compare: [], success: [get("app/1")], failure: [] }],
    ["userEmpty", "", { type: "userAdd", name: "x", passwordHash: "" }],
    ["userEmpty", "", { type: "authDisable" }],
    ["userEmpty", "", { type: "leaseGrant", id: 9n, ttlSeconds: 9 }],
    ["permissionDenied", "ghost", put("app/1")],
    ["ok", "root", put("anything")],
    ["ok", "alice", put("app/1")],
    ["ok", "alice", put("app/1", { prevKv: true })],
    ["permissionDenied", "alice", put("app")],
    ["permissionDenied", "bob", put("pub/1")],
    ["permissionDenied", "bob", { type: "deleteRange", key: bytes("pub/1") }],
    ["ok", "wally", put("w")],
    ["permissionDenied", "wally", put("w", { prevKv: true })],
    ["permissionDenied", "wally", { type: "deleteRange", key: bytes("w"), prevKv: true }],
    ["ok", "wally", { type: "deleteRange", key: bytes("w") }],
    ["ok", "alice", { type: "deleteRange", key: bytes("app/"), rangeEnd: bytes("app0") }],
    ["permissionDenied", "alice", { type: "deleteRange", key: bytes("app/"), rangeEnd: ZERO }],
    ["ok", "alice", { type: "leaseGrant", id: 9n, ttlSeconds: 9 }],
    ["permissionDenied", "alice", { type: "compact", revision: 1 }],
    ["permissionDenied", "alice", { type: "userAdd", name: "x", passwordHash: "" }],
    ["permissionDenied", "alice", { type: "authDisable" }],
    [
      "permissionDenied",
      "alice",
      { type: "alarm", action: "activate", memberId: 1n, alarm: "nospace" },
    ],
    ["permissionDenied", "alice", { type: "leaseCheckpoint", checkpoints: [] }],
    ["invalidAuthManagement", "root", { type: "userDelete", name: "root" }],
    ["invalidAuthManagement", "root", { type: "roleDelete", role: "root" }],
    ["invalidAuthManagement", "root", { type: "userRevokeRole", name: "root", role: "root" }],
  ])("%s: %s, %o", (expected, name, request) => {
    expect(new Guarded().write(name, request)).toBe(expected);
  });

  test.each<[string, string, ReadRequest]>([
    ["userEmpty", "", get("app/1")],
    ["userEmpty", "", { type: "status" }],
    ["ok", "alice", { type: "status" }],
    ["ok", "", { type: "authStatus" }],
    ["permissionDenied", "alice", get("nothing/there")],
    ["ok", "alice", get("app/", "app0")],
    ["permissionDenied", "alice", get("app", "app0")],
    ["permissionDenied", "alice", get("\0", "\0")],
    ["ok", "bob", get("pub/1")],
    ["permissionDenied", "wally", get("w")],
    ["ok", "alice", { type: "userGet", name: "alice" }],
    ["permissionDenied", "alice", { type: "userGet", name: "root" }],
    ["ok", "alice", { type: "roleGet", role: "app" }],
    ["permissionDenied", "alice", { type: "roleGet", role: "pub" }],
    ["permissionDenied", "alice", { type: "userList" }],
    ["permissionDenied", "alice", { type: "hashKv", revision: 0 }],
    ["userEmpty", "", { type: "authorize", need: "user" }],
    ["ok", "alice", { type: "authorize", need: "user" }],
    ["permissionDenied", "alice", { type: "authorize", need: "root" }],
    ["ok", "root", { type: "authorize", need: "root" }],
    [
      "permissionDenied",
      "alice",
      { type: "txn", compare: [], success: [get("app/1")], failure: [get("secret")] },
    ],
    [
      "permissionDenied",
      "alice",
      {
        type: "txn",
        compare: [{ key: bytes("secret"), target: "version", result: "equal", operand: 0 }],
        success: [],
        failure: [],
      },
    ],
  ])("%s: %s asks %o", (expected, name, request) => {
    expect(new Guarded().read(name, request)).toBe(expected);
  });

  test("permissions that touch join into one interval, and an open end has no end", () => {
    const guarded = new Guarded();
    guarded.role("adjacent", ["read", "j", "k"], ["read", "k", "l"]);
    guarded.role("open", ["read", "x", "\0"]);
    guarded.run({ type: "userGrantRole", name: "bob", role: "adjacent" });
    guarded.run({ type: "userGrantRole", name: "bob", role: "open" });
    expect(guarded.read("bob", get("j", "l"))).toBe("ok");
    expect(guarded.read("bob", get("j", "m"))).toBe("permissionDenied");
    expect(guarded.read("bob", get("x", "\0"))).toBe("ok");
    expect(guarded.read("bob", get("zzz"))).toBe("ok");
    guarded.run({ type: "userRevokeRole", name: "bob", role: "open" });
    expect(guarded.read("bob", get("zzz"))).toBe("permissionDenied");
  });

  test("a lease with someone else's keys can be neither used nor revoked nor looked into", () => {
    const guarded = new Guarded();
    guarded.run({ type: "leaseGrant", id: 5n, ttlSeconds: 60 });
    guarded.run(put("secret", { lease: 5n }));
    expect(guarded.write("alice", put("app/9", { lease: 5n }))).toBe("permissionDenied");
    expect(guarded.write("alice", { type: "leaseRevoke", id: 5n })).toBe("permissionDenied");
    const query = { type: "leaseTimeToLive", id: 5n, nowMs: 0 } as const;
    expect(guarded.read("alice", { ...query, keys: true })).toBe("permissionDenied");
    expect(guarded.read("alice", { ...query, keys: false })).toBe("ok");
    expect(guarded.read("alice", { type: "leases" })).toBe("permissionDenied");
    expect(guarded.write("root", { type: "leaseRevoke", id: 5n })).toBe("ok");
  });

  test("an identity that was proven before the last change is not trusted any more", () => {
    const guarded = new Guarded();
    const caller = guarded.caller("alice");
    guarded.run({ type: "roleAdd", role: "new" });
    const command = { ...put("app/1"), caller } as KvCommand;
    expect(code(guarded.driver.apply(command))).toBe("authOldRevision");
    const query = { ...get("app/1"), caller } as KvQuery;
    expect(code(guarded.driver.query(query))).toBe("authOldRevision");
  });

  test("watching needs the permission to read", () => {
    const { driver, ...rest } = new Guarded();
    void rest;
    const stream = driver.machine.watch.openStream(() => undefined);
    const wish = {
      startRevision: 0,
      watchId: 0,
      noPut: false,
      noDelete: false,
      prevKv: false,
      progressNotify: false,
    };
    const status = driver.query({ type: "authStatus" });
    const authRevision = status.type === "authStatus" ? status.authRevision : 0;
    const caller: Caller = { kind: "user", name: "alice", authRevision };
    stream.create({ ...wish, key: bytes("app/"), rangeEnd: bytes("app0"), caller });
    stream.create({ ...wish, key: bytes("secret"), caller });
    stream.create({ ...wish, key: bytes("app/1") });
    const answers = stream
      .take(1000)
      .map((r: WatchResponse) => (r.type === "refused" ? r.reason : r.type));
    expect(answers).toEqual(["created", "permissionDenied", "userEmpty"]);
  });
});

describe("tokens", () => {
  function login(guarded: Guarded, name: string, hash: string): string {
    const result = guarded.driver.apply({
      type: "authenticate",
      name,
      passwordHash: hash,
      token: "abcdefghijklmnop",
    });
    return result.type === "authenticate" ? result.token : code(result);
  }

  test("a proven password gives a token that names the place in the log", () => {
    const guarded = new Guarded();
    const token = login(guarded, "alice", "alice-hash");
    expect(token).toBe(`abcdefghijklmnop.${guarded.driver.index}`);
    expect(guarded.driver.machine.tokens.userOf(token, 1000)).toBe("alice");
    expect(guarded.driver.machine.tokens.userOf("nonsense", 1000)).toBeUndefined();
  });

  test.each([
    ["authFailed", "alice", "a hash that was replaced meanwhile"],
    ["authFailed", "ghost", ""],
    ["noPasswordUser", "np", ""],
  ])("%s for %s", (expected, name, hash) => {
    const guarded = new Guarded();
    guarded.run({ type: "userAdd", name: "np", passwordHash: "ignored", noPassword: true });
    expect(login(guarded, name, hash)).toBe(expected);
    const asked = code(guarded.driver.query({ type: "userPassword", name }));
    expect(asked).toBe(name === "alice" ? "ok" : expected);
  });

  test("while authentication is off there are none", () => {
    const driver = new MachineDriver(new MemoryStore());
    expect(code(driver.query({ type: "userPassword", name: "a" }))).toBe("authNotEnabled");
    const command = { type: "authenticate", name: "a", passwordHash: "", token: "t" } as const;
    expect(code(driver.apply(command))).toBe("authNotEnabled");
  });

  test("they live as long as they are used", () => {
    const guarded = new Guarded();
    const { tokens } = guarded.driver.machine;
    tokens.expire(0);
    const token = login(guarded, "alice", "alice-hash");
    expect(tokens.userOf(token, 299_999)).toBe("alice");
    expect(tokens.userOf(token, 599_998)).toBe("alice");
    expect(tokens.userOf(token, 899_998)).toBeUndefined();
    expect(tokens.size).toBe(0);
  });

  test("they end with the password, the user, and authentication itself", () => {
    const guarded = new Guarded();
    const { tokens } = guarded.driver.machine;
    const [a, b, w] = [
      login(guarded, "alice", "alice-hash"),
      login(guarded, "bob", "bob-hash"),
      login(guarded, "wally", "wally-hash"),
    ];
    guarded.run({ type: "userChangePassword", name: "alice", passwordHash: "new" });
    guarded.run({ type: "userDelete", name: "wally" });
    expect([a, b, w].map((token) => tokens.userOf(token, 1))).toEqual([
      undefined,
      "bob",
      undefined,
    ]);
    guarded.run({ type: "authDisable" });
    expect(tokens.userOf(b, 2)).toBeUndefined();
  });
});
