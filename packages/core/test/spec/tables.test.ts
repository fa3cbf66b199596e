import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PeerMessageType } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { HANDLERS } from "../../src/step/handlers.ts";
import { progressTable, RELATIONS, ROLES, roleTable, SAMPLE_LABELS, typeOf } from "./tables.ts";

/** Set it to write the tables instead of comparing them; then read what changed, and why. */
const { QUORATE_WRITE_SPEC: write } = process.env;

function hold(file: string, name: string, made: string): void {
  const path = fileURLToPath(new URL(`../../../../docs/spec/${file}`, import.meta.url));
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- ${name}: begin -->\n`, `\n<!-- ${name}: end -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  expect(to, `${name} in ${file}`).toBeGreaterThan(from - 1);
  if (write !== undefined) writeFileSync(path, text.slice(0, from) + made + text.slice(to));
  else expect(text.slice(from, to)).toBe(made);
}

describe("docs/spec says what the core does", () => {
  test.each(RELATIONS)("with messages of a %s term, in every role", (relation) => {
    hold("roles-and-messages.md", `${relation} term`, roleTable(relation));
  });

  test("with a follower's progress, in every state", () => {
    hold("progress.md", "progress", progressTable());
  });
});

test("every type of message has a row, and every role a handler for it", () => {
  const types = new Set<PeerMessageType>(SAMPLE_LABELS.map(typeOf));
  for (const role of ROLES) {
    expect(new Set(Object.keys(HANDLERS[role]))).toEqual(types);
  }
});
