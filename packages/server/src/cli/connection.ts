import { Client, type ClientOptions, readTlsFiles } from "@quorate/client";
import { type Command, Option } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { parseDuration } from "../config/duration.ts";

/** Options that every command that talks to a cluster takes, before or after its name. */
export interface ConnectionOptions {
  readonly endpoints: string;
  readonly timeout: string;
  readonly user?: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecureSkipTlsVerify?: boolean;
}

export function addConnectionOptions(program: Command): void {
  program
    .addOption(
      new Option("--endpoints <list>", "members to talk to: host:port or URLs, separated by commas")
        .env("QUORATE_ENDPOINTS")
        .default("127.0.0.1:2379"),
    )
    .addOption(
      new Option("--timeout <span>", "time for the whole command, retries included")
        .env("QUORATE_TIMEOUT")
        .default("5s"),
    )
    .addOption(new Option("--user <name:password>", "who is asking").env("QUORATE_USER"))
    .addOption(
      new Option(
        "--cacert <file>",
        "authority that signed the members' certificates (PEM); switches TLS on",
      ).env("QUORATE_CACERT"),
    )
    .addOption(new Option("--cert <file>", "own certificate (PEM)").env("QUORATE_CERT"))
    .addOption(new Option("--key <file>", "its private key (PEM)").env("QUORATE_KEY"))
    .addOption(
      new Option(
        "--insecure-skip-tls-verify",
        "use TLS and accept any certificate: for tests only",
      ),
    );
}

/** Runs `use` with a client made from the options, and closes it. */
export async function withClient<Result>(
  options: ConnectionOptions,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client(clientOptions(options));
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function clientOptions(options: ConnectionOptions): ClientOptions {
  const timeoutMs = parseDuration(options.timeout);
  if (timeoutMs === undefined || timeoutMs <= 0) {
    throw new ConfigError(
      `--timeout must be a time span such as 5s or 500ms, not "${options.timeout}".`,
    );
  }
  const secure =
    options.insecureSkipTlsVerify === true ||
    [options.cacert, options.cert, options.key].some((file) => file !== undefined);
  return {
    endpoints: options.endpoints.split(",").filter((part) => part.trim() !== ""),
    timeoutMs,
    tls: secure
      ? {
          ...readTlsFiles({ caFile: options.cacert, certFile: options.cert, keyFile: options.key }),
          insecureSkipVerify: options.insecureSkipTlsVerify,
        }
      : undefined,
    user: userOf(options.user),
  };
}

function userOf(text: string | undefined): ClientOptions["user"] {
  if (text === undefined) return undefined;
  const at = text.indexOf(":");
  if (at < 1) throw new ConfigError("--user must be name:password.");
  return { name: text.slice(0, at), password: text.slice(at + 1) };
}
