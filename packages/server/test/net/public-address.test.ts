import { describe, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import type { Settings } from "../../src/config/settings.ts";
import { checkPublicPlaintext, isPublicAddress } from "../../src/net/public-address.ts";

test.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "2600::1", "::ffff:8.8.8.8"])(
  "%s is public",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.1.1",
  "100.64.0.1",
  "::1",
  "fe80::1%eth0",
  "fd00::1",
  "::ffff:10.0.0.1",
  "localhost",
])("%s is not", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

describe("listening without TLS where the internet can connect", () => {
  const settings = (...flags: readonly string[]): Settings => {
    const request = loadSettings(flags, {});
    if (request.wants !== "serve") throw new Error("no settings");
    return request.settings;
  };
  const check = (...flags: readonly string[]): Promise<void> =>
    checkPublicPlaintext(settings(...flags), async (host) => [
      host === "0.0.0.0" ? "8.8.8.8" : host,
    ]);

  test.each(["client", "peer", "metrics", "client-http"])(
    "is refused for --listen-%s-urls",
    async (kind) => {
      const flag = `--listen-${kind}-urls`;
      await expect(check(`${flag}=http://0.0.0.0:9999`)).rejects.toThrow(
        `http://0.0.0.0:9999 (${flag}) would be open to the whole internet (8.8.8.8) without encryption`,
      );
    },
  );

  test("is allowed when asked for, with TLS, at a private address, at a socket", async () => {
    const url = "--listen-client-urls=http://0.0.0.0:2379";
    await check(url, "--allow-public-plaintext");
    await check("--listen-client-urls=https://0.0.0.0:2379", "--auto-tls");
    await check("--listen-client-urls=http://10.0.0.1:2379");
    await check("--listen-client-urls=unix:///tmp/x");
    await checkPublicPlaintext(settings("--listen-client-urls=http://127.0.0.1:2379"));
  });
});
