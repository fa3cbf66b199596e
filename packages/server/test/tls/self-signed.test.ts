import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { selfSigned, selfSignedFiles } from "../../src/tls/self-signed.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HOSTS = ["localhost", "db.example", "127.0.0.1", "::1", "2001:db8::5:1"];

test("a certificate of our own names its hosts and is its own authority", () => {
  const { certificate } = selfSigned(HOSTS, new Date("2030-01-01T00:00:00Z"));
  const read = new X509Certificate(certificate);
  expect(read.verify(read.publicKey)).toBe(true);
  expect([read.checkHost("db.example"), read.checkHost("other.example")]).toEqual([
    "db.example",
    undefined,
  ]);
  for (const address of ["127.0.0.1", "::1", "2001:db8::5:1"]) {
    expect(read.checkIP(address)).toBe(address);
  }
  expect(read.ca).toBe(true);
  expect(new Date(read.validFrom).toISOString()).toBe("2030-01-01T00:00:00.000Z");
  expect(new Date(read.validTo).getUTCFullYear()).toBe(2031);
});

test("it is good for a handshake in both directions", async () => {
  const { certificate, key } = selfSigned(["localhost"], new Date());
  const both = { cert: certificate, key, ca: certificate };
  const server = createServer({ ...both, requestCert: true, rejectUnauthorized: true }, (socket) =>
    socket.end(`${socket.getPeerCertificate().subject.CN}`),
  );
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const socket = connect({ ...both, port, host: "127.0.0.1", servername: "localhost" });
  let said = "";
  socket.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((resolve, reject) => socket.on("close", resolve).on("error", reject));
  expect([said, socket.authorized]).toEqual(["quorate", true]);
  server.close();
});

test("files are made once, kept, and renewed before they end", () => {
  const at = join(folder, "client");
  const now = new Date("2030-01-01T00:00:00Z");
  const { certFile, keyFile } = selfSignedFiles(at, HOSTS, now);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const serial = (): string => new X509Certificate(readFileSync(certFile)).serialNumber;
  const kept = serial();
  selfSignedFiles(at, HOSTS, new Date("2030-11-01T00:00:00Z"));
  expect(serial()).toBe(kept);
  selfSignedFiles(at, HOSTS, new Date("2030-12-20T00:00:00Z"));
  expect(serial()).not.toBe(kept);
});
