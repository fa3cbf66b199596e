// A bar chart of medians with their ranges as a self-contained SVG.
import { format } from "./statistics.mjs";

const WIDTH = 720;
const LABEL_WIDTH = 210;
const VALUE_WIDTH = 130;
const BAR_HEIGHT = 18;
const GAP = 5;
const GROUP_GAP = 12;
const TOP = 44;
const COLOURS = { quorate: "#2563a8", etcd: "#9aa4af" };

const escapeMarkup = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter],
  );

/** `bars`: { case, system, median, min, max, ratio }, in the order in which they are drawn. */
export function barChart({ title, unit, digits, bars }) {
  const largest = Math.max(...bars.map(({ max }) => max), Number.MIN_VALUE);
  const span = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const x = (value) => LABEL_WIDTH + (span * value) / largest;
  const shapes = [];
  let y = TOP;
  let last;
  for (const bar of bars) {
    if (last !== undefined && last !== bar.case) y += GROUP_GAP;
    last = bar.case;
    const middle = y + BAR_HEIGHT / 2;
    const times = bar.ratio === undefined ? "" : ` (${format(bar.ratio, 2)}×)`;
    shapes.push(
      `<text x="${LABEL_WIDTH - 8}" y="${middle + 4}" text-anchor="end">${escapeMarkup(`${bar.case} · ${bar.system}`)}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${Math.max(1, x(bar.median) - LABEL_WIDTH).toFixed(1)}" height="${BAR_HEIGHT}" fill="${COLOURS[bar.system] ?? "#555"}"/>`,
      `<path d="M${x(bar.min).toFixed(1)} ${middle}H${x(bar.max).toFixed(1)}" stroke="#111" stroke-width="1.5"/>`,
      `<text x="${(x(bar.max) + 6).toFixed(1)}" y="${middle + 4}">${escapeMarkup(format(bar.median, digits) + times)}</text>`,
    );
    y += BAR_HEIGHT + GAP;
  }
  const height = y + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="18" font-size="14" font-weight="bold">${escapeMarkup(title)}</text>`,
    `<text x="8" y="34" fill="#666">${escapeMarkup(unit)}: median, the line is the range</text>`,
    ...shapes,
    "</svg>",
    "",
  ].join("\n");
}
