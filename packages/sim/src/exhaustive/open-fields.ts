import type { MemberId } from "@quorate/core";

/** A renaming of members: `renaming[id]` is the new number. */
export type Renaming = readonly MemberId[];

/** Fields that hold the number of a member, or a list of them. */
const MEMBER_FIELDS: ReadonlySet<string> = new Set(
  ["id", "from", "to", "vote", "leader", "target", "member", "self"].flatMap((name) => [
    name,
    `$${name}`,
  ]),
);
const MEMBER_LISTS: ReadonlySet<string> = new Set([
  "voters",
  "outgoing",
  "learners",
  "learnersNext",
  "members",
  "electors",
]);

/** What says nothing about the future: settings, caches, and numbers that only tell works apart. */
const SKIPPED: ReadonlySet<string> = new Set([
  "options",
  "decide",
  "$settings",
  "$limits",
  "$view",
  "$random",
  "$scratch",
  "$shared",
  "$sharedFirst",
  "$sharedEnd",
  "$appendId",
  "$applyId",
  "$watch",
  // Both follow from the membership and `$all`.
  "$voters",
  "$outgoing",
]);

/** Parts that only count time. */
const CLOCKWORK: ReadonlySet<string> = new Set(["timer", "lease"]);

/**
 * Writes down everything that an object graph holds, with members renamed: equal texts stand for equal futures. Needs
 * sources whose private fields were made plain ones (`#field` as `$field`), as the bundle for the zoo does.
 */
export class FieldWriter {
  readonly #renaming: Renaming;
  readonly #withClockwork: boolean;

  constructor(renaming: Renaming, withClockwork: boolean) {
    this.#renaming = renaming;
    this.#withClockwork = withClockwork;
  }

  member(id: MemberId): MemberId {
    return this.#renaming[id] ?? id;
  }

  members(ids: Iterable<MemberId>): string {
    return [...ids]
      .map((id) => this.member(id))
      .sort((left, right) => left - right)
      .join(".");
  }

  write(value: unknown, field = ""): string {
    switch (typeof value) {
      case "number":
        return MEMBER_FIELDS.has(field) ? `m${this.member(value)}` : String(value);
      case "object":
        return value === null ? "null" : this.#object(value, field);
      case "function":
        return "";
      default:
        return String(value);
    }
  }

  #object(value: object, field: string): string {
    if (value instanceof Uint8Array) return `[${value.join(".")}]`;
    if (value instanceof Map) return this.#map(value as Map<unknown, unknown>);
    if (value instanceof Set) return `{${[...value].map((item) => this.write(item)).join(",")}}`;
    if (ArrayBuffer.isView(value)) return `[${(value as Float64Array).join(".")}]`;
    if (Array.isArray(value)) return this.#list(value, field);
    if (isWindow(value)) return writeWindow(value);
    return this.#fields(value, field);
  }

  /** Keys are members wherever the core has a map. */
  #map(map: Map<unknown, unknown>): string {
    const parts = [...map].map(([key, item]) => {
      const name = typeof key === "number" ? this.member(key) : String(key);
      return `${name}=${this.write(item)}`;
    });
    return `{${parts.sort().join(",")}}`;
  }

  #list(list: readonly unknown[], field: string): string {
    if (MEMBER_LISTS.has(field)) return `(${this.members(list as MemberId[])})`;
    const parts = list.map((item) => this.write(item, field));
    // Progress stands in the order of member numbers, which renaming changes.
    return `[${(field === "$all" ? parts.sort() : parts).join(",")}]`;
  }

  #fields(value: object, owner: string): string {
    let text = "";
    for (const [name, item] of Object.entries(value)) {
      if (SKIPPED.has(name) || (!this.#withClockwork && CLOCKWORK.has(name))) continue;
      if (name === "id" && (owner === "$appends" || owner === "$applies")) continue;
      text += `${name}:${this.write(item, name)};`;
    }
    return `{${text}}`;
  }
}

interface OpenWindow {
  readonly $lastIndex: Float64Array;
  readonly $payload: Float64Array;
  readonly $head: number;
  readonly $count: number;
  readonly $bytes: number;
}

function isWindow(value: object): value is OpenWindow {
  return "$lastIndex" in value && "$payload" in value && "$head" in value && "$count" in value;
}

/** A ring: where it begins in its array means nothing. */
function writeWindow({ $lastIndex, $payload, $head, $count, $bytes }: OpenWindow): string {
  const items: string[] = [];
  for (let offset = 0; offset < $count; offset += 1) {
    const slot = ($head + offset) % $lastIndex.length;
    items.push(`${$lastIndex[slot]}/${$payload[slot]}`);
  }
  return `w${$bytes}[${items.join(",")}]`;
}

/** Are the sources built so that their private fields can be read? */
export function hasOpenFields(core: object): boolean {
  return Object.keys(core).some((name) => name.startsWith("$"));
}
