import { createWriteStream } from "node:fs";
import { Writable } from "node:stream";
import { type DestinationStream, destination, multistream, type Logger as Pino, pino } from "pino";
import type { LogLevel, LogSettings } from "../config/settings.ts";

/** What goes into a log line besides its message. Never keys or values of users. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Log lines by level. Messages are constant phrases in lower case; what varies is in the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Opens the outputs and returns the logger on them. Lines have etcd's fields: level, ts, msg. */
export function openLogger(settings: LogSettings): Logger {
  const streams = settings.outputs.map((output) => ({
    level: "debug" as const,
    stream: outputStream(output, settings.format),
  }));
  return new PinoLogger(
    pino(
      {
        level: settings.level satisfies LogLevel,
        base: null,
        timestamp: () => `,"ts":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      streams.length === 1 && streams[0] !== undefined ? streams[0].stream : multistream(streams),
    ),
  );
}

class PinoLogger implements Logger {
  readonly #pino: Pino;

  constructor(logger: Pino) {
    this.#pino = logger;
  }

  debug(message: string, fields?: LogFields): void {
    this.#pino.debug(fields ?? {}, message);
  }
  info(message: string, fields?: LogFields): void {
    this.#pino.info(fields ?? {}, message);
  }
  warn(message: string, fields?: LogFields): void {
    this.#pino.warn(fields ?? {}, message);
  }
  error(message: string, fields?: LogFields): void {
    this.#pino.error(fields ?? {}, message);
  }
}

/** Lines are written at once: the last ones before an end are the ones that matter. */
function outputStream(output: string, format: LogSettings["format"]): DestinationStream {
  const json = rawStream(output);
  if (format === "json") return json;
  return { write: (line: string) => json.write(plainLine(line)) };
}

function rawStream(output: string): DestinationStream {
  switch (output) {
    case "default":
    case "stderr":
      return destination({ fd: 2, sync: true });
    case "stdout":
      return destination({ fd: 1, sync: true });
    default:
      return output === "/dev/null"
        ? new Writable({ write: (_chunk, _encoding, done) => done() })
        : createWriteStream(output, { flags: "a" });
  }
}

/** A line for people: time, level, message, then the fields. */
export function plainLine(line: string): string {
  const { level, ts, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const shown = Object.entries(fields).map(([name, value]) => ` ${name}=${plainValue(value)}`);
  return `${String(ts)} ${String(level).padEnd(5)} ${String(msg)}${shown.join("")}\n`;
}

function plainValue(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** For tests and tools that have nobody to tell. */
export const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
