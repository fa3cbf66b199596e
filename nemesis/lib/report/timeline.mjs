// The picture of a run: faults, operations, latency, leaders and sizes over time, and the verdicts, as one SVG.

const WIDTH = 1_480;
const LEFT = 190;
const RIGHT = 70;
const TOP = 66;
const ROW = 15;
const GAP = 26;
const PLOT = WIDTH - LEFT - RIGHT;
const LANE_COLOURS = { process: "#b4483c", network: "#2f6cb0", operations: "#7a5ea8" };
const COLOURS = {
  ok: "#5b9a5b",
  refused: "#d9a441",
  unknown: "#b4483c",
  p50: "#2f6cb0",
  p99: "#c4721d",
};
const MEMBER_COLOURS = ["#2f6cb0", "#c4721d", "#5b9a5b", "#7a5ea8", "#b4483c", "#777777"];
/** More bars than this in a row of the plot would be thinner than a pixel. */
const COLUMNS_MAX = 600;

export const escapeMarkup = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter],
  );

const text = (x, y, content, attributes = "") =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeMarkup(content)}</text>`;

/** A scale from milliseconds of the run to pixels. */
const scale = (lengthMs) => (ms) => LEFT + (PLOT * Math.min(ms, lengthMs)) / Math.max(1, lengthMs);

function heading({ seed, members, operations, faults, kindsSeen, lengthMs, verdicts, leaders }) {
  const broken = verdicts.filter(({ violations }) => violations.length > 0).length;
  const end = broken === 0 ? "no violation" : `${broken} checks failed`;
  return [
    text(
      14,
      26,
      `nemesis: ${members} members, seed ${seed}, ${(lengthMs / 60_000).toFixed(1)} minutes`,
      'font-size="18" font-weight="bold"',
    ),
    text(
      14,
      47,
      `${operations.toLocaleString("en")} operations checked, ${faults} faults of ${kindsSeen} kinds, ${leaders} reigns: ${end}`,
      `font-size="14" fill="${broken === 0 ? "#2f6b2f" : "#b01010"}"`,
    ),
  ];
}

function faultRows(summary, x, y) {
  const shapes = [];
  summary.perKind.forEach(({ kind, lane, injected }, row) => {
    const top = y + row * ROW;
    shapes.push(text(LEFT - 34, top + 11, kind, 'text-anchor="end"'));
    shapes.push(text(LEFT - 8, top + 11, injected, 'text-anchor="end" fill="#777"'));
    shapes.push(`<path d="M${LEFT} ${top + ROW - 0.5}H${LEFT + PLOT}" stroke="#eee"/>`);
    for (const fault of summary.timeline) {
      if (fault.kind !== kind) continue;
      const from = x(fault.fromMs);
      const width = Math.max(2, x(fault.untilMs ?? fault.fromMs) - from);
      shapes.push(
        `<rect x="${from.toFixed(1)}" y="${top + 2}" width="${width.toFixed(1)}" height="${ROW - 4}" fill="${LANE_COLOURS[lane]}"><title>${escapeMarkup(`${kind} ${fault.target}`)}</title></rect>`,
      );
    }
  });
  return { shapes, bottom: y + summary.perKind.length * ROW };
}

function axis(summary, x, y) {
  const seconds = summary.lengthMs / 1_000;
  const step =
    [5, 10, 30, 60, 120, 300, 600, 1_800, 3_600].find((each) => seconds / each <= 14) ?? 7_200;
  const shapes = [`<path d="M${LEFT} ${y}H${LEFT + PLOT}" stroke="#999"/>`];
  for (let second = 0; second <= seconds; second += step) {
    const at = x(second * 1_000);
    shapes.push(`<path d="M${at.toFixed(1)} ${y}v4" stroke="#999"/>`);
    shapes.push(text(at, y + 15, `${second} s`, 'text-anchor="middle" fill="#777"'));
  }
  return shapes;
}

/** Neighbouring seconds together, so that there are at most so many. */
function gather(seconds) {
  const each = Math.ceil(seconds.length / COLUMNS_MAX);
  const columns = [];
  for (let at = 0; at < seconds.length; at += each) {
    const group = seconds.slice(at, at + each);
    const mean = (name) => group.reduce((sum, second) => sum + second[name], 0) / group.length;
    const most = (name) => Math.max(0, ...group.map((second) => second[name] ?? 0));
    columns.push({
      fromMs: at * 1_000,
      untilMs: (at + group.length) * 1_000,
      ok: mean("ok"),
      refused: mean("refused"),
      unknown: mean("unknown"),
      p50: most("p50Ms"),
      p99: most("p99Ms"),
    });
  }
  return columns;
}

function operationBars(columns, x, y, height) {
  const most = Math.max(1, ...columns.map(({ ok, refused, unknown }) => ok + refused + unknown));
  const shapes = [
    text(LEFT - 8, y + 11, "operations / s", 'text-anchor="end"'),
    text(LEFT + PLOT + 6, y + 11, Math.round(most), 'fill="#777"'),
  ];
  ["ok", "refused", "unknown"].forEach((outcome, place) => {
    shapes.push(
      text(
        LEFT - 8,
        y + 26 + place * 13,
        outcome === "ok" ? "answered" : outcome,
        `text-anchor="end" fill="${COLOURS[outcome]}"`,
      ),
    );
  });
  for (const column of columns) {
    let base = y + height;
    for (const outcome of ["ok", "refused", "unknown"]) {
      const tall = (height * column[outcome]) / most;
      if (tall < 0.1) continue;
      base -= tall;
      const from = x(column.fromMs);
      shapes.push(
        `<rect x="${from.toFixed(1)}" y="${base.toFixed(1)}" width="${Math.max(0.5, x(column.untilMs) - from).toFixed(2)}" height="${tall.toFixed(1)}" fill="${COLOURS[outcome]}"/>`,
      );
    }
  }
  return shapes;
}

function latencyLines(columns, x, y, height) {
  const floorMs = 1;
  const most = Math.max(10, ...columns.map(({ p99 }) => p99));
  const at = (ms) =>
    y + height - (height * Math.log(Math.max(ms, floorMs) / floorMs)) / Math.log(most / floorMs);
  const shapes = [text(LEFT - 8, y + 11, "latency", 'text-anchor="end"')];
  for (let ms = floorMs; ms <= most; ms *= 10) {
    shapes.push(`<path d="M${LEFT} ${at(ms).toFixed(1)}H${LEFT + PLOT}" stroke="#eee"/>`);
    shapes.push(text(LEFT + PLOT + 6, at(ms) + 4, `${ms} ms`, 'fill="#777"'));
  }
  for (const name of ["p99", "p50"]) {
    const points = columns
      .filter((column) => column.ok > 0)
      .map(
        (column) =>
          `${x((column.fromMs + column.untilMs) / 2).toFixed(1)},${at(column[name]).toFixed(1)}`,
      );
    shapes.push(
      `<polyline points="${points.join(" ")}" fill="none" stroke="${COLOURS[name]}" stroke-width="1.3"/>`,
    );
  }
  shapes.push(text(LEFT - 8, y + 26, "median", `text-anchor="end" fill="${COLOURS.p50}"`));
  shapes.push(text(LEFT - 8, y + 39, "99 %", `text-anchor="end" fill="${COLOURS.p99}"`));
  return shapes;
}

function leaderRow({ reigns, lengthMs, perMember }, x, y) {
  const names = perMember.map(({ member }) => member).sort();
  const shapes = [text(LEFT - 8, y + 11, "leader", 'text-anchor="end"')];
  reigns.forEach(({ atMs, leader, term }, place) => {
    if (leader === undefined) return;
    const from = x(atMs);
    const width = Math.max(1, x(reigns[place + 1]?.atMs ?? lengthMs) - from);
    const colour = MEMBER_COLOURS[names.indexOf(leader) % MEMBER_COLOURS.length];
    shapes.push(
      `<rect x="${from.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW}" fill="${colour}"><title>${escapeMarkup(`${leader}, term ${term}`)}</title></rect>`,
    );
  });
  names.forEach((name, place) => {
    const colour = MEMBER_COLOURS[place % MEMBER_COLOURS.length];
    shapes.push(text(LEFT + place * 34, y + ROW + 13, name, `fill="${colour}" font-weight="bold"`));
  });
  return shapes;
}

function verdictRows({ verdicts }, y) {
  return verdicts.flatMap(({ checker, checked, unit, violations, note }, row) => {
    const top = y + row * 18;
    const holds = violations.length === 0;
    const end = note === undefined ? "" : ` (${note})`;
    return [
      text(
        LEFT,
        top,
        holds ? "✓" : "✗",
        `font-weight="bold" fill="${holds ? "#2f6b2f" : "#b01010"}"`,
      ),
      text(LEFT + 20, top, checker),
      text(LEFT + 320, top, `${checked.toLocaleString("en")} ${unit}${end}`, 'fill="#555"'),
      text(
        LEFT + 560,
        top,
        holds ? "" : `${violations.length}: ${violations[0].slice(0, 110)}`,
        'fill="#b01010"',
      ),
    ];
  });
}

/** The picture as text. */
export function renderTimeline(summary) {
  const x = scale(summary.lengthMs);
  const columns = gather(summary.perSecond);
  const rows = faultRows(summary, x, TOP);
  const operationsTop = rows.bottom + GAP;
  const latencyTop = operationsTop + 90 + GAP / 2;
  const leaderTop = latencyTop + 100 + GAP / 2;
  const axisTop = leaderTop + ROW + 22;
  const verdictTop = axisTop + 46;
  const height = verdictTop + summary.verdicts.length * 18 + 6;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="11.5" fill="#222">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...heading(summary),
    ...rows.shapes,
    ...operationBars(columns, x, operationsTop, 90),
    ...latencyLines(columns, x, latencyTop, 100),
    ...leaderRow(summary, x, leaderTop),
    ...axis(summary, x, axisTop),
    ...verdictRows(summary, verdictTop),
    "</svg>",
    "",
  ].join("\n");
}
