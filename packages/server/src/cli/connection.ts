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

/** Each has a variable of its own in the environment, which the option itself beats. */
export function addConnectionOptions(
  program: Command,
  variables: Readonly<Record<string, string | undefined>>,
): void {
  const option = (flags: string, help: string, variable: string, fallback?: string): void => {
    const given = variables[variable] || fallback;
    const made = new Option(flags, `${help} (env: ${variable})`);
    program.addOption(given === undefined ? made : made.default(given));
  };
  option(
    "--endpoints <list>",
    "members to talk to: host:port or URLs, separated by commas",
    "QUORATE_ENDPOINTS",
    "127.0.0.1:2379",
  );
  option(
    "--timeout <span>",
    "time for the whole command, retries included",
    "QUORATE_TIMEOUT",
    "5s",
  );
  option("--user <name:password>", "who is asking", "QUORATE_USER");
  option(
    "--cacert <file>",
    "authority that signed the members' certificates (PEM); switches TLS on",
    "QUORATE_CACERT",
  );
  option("--cert <file>", "own certificate (PEM)", "QUORATE_CERT");
  option("--key <file>", "its private key (PEM)", "QUORATE_KEY");
  program.option(
    "--insecure-skip-tls-verify",
    "use TLS and accept any certificate: for tests only",
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
