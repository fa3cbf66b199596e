import { drawNodes, NODES_SHORT } from "../hunt/draw-nodes.ts";
import { Random } from "../random/random.ts";
import {
  type DrawnNodes,
  type DrawnRun,
  faultNamed,
  LEFT_OUT_KINDS,
} from "../stage/drawn-nodes.ts";
import { flag, list, recordOf, type Shape, text, whole, wrong } from "./shape.ts";

/** Requests of clients that a run may have; long ones have some thousands. */
const EVENTS_MAX = 1_000_000;
const RANGES_MAX = 100_000;
const LIST_MAX = 100;
const TEXT_MAX = 100;
/** Numbers that a page would choke on beyond this, by their names. */
const LIMITS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  members: [1, 9],
  learners: [0, 8],
  clients: [0, 100],
  watchers: [0, 100],
  owners: [0, 100],
  tickMs: [1, 10_000],
  everyMs: [1, 1e9],
  faultEveryMs: [1, Number.POSITIVE_INFINITY],
  changeEveryMs: [1, Number.POSITIVE_INFINITY],
  faultsMs: [0, 600_000],
  paddingBytes: [0, 1 << 20],
  logSegmentBytes: [1 << 10, 1 << 30],
};
/** JSON has no word for it. */
const WITHOUT_END = "infinite";

/** A run that was drawn has all the fields that any drawn run has. */
let model: DrawnRun | undefined;

function modelRun(): DrawnRun {
  model ??= { ...drawNodes(Random.fromSeed(1), NODES_SHORT), faults: [] };
  return model;
}

/** Whatever a model looks like: the same fields with values of the same kinds, and numbers within limits. */
function like(model: unknown, name: string): Shape<unknown> {
  if (Array.isArray(model)) return list(LIST_MAX, text(TEXT_MAX));
  switch (typeof model) {
    case "number":
      return limited(name);
    case "boolean":
      return flag;
    case "string":
      return text(TEXT_MAX);
    default:
      return (value, place) => {
        const source = recordOf(value, place);
        const fields = Object.entries(model as Readonly<Record<string, unknown>>);
        return Object.fromEntries(
          fields.map(([field, of]) => [field, like(of, field)(source[field], `${place}.${field}`)]),
        );
      };
  }
}

function limited(name: string): Shape<number> {
  const [min, max] = LIMITS[name] ?? [0, Number.POSITIVE_INFINITY];
  return (value, place) => {
    const number = value === WITHOUT_END ? Number.POSITIVE_INFINITY : value;
    if (typeof number === "number" && number >= min && number <= max) return number;
    throw wrong(place, `must be a number from ${min} to ${max}`);
  };
}

const fault: Shape<string> = (value, place) => {
  const found = faultNamed(value);
  if (found !== undefined) return found.name;
  throw wrong(place, "is no fault that this program knows");
};

const range: Shape<readonly [number, number]> = (value, place) => {
  const [from, to, ...more] = list(2, whole(0, EVENTS_MAX))(value, place);
  if (from !== undefined && to !== undefined && from <= to && more.length === 0) return [from, to];
  throw wrong(place, "must be two numbers, the smaller one first");
};

/** All together name no more events than there can be. */
const ranges: Shape<readonly (readonly [number, number])[]> = (value, place) => {
  const found = list(RANGES_MAX, range)(value, place);
  const count = found.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (count > EVENTS_MAX) throw wrong(place, `leaves out more than ${EVENTS_MAX} events`);
  return found;
};

export const drawnShape: Shape<DrawnNodes> = (value, place) => {
  const source = recordOf(value, place);
  const run = recordOf(source["run"], `${place}.run`);
  const faults = list(LIST_MAX, fault)(run["faults"], `${place}.run.faults`);
  const leftOut = recordOf(source["leftOut"], `${place}.leftOut`);
  const [asks = [], kindFaults = [], changes = []] = LEFT_OUT_KINDS.map((kind) =>
    ranges(leftOut[kind], `${place}.leftOut.${kind}`),
  );
  return {
    run: { ...(like(modelRun(), "run")(run, `${place}.run`) as DrawnRun), faults },
    leftOut: { asks, faults: kindFaults, changes },
    isTraced: flag(source["isTraced"], `${place}.isTraced`),
    digest: text(TEXT_MAX)(source["digest"], `${place}.digest`),
  };
};

/** For `JSON.stringify`. */
export function endless(_name: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? WITHOUT_END : value;
}
