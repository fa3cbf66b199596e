import type { RangeRequest } from "@quorate/kv";

/** One key as the reference has it. Never changed: a write makes another one. */
export interface Row {
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: bigint;
}

type Named = readonly [key: string, row: Row];

/** What a range answers with, from all rows of its interval in order of their keys. */
export function answerRange(request: RangeRequest, all: readonly Named[]): string {
  if (request.countOnly === true) return `(${all.length})`;
  const { limit = 0, sortOrder = "none", sortTarget = "key" } = request;
  const passes = all.filter(([, row]) => isWithin(request, row));
  // Without an order or a filter the first ones in order of keys are taken, and sorted then.
  const isOpen = sortOrder === "none" && !hasBounds(request);
  const taken = isOpen && limit > 0 ? passes.slice(0, limit + 1) : passes;
  const sign = sortOrder === "descend" ? -1 : 1;
  const sorted = taken
    .map((named, place) => ({ named, place, by: sortValue(named, sortTarget) }))
    .sort((left, right) => {
      if (left.by === right.by) return left.place - right.place;
      return left.by < right.by ? -sign : sign;
    })
    .map(({ named }) => named);
  const shown = limit > 0 ? sorted.slice(0, limit) : sorted;
  const pairs = shown.map(([key, row]) =>
    shownRow(key, request.keysOnly === true ? { ...row, value: "" } : row),
  );
  const more = limit > 0 && sorted.length > limit ? " more" : "";
  return `${[...pairs, `(${all.length})`].join(" ")}${more}`;
}

export function shownRow(key: string, row: Row): string {
  const { value, createRevision, modRevision, version, lease } = row;
  return `${key}=${value} ${createRevision}/${modRevision}/${version}/${lease}`;
}

function hasBounds(request: RangeRequest): boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  const bounds = [minModRevision, maxModRevision, minCreateRevision, maxCreateRevision];
  return bounds.some((bound) => (bound ?? 0) !== 0);
}

function isWithin(request: RangeRequest, { modRevision, createRevision }: Row): boolean {
  return (
    modRevision >= (request.minModRevision || 0) &&
    modRevision <= (request.maxModRevision || Number.POSITIVE_INFINITY) &&
    createRevision >= (request.minCreateRevision || 0) &&
    createRevision <= (request.maxCreateRevision || Number.POSITIVE_INFINITY)
  );
}

function sortValue([key, row]: Named, target: RangeRequest["sortTarget"]): string | number {
  switch (target) {
    case "version":
      return row.version;
    case "create":
      return row.createRevision;
    case "mod":
      return row.modRevision;
    case "value":
      return row.value;
    default:
      return key;
  }
}
