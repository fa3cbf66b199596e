import type { Decision } from "@quorate/core";
import { explainDecision } from "@quorate/explain";
import type { TimedLine } from "./member-view.ts";

/** Names the format of the file, as members write it at `/console/api/flight`. */
const FORMAT = "quorate-flight";
const VERSION = 1;
/** More than any number of members keep together. */
const LINES_MAX = 20_000;
const LENGTH_MAX = 32 * 1024 * 1024;

/** What members decided and why, taken away from them: to be looked at when the cluster is long gone. */
export interface FlightRecording {
  readonly savedAtMs: number;
  readonly members: readonly { readonly id: number; readonly name: string }[];
  /** In the order of the wall clocks. */
  readonly lines: readonly TimedLine[];
}

/** Why a file is no flight recording. */
export type FlightTrouble = "notOne" | "newerVersion" | "damaged";

export class FlightError extends Error {
  override readonly name = "FlightError";
  readonly trouble: FlightTrouble;

  constructor(trouble: FlightTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

export function flightToFile({ savedAtMs, members, lines }: FlightRecording): string {
  const body = { format: FORMAT, version: VERSION, savedAtMs, members, decisions: lines };
  return `${JSON.stringify(body)}\n`;
}

/** @throws FlightError when the content is none; nothing else, whatever it is. */
export function flightFromFile(content: string): FlightRecording {
  if (content.length > LENGTH_MAX || !content.includes(FORMAT)) throw new FlightError("notOne");
  const value = parsed(content);
  if (!isRecord(value) || value["format"] !== FORMAT) throw new FlightError("notOne");
  if (value["version"] !== VERSION) throw new FlightError("newerVersion");
  const { savedAtMs, members, decisions } = value;
  if (typeof savedAtMs !== "number" || !Array.isArray(members) || !Array.isArray(decisions)) {
    throw new FlightError("damaged");
  }
  const lines = decisions.slice(0, LINES_MAX).filter(isLine);
  return {
    savedAtMs,
    members: members.filter(isMember).map(({ id, name }) => ({ id, name })),
    lines: lines.sort((left, right) => left.wallClockMs - right.wallClockMs),
  };
}

/** Recordings of several members as one. */
export function mergedFlights(flights: readonly FlightRecording[]): FlightRecording {
  const members = new Map(flights.flatMap((flight) => flight.members.map((one) => [one.id, one])));
  const lines = new Map(
    flights.flatMap((flight) =>
      flight.lines.map((line) => [`${line.member}/${line.sequence}/${line.wallClockMs}`, line]),
    ),
  );
  return {
    savedAtMs: Math.max(...flights.map(({ savedAtMs }) => savedAtMs)),
    members: [...members.values()],
    lines: [...lines.values()].sort((left, right) => left.wallClockMs - right.wallClockMs),
  };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new FlightError("damaged");
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMember(value: unknown): value is { readonly id: number; readonly name: string } {
  return isRecord(value) && Number.isSafeInteger(value["id"]) && typeof value["name"] === "string";
}

/** A decision counts when a sentence can be made of it: what a file says is not believed. */
function isLine(value: unknown): value is TimedLine {
  if (!isRecord(value)) return false;
  const { member, sequence, wallClockMs, decision } = value;
  if (!Number.isSafeInteger(member) || !Number.isSafeInteger(sequence)) return false;
  if (typeof wallClockMs !== "number" || !Number.isFinite(wallClockMs)) return false;
  try {
    const told = explainDecision(decision as Decision, { language: "en" });
    return typeof told.statement === "string";
  } catch {
    return false;
  }
}
