import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthService as Auth, KVService as KV, utf8 } from "@quorate/protocol";
import { afterAll, expect, test } from "vitest";
import { JWT_METHODS, type JwtMethod, readJwt, signJwt } from "../../src/auth/jwt.ts";
import { readJwtKeys } from "../../src/auth/jwt-settings.ts";
import { OneMember } from "../member/one-member.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-jwt-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const CURVES: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

function keysFor(method: JwtMethod): {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
} {
  if (method.startsWith("HS")) {
    const secret = createSecretKey(Buffer.alloc(64, 7));
    return { privateKey: secret, publicKey: secret };
  }
  if (method === "EdDSA") return generateKeyPairSync("ed25519");
  const namedCurve = CURVES[method];
  return namedCurve === undefined ? RSA : generateKeyPairSync("ec", { namedCurve });
}

const CLAIMS = { username: "ann", revision: 3, exp: 1000 };

test.each(JWT_METHODS)("%s: what is signed is read, what was changed is not", (method) => {
  const { privateKey, publicKey } = keysFor(method);
  const token = signJwt(CLAIMS, method, privateKey);
  expect(readJwt(token, method, publicKey, 999_000)).toEqual(CLAIMS);
  expect(readJwt(token, method, publicKey, 1_000_000)).toBeUndefined();
  const [head, , proof] = token.split(".");
  const forged = Buffer.from(JSON.stringify({ ...CLAIMS, username: "root" })).toString("base64url");
  expect(readJwt(`${head}.${forged}.${proof}`, method, publicKey, 0)).toBeUndefined();
  const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  expect(readJwt(`${none}.${forged}.`, method, publicKey, 0)).toBeUndefined();
});

test("a public key is no secret: a token signed with its text is refused", () => {
  const pem = RSA.publicKey.export({ type: "spki", format: "pem" });
  const token = signJwt(CLAIMS, "HS256", createSecretKey(Buffer.from(pem)));
  expect(readJwt(token, "RS256", RSA.publicKey, 0)).toBeUndefined();
});

test("a token of another library is read (RFC 7515, appendix A.1)", () => {
  const token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const secret =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
  const key = createSecretKey(Buffer.from(secret, "base64url"));
  expect(readJwt(token, "HS256", key, 0)).toMatchObject({ iss: "joe" });
});

test.each([
  ["token", "--auth-token must be simple or jwt,…"],
  ["jwt", "sign-method must be one of"],
  ["jwt,sign-method=RS256", "jwt needs priv-key or pub-key"],
  ["jwt,sign-method=RS256,key=x", '"key=x" is none of'],
  ["jwt,sign-method=RS256,priv-key=/nowhere", "/nowhere holds no key that can be read"],
])("--auth-token=%s is refused", (setting, why) => {
  expect(() => readJwtKeys(setting)).toThrow(why);
});

test("a key of the wrong type is refused", () => {
  const file = join(folder, "ed.pem");
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
  expect(() => readJwtKeys(`jwt,sign-method=RS256,priv-key=${file}`)).toThrow(
    "RS256 needs a key of type rsa, not ed25519",
  );
});

test("a member that issues and checks them; any change of users makes them old", async () => {
  const file = join(folder, "rsa.pem");
  writeFileSync(file, RSA.privateKey.export({ type: "pkcs8", format: "pem" }));
  const member = await OneMember.start([
    "--bcrypt-cost=4",
    `--auth-token=jwt,sign-method=PS256,priv-key=${file},ttl=1m`,
  ]);
  try {
    const { api } = member;
    await api.call(Auth.userAdd, { name: "root", password: "secret" });
    await api.call(Auth.userGrantRole, { user: "root", role: "root" });
    await api.call(Auth.authEnable, {});
    const login = { name: "root", password: "secret" };
    const { token } = await api.call(Auth.authenticate, login);
    expect(readJwt(token, "PS256", RSA.publicKey, Date.now())).toMatchObject({ username: "root" });
    const key = utf8("a");
    expect((await api.call(KV.put, { key, value: key }, { token })).header?.revision).toBe(2);
    expect((await api.call(KV.range, { key }, { authorization: `Bearer ${token}` })).count).toBe(1);
    expect(await api.failure(KV.range, { key }, { token: `${token}x` })).toEqual({
      code: 16,
      details: "etcdserver: invalid auth token",
    });
    await api.call(Auth.roleAdd, { name: "r" }, { token });
    expect(await api.failure(KV.range, { key }, { token })).toEqual({
      code: 3,
      details: "etcdserver: revision of auth store is old",
    });
    const again = await api.call(Auth.authenticate, login);
    expect((await api.call(KV.range, { key }, { token: again.token })).count).toBe(1);
  } finally {
    await member.stop();
  }
});
