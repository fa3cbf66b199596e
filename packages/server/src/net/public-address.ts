import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { isTls, type Url } from "../config/url.ts";

/** Addresses that the internet does not route: this machine, private networks, links, and shared space of providers. */
const NOT_PUBLIC = new BlockList();
for (const [network, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
  ["192.0.2.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
] as const) {
  NOT_PUBLIC.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::1", 128],
  ["fe80::", 10],
  ["fc00::", 7],
  ["2001:db8::", 32],
] as const) {
  NOT_PUBLIC.addSubnet(network, bits, "ipv6");
}

/** Whether the whole internet can send to this address. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  const version = isIP(plain);
  if (version === 0) return false;
  return !NOT_PUBLIC.check(plain, version === 4 ? "ipv4" : "ipv6");
}

/** Addresses at which somebody who listens at `host` can be reached: of all interfaces for `0.0.0.0` and `::`. */
async function reachableAt(host: string): Promise<readonly string[]> {
  if (host === "0.0.0.0" || host === "::") {
    return Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).map(({ address }) => address),
    );
  }
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    // Listening will say that nobody knows this name.
    return [];
  }
}

/**
 * Refuses to listen without TLS where the whole internet can connect, unless that was asked for. `addressesOf` finds the
 * addresses behind a host.
 */
export async function checkPublicPlaintext(
  settings: Settings,
  addressesOf: (host: string) => Promise<readonly string[]> = reachableAt,
): Promise<void> {
  if (settings.allowPublicPlaintext) return;
  const lists: readonly (readonly [string, readonly Url[], string])[] = [
    ["--listen-client-urls", settings.listenClientUrls, "--cert-file and --key-file"],
    ["--listen-client-http-urls", settings.listenClientHttpUrls, "--cert-file and --key-file"],
    ["--listen-metrics-urls", settings.listenMetricsUrls, "--cert-file and --key-file"],
    ["--listen-peer-urls", settings.listenPeerUrls, "--peer-cert-file and --peer-key-file"],
  ];
  for (const [flag, urls, files] of lists) {
    for (const url of urls) {
      if (isTls(url) || url.scheme === "unix") continue;
      const found = (await addressesOf(url.host)).find(isPublicAddress);
      if (found === undefined) continue;
      throw new ConfigError(
        `${url.text} (${flag}) would be open to the whole internet (${found}) without encryption: use https:// with ${files}, or say --allow-public-plaintext if something in front of it keeps others out.`,
      );
    }
  }
}
