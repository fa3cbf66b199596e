import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { Client } from "@quorate/client";
import { AuthService as Auth } from "@quorate/protocol";
import { afterEach, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { SILENT } from "../../src/log/logger.ts";
import { Member } from "../../src/member/member.ts";
import { selfSigned } from "../../src/tls/self-signed.ts";
import { freePorts } from "../processes/member-process.ts";

const cleanup: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

interface Secured {
  readonly endpoint: string;
  readonly port: number;
  readonly cert: string;
  readonly key: string;
}

/** A member that serves clients with TLS, from files that can be replaced. */
async function secured(flags: (cert: string) => readonly string[] = () => []): Promise<Secured> {
  const folder = mkdtempSync(join(tmpdir(), "quorate-certificates-"));
  cleanup.push(() => rmSync(folder, { recursive: true, force: true }));
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  writeNew(cert, key);
  const [port = 0, peer] = await freePorts(2);
  const request = loadSettings(
    [
      `--data-dir=${join(folder, "data")}`,
      `--listen-client-urls=https://127.0.0.1:${port}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--cert-file=${cert}`,
      `--key-file=${key}`,
      "--bcrypt-cost=4",
      ...flags(cert),
    ],
    {},
  );
  if (request.wants !== "serve") throw new Error("these are no settings of a member");
  const member = await Member.start(request.settings, SILENT, () => {});
  cleanup.push(() => member.close());
  return { endpoint: `127.0.0.1:${port}`, port, cert, key };
}

/** Returns the certificate that was written. */
function writeNew(cert: string, key: string): string {
  const made = selfSigned(["127.0.0.1", "localhost"], new Date());
  writeFileSync(key, made.key);
  writeFileSync(cert, made.certificate);
  return made.certificate;
}

/** The fingerprint of the certificate that a new connection is shown. */
function shownAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

test("a certificate that is replaced on the disk is shown to new connections; the old ones go on", async () => {
  const { endpoint, port, cert, key } = await secured();
  const client = new Client({ endpoints: [endpoint], tls: { insecureSkipVerify: true } });
  cleanup.push(() => client.close());
  await client.put("a", "1");
  const before = await shownAt(port);
  writeNew(cert, key);
  await expect.poll(() => shownAt(port), { timeout: 20_000, interval: 500 }).not.toBe(before);
  expect((await client.get("a")).count).toBe(1);
});

test("the common name of a client's certificate is its user, but not through the gateway", async () => {
  const { endpoint, port, cert, key } = await secured((file) => [
    "--client-cert-auth",
    `--trusted-ca-file=${file}`,
  ]);
  const tls = { ca: readFileSync(cert), cert: readFileSync(cert), key: readFileSync(key) };
  const client = new Client({ endpoints: [endpoint], tls });
  cleanup.push(() => client.close());
  const name = await new Promise<string>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", ...tls }, () => {
      const common = socket.getPeerCertificate().subject.CN;
      resolve(String(Array.isArray(common) ? common[0] : common));
      socket.destroy();
    });
  });
  const root = { name: "root", password: "secret" };
  await client.call(Auth.userAdd, root, "write");
  await client.call(Auth.userGrantRole, { user: "root", role: "root" }, "write");
  await client.call(Auth.userAdd, { name, options: { noPassword: true } }, "write");
  await client.call(Auth.authEnable, {}, "write");
  await expect(client.put("a", "1")).rejects.toMatchObject({
    message: "etcdserver: permission denied",
  });
  await expect(
    client.call(Auth.authenticate, { name, password: "x" }, "read"),
  ).rejects.toMatchObject({
    message: "auth: authentication failed, password was given for no password user",
  });
  const boss = new Client({ endpoints: [endpoint], tls, user: root });
  cleanup.push(() => boss.close());
  await boss.call(Auth.userGrantRole, { user: name, role: "root" }, "write");
  expect((await client.put("a", "1")).header?.revision).toBe(2);

  const agent = new Agent(tls);
  cleanup.push(() => agent.destroy());
  const page = await new Promise<{ readonly status: number | undefined; readonly text: string }>(
    (resolve, reject) => {
      const asked = request(
        `https://127.0.0.1:${port}/v3/kv/range`,
        { method: "POST", agent },
        (answer) => {
          let text = "";
          answer.on("data", (chunk) => {
            text += chunk;
          });
          answer.on("end", () => resolve({ status: answer.statusCode, text }));
        },
      );
      asked.on("error", reject);
      asked.end('{"key":"YQ=="}');
    },
  );
  expect(page).toEqual({
    status: 400,
    text: expect.stringContaining("CommonName of client sending a request against gateway"),
  });
});
