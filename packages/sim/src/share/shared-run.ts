import { CLUSTER_DEFAULTS, type ClusterSettings } from "../cluster/settings.ts";
import type { Plan } from "../plan/plan.ts";
import { findScenario } from "../scenarios/registry.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { pack, unpack } from "./packing.ts";
import { planShape } from "./plan-shape.ts";
import { optional, record, recordOf, text, whole } from "./shape.ts";
import { ShareError } from "./share-error.ts";

/** A run that somebody shows to somebody else. */
export type SharedRun =
  /** A story as the library tells it, perhaps with other delays or with a rule switched off. */
  | {
      readonly type: "scenario";
      readonly id: string;
      /** The story's own when absent. */
      readonly seed?: number | undefined;
      /** Which of the story's sabotages, counted from 0. */
      readonly sabotage?: number | undefined;
    }
  /** Everything that was done. */
  | {
      readonly type: "plan";
      readonly plan: Plan;
      /** For people: what this is about. */
      readonly title?: string | undefined;
      /** The checker that this run violated where it was made. */
      readonly violated?: string | undefined;
    };

/** Names the format in links, and its version. */
const LINK_PREFIX = "q1";
const FILE_FORMAT = "quorate-run";
const VERSION = 1;

/** As text for the fragment of a link: letters, digits, and `-`, `_`, `.` only. */
export function encodeRun(run: SharedRun): string {
  if (run.type === "scenario") {
    const parts = [LINK_PREFIX, "s", run.id, run.seed ?? "", run.sabotage ?? ""];
    return parts.join(".").replace(/\.+$/, "");
  }
  const bytes = toAscii(JSON.stringify(shortened(run)));
  return [LINK_PREFIX, "p", toBase64Url(pack(bytes))].join(".");
}

/** @throws ShareError when the text is no run; nothing else, whatever the text is. */
export function decodeRun(fragment: string): SharedRun {
  const [prefix = "", kind, ...rest] = fragment.replace(/^#/, "").split(".");
  if (!/^q[0-9]{1,4}$/.test(prefix)) throw new ShareError("notARun", "this is no link to a run");
  if (prefix !== LINK_PREFIX) {
    throw new ShareError("newerVersion", "a newer version of this program made the link");
  }
  if (kind === "s") return readScenario(rest);
  if (kind !== "p" || rest.length !== 1) {
    throw new ShareError("damaged", "the link is incomplete or was changed on the way");
  }
  return readPlan(parsed(fromAscii(unpack(fromBase64Url(rest[0] ?? "")))));
}

/** As the text of a file, which people can read and change. */
export function runToFile(run: SharedRun): string {
  const body = run.type === "scenario" ? run : shortened(run);
  return `${JSON.stringify({ format: FILE_FORMAT, version: VERSION, ...body }, undefined, 1)}\n`;
}

/** @throws ShareError when the text is no run; nothing else, whatever the text is. */
export function runFromFile(content: string): SharedRun {
  if (content.length > FILE_LENGTH_MAX) throw new ShareError("tooLarge", "the file is too large");
  const value = parsed(content);
  const isRecord = typeof value === "object" && value !== null;
  const head = isRecord ? (value as Readonly<Record<string, unknown>>) : {};
  if (head["format"] !== FILE_FORMAT) {
    throw new ShareError("notARun", `the file is no run: its "format" is not "${FILE_FORMAT}"`);
  }
  if (head["version"] !== VERSION) {
    throw new ShareError("newerVersion", "a newer version of this program made the file");
  }
  if (head["type"] !== "scenario") return readPlan(value);
  const { id, seed, sabotage } = record({
    id: text(100),
    seed: optional(whole(0, Number.MAX_SAFE_INTEGER)),
    sabotage: optional(whole(0, 100)),
  })(value, "run");
  return known({ type: "scenario", id, seed, sabotage });
}

const FILE_LENGTH_MAX = 16 * 1024 * 1024;

function readScenario(parts: readonly string[]): SharedRun {
  const [id = "", seed = "", sabotage = ""] = parts;
  const count = (part: string): number | undefined => {
    if (part === "") return undefined;
    const value = Number(part);
    if (/^[0-9]+$/.test(part) && Number.isSafeInteger(value)) return value;
    throw new ShareError("damaged", "the link is incomplete or was changed on the way");
  };
  return known({ type: "scenario", id, seed: count(seed), sabotage: count(sabotage) });
}

function known(run: Extract<SharedRun, { readonly type: "scenario" }>): SharedRun {
  const scenario = findScenario(run.id);
  if (scenario === undefined) {
    throw new ShareError("unknownScenario", `there is no scenario "${run.id.slice(0, 100)}"`);
  }
  if (run.sabotage !== undefined && scenario.sabotage?.[run.sabotage] === undefined) {
    throw new ShareError("invalid", `scenario ${scenario.id} has no sabotage ${run.sabotage}`);
  }
  const { seed, sabotage } = run;
  return {
    type: "scenario",
    id: run.id,
    ...(seed !== undefined && { seed }),
    ...(sabotage !== undefined && { sabotage }),
  };
}

function readPlan(value: unknown): SharedRun {
  const fields = record({
    plan: planShape,
    title: optional(text(500)),
    violated: optional(text(200)),
  });
  return { type: "plan", ...fields(recordOf(value, "run"), "run") };
}

/** Settings that are as usual need not be said. */
function shortened(run: Extract<SharedRun, { readonly type: "plan" }>): object {
  const { plan, title, violated } = run;
  const { seed, actions, faultsMs, faultEvents, ending } = plan;
  const usual = CLUSTER_DEFAULTS as ClusterSettings & Readonly<Record<string, unknown>>;
  const settings = Object.fromEntries(
    Object.entries(plan.settings).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]),
    ),
  );
  return { title, violated, plan: { seed, settings, actions, faultsMs, faultEvents, ending } };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new ShareError("damaged", "the content is no JSON");
  }
}

/** JSON with everything beyond ASCII escaped, so that a character is a byte. */
export function toAscii(json: string): Uint8Array {
  const escaped = json.replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Uint8Array.from(escaped, (character) => character.charCodeAt(0));
}

export function fromAscii(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  }
  return parts.join("");
}
