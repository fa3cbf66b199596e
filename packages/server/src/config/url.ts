/** An address to listen at or to dial. */
export interface Url {
  readonly scheme: "http" | "https" | "unix" | "unixs";
  /** Without brackets; the path of the socket for `unix`. */
  readonly host: string;
  /** 0 for `unix`. */
  readonly port: number;
  /** As it was given. */
  readonly text: string;
}

/** Reads `scheme://host:port`, or says what is wrong with it. */
export function parseUrl(text: string): Url | { readonly problem: string } {
  const [, scheme, rest] = /^([a-z]+):\/\/(.+)$/i.exec(text) ?? [];
  if (scheme === undefined || rest === undefined)
    return problem(text, "has no scheme such as http://");
  if (scheme === "unix" || scheme === "unixs") return { scheme, host: rest, port: 0, text };
  if (scheme !== "http" && scheme !== "https") {
    return problem(text, "must begin with http://, https://, unix:// or unixs://");
  }
  const [, bracketed, plain, port, path] =
    /^(?:\[([^\]]+)\]|([^:/[\]]+)):(\d+)(\/.*)?$/.exec(rest) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined) return problem(text, "must name a host and a port");
  if (path !== undefined && path !== "/") return problem(text, "must not have a path");
  if (Number(port) > 65_535) return problem(text, "has a port above 65535");
  return { scheme, host, port: Number(port), text: text.replace(/\/$/, "") };
}

/** `host:port`, with brackets around IPv6 addresses. */
export function hostAndPort({ host, port }: Pick<Url, "host" | "port">): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

export function isTls({ scheme }: Url): boolean {
  return scheme === "https" || scheme === "unixs";
}

function problem(text: string, why: string): { readonly problem: string } {
  return { problem: `"${text}" ${why}` };
}
