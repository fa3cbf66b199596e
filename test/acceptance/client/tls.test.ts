import { createSecureServer, type Http2SecureServer } from "node:http2";
import { afterEach, expect, test } from "vitest";
import { Client } from "../../../packages/client/src/index.ts";
import { selfSigned } from "../../../packages/server/src/tls/self-signed.ts";

const { certificate, key } = selfSigned(["127.0.0.1"], new Date());
let server: Http2SecureServer | undefined;
afterEach(() => server?.close());

/** A member that takes only clients with a certificate. */
async function listening(): Promise<string> {
  const made = createSecureServer({
    key,
    cert: certificate,
    ca: certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  // What a refused client leaves behind is its own affair.
  made.on("sessionError", () => {});
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

test("a client that shows no certificate hears why, and does not wait for ever", async () => {
  const client = new Client({
    endpoints: [await listening()],
    timeoutMs: 1_000,
    tls: { ca: certificate },
  });
  await expect(client.get("a")).rejects.toMatchObject({
    code: "UNREACHABLE",
    outcome: "notApplied",
    message: expect.stringMatching(/TLS failed: .*certificate required/),
  });
  client.close();
});

test("a member whose certificate nobody vouches for is not talked to", async () => {
  const client = new Client({ endpoints: [await listening()], timeoutMs: 1_000, tls: {} });
  await expect(client.put("a", "b")).rejects.toMatchObject({
    code: "UNREACHABLE",
    outcome: "notApplied",
    message: expect.stringMatching(/TLS failed: .*self-signed certificate/),
  });
  client.close();
});
