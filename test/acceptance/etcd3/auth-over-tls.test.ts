import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Etcd3, EtcdPermissionDeniedError } from "etcd3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selfSigned } from "../../../packages/server/src/tls/self-signed.ts";
import { serve } from "../members.ts";

const PORT = 26_640;

const folder = mkdtempSync(join(tmpdir(), "quorate-etcd3-tls-"));
const { certificate, key } = selfSigned(["127.0.0.1", "localhost"], new Date());
const credentials = { rootCertificate: Buffer.from(certificate) };
const hosts = `https://localhost:${PORT}`;
let member: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const files = { certificate: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key);
  const peer = `http://127.0.0.1:${PORT + 1}`;
  member = await serve([
    "--name=s1",
    `--data-dir=${join(folder, "data")}`,
    `--listen-client-urls=https://127.0.0.1:${PORT}`,
    `--advertise-client-urls=${hosts}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=s1=${peer}`,
    `--cert-file=${files.certificate}`,
    `--key-file=${files.key}`,
  ]);
});
afterAll(async () => {
  await member.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("npm's etcd3 with users and roles over TLS", async () => {
  const root = { username: "root", password: "secret" };
  const open = new Etcd3({ hosts, credentials });
  await open.user("root").create(root.password);
  await open.role("root").create();
  await open.user("root").addRole("root");
  await open.role("reader").create();
  await open.role("reader").grant({ permission: "Read", range: open.range({ prefix: "public/" }) });
  await open.user("ann").create("pw");
  await open.user("ann").addRole("reader");
  await open.auth.authEnable();
  try {
    await expect(open.get("public/a").string()).rejects.toThrow("user name is empty");
    const admin = new Etcd3({ hosts, credentials, auth: root });
    await admin.put("public/a").value("1");
    await admin.put("private/a").value("2");
    const ann = new Etcd3({ hosts, credentials, auth: { username: "ann", password: "pw" } });
    expect(await ann.getAll().prefix("public/").strings()).toEqual({ "public/a": "1" });
    await expect(ann.put("public/a").value("x")).rejects.toBeInstanceOf(EtcdPermissionDeniedError);
    await expect(ann.get("private/a").string()).rejects.toThrow("permission denied");
    const wrong = new Etcd3({ hosts, credentials, auth: { username: "ann", password: "no" } });
    await expect(wrong.get("public/a").string()).rejects.toThrow("authentication failed");
    await admin
      .role("reader")
      .revoke({ permission: "Read", range: admin.range({ prefix: "public/" }) });
    await expect(ann.get("public/a").string()).rejects.toThrow("permission denied");
    await admin.auth.authDisable();
    for (const client of [admin, ann, wrong]) client.close();
  } finally {
    open.close();
  }
});

test("a client that does not know the certificate is not served", async () => {
  const stranger = new Etcd3({
    hosts,
    credentials: {
      rootCertificate: Buffer.from(selfSigned(["localhost"], new Date()).certificate),
    },
    defaultCallOptions: () => ({ deadline: Date.now() + 5000 }),
  });
  await expect(stranger.get("public/a").string()).rejects.toThrow();
  stranger.close();
});
