import { ConfigError } from "../config/config-error.ts";
import { loadSettings, type ServeRequest } from "../config/load.ts";
import { type Logger, openLogger } from "../log/logger.ts";
import { Member, type MemberEnd } from "../member/member.ts";
import { quorateVersion, versionLines } from "../version.ts";
import { letGarbageGather } from "./collector.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { serveHelp } from "./serve-help.ts";
import { tellServiceManager } from "./service-manager.ts";
import type { Terminal } from "./terminal.ts";

/** An orderly stop that takes longer is cut off; nothing acknowledged is lost by that. */
const STOP_TIMEOUT_MS = 10_000;

/** `quorate serve`: runs a member until a signal, its removal from the cluster, or a failure it cannot go on after. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let request: ServeRequest;
  try {
    request = loadSettings(args, terminal.variables);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.error(`${error.message}\n`);
    return EXIT.usage;
  }
  switch (request.wants) {
    case "help":
      terminal.out(serveHelp());
      return EXIT.ok;
    case "version":
      terminal.out(versionLines());
      return EXIT.ok;
    case "serve":
      return runMember(request, terminal);
  }
}

async function runMember(
  { settings, warnings }: Extract<ServeRequest, { readonly wants: "serve" }>,
  terminal: Terminal,
): Promise<ExitCode> {
  letGarbageGather();
  let logger: Logger;
  try {
    logger = openLogger(settings.log);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.error(`${error.message}\n`);
    return EXIT.usage;
  }
  logger.info("starting a member", {
    version: quorateVersion(),
    node: process.version,
    name: settings.name,
    dataDir: settings.dataDir,
  });
  for (const warning of warnings) logger.warn(warning);
  const stop = new StopSignal();
  let member: Member;
  try {
    member = await Member.start(settings, logger, (end) => stop.give(end), stop.signal);
  } catch (error) {
    stop.release();
    if (stop.signal.aborted && error === stop.signal.reason) {
      logger.info("stopped before the member was up");
      return EXIT.ok;
    }
    const sentence = error instanceof Error ? error.message : String(error);
    logger.error("the member could not start", { error: sentence });
    terminal.error(`${sentence}\n`);
    return error instanceof ConfigError ? EXIT.usage : EXIT.failed;
  }
  tellServiceManager(terminal.variables, logger);
  const reason = await stop.given;
  logger.info("stopping", { reason: reason.reason });
  if (reason.reason === "turnedAway") {
    logger.error("the other members turn this one away", { error: reason.error.message });
    terminal.error(`${reason.error.message}\n`);
  }
  await member.close();
  stop.release();
  logger.info("stopped");
  return endCode(reason);
}

type StopReason = MemberEnd | { readonly reason: NodeJS.Signals };

/** What a member that served ends with. */
export function endCode({ reason }: StopReason): ExitCode {
  switch (reason) {
    case "failed":
      return EXIT.failed;
    case "turnedAway":
      return EXIT.usage;
    default:
      return EXIT.ok;
  }
}

/** Whatever comes first: a signal or the member's own end. */
class StopSignal {
  readonly given: Promise<StopReason>;
  readonly #asked = new AbortController();
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.#asked.abort(new Error(`ended by ${signal}`));
    this.give({ reason: signal });
  };
  #resolve: (reason: StopReason) => void = () => {};
  #cut: NodeJS.Timeout | undefined;

  constructor() {
    this.given = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    process.on("SIGTERM", this.#onSignal);
    process.on("SIGINT", this.#onSignal);
  }

  /** Given by signals of the process, not by the member's own end. */
  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  give(reason: StopReason): void {
    this.#resolve(reason);
    this.#cut ??= setTimeout(() => process.exit(EXIT.failed), STOP_TIMEOUT_MS);
  }

  release(): void {
    clearTimeout(this.#cut);
    process.off("SIGTERM", this.#onSignal);
    process.off("SIGINT", this.#onSignal);
  }
}
