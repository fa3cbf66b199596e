import { NetworkError } from "../environment/environment.ts";

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` or `[ipv6]:port`. An empty host stands for every address of this machine. */
export function parseAddress(address: string): HostAndPort {
  const colon = address.lastIndexOf(":");
  const text = address.slice(colon + 1);
  const port = Number(text);
  const valid = /^\d{1,5}$/.test(text) && port <= 65_535;
  const host = address.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, "$1");
  if (colon < 0 || !valid || (host.includes(":") && !address.startsWith("["))) {
    throw new NetworkError("badAddress", address, `${address} is not host:port`);
  }
  return { host, port };
}

export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
