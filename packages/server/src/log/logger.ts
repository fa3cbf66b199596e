import { multistream, type Logger as Pino, pino } from "pino";
import type { LogLevel, LogSettings } from "../config/settings.ts";
import { FdOutput, type LineOutput, NOWHERE, openLogFile } from "./line-output.ts";

/** What goes into a log line besides its message. Never keys or values of users. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Log lines by level. Messages are constant phrases in lower case; what varies is in the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Lines that an output could not take, since the start. */
  readonly linesDropped: number;
}

/** Opens the outputs and returns the logger on them. Lines have etcd's fields: level, ts, msg. Throws `ConfigError`. */
export function openLogger(settings: LogSettings): Logger {
  const { format } = settings;
  const outputs = settings.outputs.map((output) => openOutput(output, format));
  const streams = outputs.map((output) => ({
    level: "debug" as const,
    stream: format === "json" ? output : inPlain(output),
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
    outputs,
  );
}

class PinoLogger implements Logger {
  readonly #pino: Pino;
  readonly #outputs: readonly LineOutput[];

  constructor(logger: Pino, outputs: readonly LineOutput[]) {
    this.#pino = logger;
    this.#outputs = outputs;
  }

  get linesDropped(): number {
    return this.#outputs.reduce((sum, { dropped }) => sum + dropped, 0);
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

function inPlain(output: LineOutput): { write(line: string): void } {
  return { write: (line) => output.write(plainLine(line)) };
}

function openOutput(output: string, format: LogSettings["format"]): LineOutput {
  const lost = (count: number, error: string): string => {
    const ts = new Date().toISOString();
    const msg = "log lines could not be written and are missing before this one";
    const line = `${JSON.stringify({ level: "warn", ts, count, error, msg })}\n`;
    return format === "json" ? line : plainLine(line);
  };
  switch (output) {
    case "default":
    case "stderr":
      return new FdOutput(2, lost);
    case "stdout":
      return new FdOutput(1, lost);
    case "/dev/null":
      return NOWHERE;
    default:
      return new FdOutput(openLogFile(output), lost);
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
  linesDropped: 0,
};
