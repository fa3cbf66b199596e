import { expect, test } from "vitest";
import { KINDS, renderPage, renderTimeline, summarize } from "./modules.ts";

const NAUGHTY = `a <b> & "c"`;

function run(violations: readonly string[]): object {
  return {
    options: { seed: 4, members: 3 },
    kinds: KINDS,
    skipped: [{ kind: "power-loss", reason: NAUGHTY }],
    verdicts: [
      {
        checker: "strict serializability by revision",
        checked: 1_200,
        unit: "operations",
        violations,
      },
      {
        checker: "linearizability",
        checked: 9,
        unit: "operations",
        violations: [],
        note: "undecided",
      },
    ],
    network: { kind: "namespaces" },
    elapsedMs: 4_000,
    faults: [
      { kind: "kill", lane: "process", target: "n1", fromMs: 500, untilMs: 900 },
      { kind: "kill", lane: "process", target: "n2", fromMs: 1_500, untilMs: 2_000 },
      { kind: "one-way", lane: "network", target: NAUGHTY, fromMs: 2_000, untilMs: undefined },
    ],
    counts: new Map([["framesLost", 3]]),
    seconds: [1, 2, 3, 4].map((n) => ({ ok: n, refused: 1, unknown: 0, latenciesMs: [5, n, 9] })),
    outcomes: { ok: 10, refused: 4, unknown: 0 },
    entries: [
      { kind: "put", refused: false, revision: 3, returnedAt: 100 },
      { kind: "put", refused: true, revision: undefined, returnedAt: Number.POSITIVE_INFINITY },
      { kind: "read", refused: false, revision: 4, returnedAt: 1_700 },
    ],
    sizes: [{ member: "n1", memoryBytes: 5 << 20, diskBytes: 1 << 20, atMs: 1 }],
    ceilings: { memoryBytesMax: 600 << 20, diskBytesMax: 400 << 20 },
    reigns: [
      { atMs: 0, leader: "n1", term: 1 },
      { atMs: 600, leader: undefined, term: undefined },
      { atMs: 1_000, leader: "n2", term: 2 },
    ],
  };
}

test("the figures count every kind, also those that never came", () => {
  expect(summarize(run([]))).toMatchObject({
    operations: 3,
    faults: 3,
    kindsSeen: 2,
    leaders: 2,
    longestSilenceMs: 1_600,
    perKind: expect.arrayContaining([
      expect.objectContaining({ kind: "kill", injected: 2, totalMs: 900 }),
      expect.objectContaining({ kind: "pause", injected: 0, totalMs: 0 }),
    ]),
    perOperation: expect.arrayContaining([{ kind: "put", answered: 1, refused: 1, unknown: 0 }]),
  });
});

test("the picture has a bar for every fault, the verdicts, and nothing that is not markup", () => {
  const picture = renderTimeline(summarize(run([])));
  expect(picture.match(/<title>(kill|one-way) /g)).toHaveLength(3);
  expect(picture).toContain("no violation");
  expect(picture).toContain("(undecided)");
  expect(picture).not.toContain("NaN");
  expect(picture).not.toContain(NAUGHTY);
  expect(picture).toContain("a &lt;b&gt; &amp; &quot;c&quot;");
});

test("a violation is seen on the picture and told on the page, with the failing history", () => {
  const summary = summarize(run([`operation 1.1 ${NAUGHTY}`]));
  const picture = renderTimeline(summary);
  expect(picture).toContain("1 checks failed");
  const pictures = new Map([["strict serializability by revision", "<svg id='history'></svg>"]]);
  const page = renderPage(summary, picture, pictures);
  expect(page).toContain("operation 1.1 a &lt;b&gt;");
  expect(page).toContain("<svg id='history'>");
  expect(page).toContain("power-loss");
  expect(page).not.toContain(NAUGHTY);
});
