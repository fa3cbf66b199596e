import { writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { join } from "node:path";
import { Client, toText } from "@quorate/client";
import { afterEach, expect, test } from "vitest";
import { selfSigned } from "../../src/tls/self-signed.ts";
import { ProcessCluster } from "./member-process.ts";

let cluster: ProcessCluster | undefined;
afterEach(async () => {
  await cluster?.remove();
  cluster = undefined;
});

function page(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

test("certificates that the members make themselves", async () => {
  cluster = await ProcessCluster.create(3, "https", () => ["--auto-tls", "--peer-auto-tls"]);
  await cluster.startAll();
  const client = new Client({
    endpoints: cluster.endpoints,
    timeoutMs: 20_000,
    tls: { insecureSkipVerify: true },
  });
  await client.put("a", "1");
  expect(toText((await client.get("a")).kvs[0]?.value ?? new Uint8Array())).toBe("1");
  client.close();
  const agent = new Agent({ rejectUnauthorized: false });
  const health = await page(`https://${cluster.member(0).endpoint}/health`, agent);
  expect(JSON.parse(health)).toEqual({ health: "true", reason: "" });
});

test("certificates from files, asked for on both sides", async () => {
  const { certificate, key } = selfSigned(["127.0.0.1", "localhost"], new Date());
  cluster = await ProcessCluster.create(3, "https", (folder) => {
    const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
    writeFileSync(files.cert, certificate);
    writeFileSync(files.key, key);
    return ["", "peer-"].flatMap((prefix) => [
      `--${prefix}cert-file=${files.cert}`,
      `--${prefix}key-file=${files.key}`,
      `--${prefix}trusted-ca-file=${files.cert}`,
      `--${prefix}client-cert-auth`,
    ]);
  });
  await cluster.startAll();
  const known = { ca: certificate, cert: certificate, key };
  const client = new Client({ endpoints: cluster.endpoints, timeoutMs: 20_000, tls: known });
  await client.put("a", "1");
  expect((await client.get("a")).count).toBe(1);
  client.close();
  // Without a certificate of its own nobody gets in.
  const stranger = new Client({
    endpoints: cluster.endpoints,
    timeoutMs: 1000,
    tls: { ca: certificate },
  });
  await expect(stranger.get("a")).rejects.toMatchObject({ name: "ClientError" });
  stranger.close();
});
