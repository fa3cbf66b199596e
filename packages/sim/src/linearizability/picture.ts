import type { Operation } from "../history/operation.ts";
import type { Counterexample } from "./check.ts";
import type { Model } from "./model.ts";

const LANE_HEIGHT = 30;
const BAR_HEIGHT = 20;
const COLUMN_WIDTH = 46;
const LEFT_MARGIN = 90;
const TOP_MARGIN = 64;
/** Operations around the failure that are drawn; more would not be read. */
const DRAWN_MAX = 60;

interface DrawnOperation {
  readonly offset: number;
  readonly client: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Its place in the longest order that fits, from 1; 0 when it is not in it. */
  readonly place: number;
  readonly isStuck: boolean;
  readonly isUnknown: boolean;
}

/** The failing history as an SVG picture: one lane per client, the longest order that fits, and where it ends. */
export function renderSvg<S, I, O>(
  model: Model<S, I, O>,
  counterexample: Counterexample<I, O>,
): string {
  const drawn = drawnOperations(model, counterexample);
  const clients = [...new Set(drawn.map((operation) => operation.client))].sort((a, b) => a - b);
  const columns = drawn.reduce((most, operation) => Math.max(most, operation.to), 1) + 1;
  const width = LEFT_MARGIN + columns * COLUMN_WIDTH + 20;
  const height = TOP_MARGIN + clients.length * LANE_HEIGHT + 20;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="10" y="20" font-size="14">${escaped(title(model, counterexample))}</text>`,
    `<text x="10" y="40">${escaped("numbers: the longest order that fits; red: returned before it could be placed; dashed: outcome unknown")}</text>`,
  ];
  clients.forEach((client, lane) => {
    const y = TOP_MARGIN + lane * LANE_HEIGHT + BAR_HEIGHT / 2 + 4;
    parts.push(`<text x="10" y="${y}">client ${client}</text>`);
  });
  for (const operation of drawn) parts.push(bar(operation, clients.indexOf(operation.client)));
  parts.push("</svg>");
  return parts.join("\n");
}

/** The same as lines of text. */
export function renderText<S, I, O>(
  model: Model<S, I, O>,
  counterexample: Counterexample<I, O>,
): string {
  const lines = [title(model, counterexample)];
  for (const operation of drawnOperations(model, counterexample)) {
    const place = operation.isStuck
      ? "  !!"
      : operation.place === 0
        ? "    "
        : `${operation.place}`;
    const until = operation.isUnknown ? "…" : `${operation.to}`;
    const span = `[${operation.from}, ${until}]`;
    lines.push(
      `${place.padStart(4)} client ${operation.client} ${span.padEnd(12)} ${operation.text}`,
    );
  }
  return lines.join("\n");
}

function title<S, I, O>(model: Model<S, I, O>, { keys, deepest }: Counterexample<I, O>): string {
  const where = keys.length === 0 ? "" : ` at ${keys.join(", ")}`;
  return `not linearizable (${model.name})${where}: no order fits after ${deepest.linearized.length} operations`;
}

/** Operations around the failure, with times made dense: one column per call or return. */
function drawnOperations<S, I, O>(
  model: Model<S, I, O>,
  { operations, deepest }: Counterexample<I, O>,
): readonly DrawnOperation[] {
  const places = new Map(deepest.linearized.map((offset, place) => [offset, place + 1]));
  const stuck = operations[deepest.stuckAt];
  const until = stuck?.returnedAt ?? Number.POSITIVE_INFINITY;
  const near = operations
    .map((operation, offset) => ({ operation, offset }))
    .filter(({ operation }) => operation.calledAt <= until)
    .slice(-DRAWN_MAX);
  const columns = columnsOf(near.map(({ operation }) => operation));
  const last = columns.size;
  return near.map(({ operation, offset }) => ({
    offset,
    client: operation.client,
    text: model.describe(operation.input, operation.output),
    from: columns.get(operation.calledAt) ?? 0,
    to: operation.output === undefined ? last : (columns.get(operation.returnedAt) ?? last),
    place: places.get(offset) ?? 0,
    isStuck: offset === deepest.stuckAt,
    isUnknown: operation.output === undefined,
  }));
}

function columnsOf(operations: readonly Operation<unknown, unknown>[]): Map<number, number> {
  const times = operations.map((operation) => operation.calledAt);
  for (const operation of operations) {
    if (operation.output !== undefined) times.push(operation.returnedAt);
  }
  const columns = new Map<number, number>();
  for (const time of times.sort((a, b) => a - b)) {
    if (!columns.has(time)) columns.set(time, columns.size);
  }
  return columns;
}

function bar(operation: DrawnOperation, lane: number): string {
  const x = LEFT_MARGIN + operation.from * COLUMN_WIDTH;
  const y = TOP_MARGIN + lane * LANE_HEIGHT;
  const width = Math.max(1, operation.to - operation.from) * COLUMN_WIDTH - 4;
  const fill = operation.isStuck ? "#f8b4b4" : operation.place > 0 ? "#cfe8cf" : "#e8e8e8";
  const dash = operation.isUnknown ? ' stroke-dasharray="4 3"' : "";
  const place = operation.place > 0 ? `${operation.place}. ` : "";
  const text = escaped(place + operation.text);
  return [
    `<g><title>${text}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="3" fill="${fill}" stroke="#555"${dash}/>`,
    `<text x="${x + 4}" y="${y + BAR_HEIGHT - 6}">${text}</text></g>`,
  ].join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
