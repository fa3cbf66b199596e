// The report of a run as one page without anything from elsewhere.
import { escapeMarkup } from "./timeline.mjs";

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 1500px; padding: 0 16px; color: #222; }
table { border-collapse: collapse; margin: 8px 0 24px; }
th, td { text-align: left; padding: 3px 14px 3px 0; border-bottom: 1px solid #e4e4e4; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.broken { color: #b01010; font-weight: bold; }
svg { max-width: 100%; height: auto; }
code { background: #f4f4f4; padding: 1px 5px; }
`;

function table(columns, rows) {
  const heads = columns
    .map(
      ({ head, isNumber }) => `<th${isNumber ? ' class="number"' : ""}>${escapeMarkup(head)}</th>`,
    )
    .join("");
  const lines = rows.map((row) => {
    const cells = row.map((cell, place) => {
      const kind = columns[place].isNumber ? ' class="number"' : "";
      return `<td${kind}>${typeof cell === "number" ? cell.toLocaleString("en") : escapeMarkup(cell)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table><tr>${heads}</tr>${lines.join("\n")}</table>`;
}

const word = (head) => ({ head, isNumber: false });
const number = (head) => ({ head, isNumber: true });
const megabytes = (bytes) => Math.round(bytes / 1024 ** 2);

function verdictPart({ verdicts }, pictures) {
  const parts = [
    table(
      [word("check"), number("checked"), word(""), word("outcome")],
      verdicts.map(({ checker, checked, unit, violations, note }) => [
        checker,
        checked,
        unit,
        violations.length === 0
          ? `holds${note === undefined ? "" : `; ${note}`}`
          : `${violations.length} violations`,
      ]),
    ),
  ];
  for (const { checker, violations } of verdicts) {
    if (violations.length === 0) continue;
    const items = violations.slice(0, 50).map((message) => `<li>${escapeMarkup(message)}</li>`);
    parts.push(`<h3 class="broken">${escapeMarkup(checker)}</h3><ul>${items.join("\n")}</ul>`);
    const picture = pictures.get(checker);
    if (picture !== undefined) parts.push(picture);
  }
  return parts.join("\n");
}

/** `pictures`: of failing histories, by checker. */
export function renderPage(summary, timeline, pictures) {
  const { seed, members, skipped, perKind, perOperation, perMember, counts, ceilings } = summary;
  const again = `npm run nemesis -- --seed ${seed} --members ${members} --minutes ${(summary.lengthMs / 60_000).toFixed(1)}`;
  return [
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>nemesis, seed ${seed}</title><style>${STYLE}</style>`,
    timeline,
    `<p>The same faults again: <code>${escapeMarkup(again)}</code>. Members in ${summary.network === "namespaces" ? "network namespaces" : "one network, behind a proxy"}; ` +
      `${summary.leaders} reigns; longest time without any answer: ${summary.longestSilenceMs} ms.</p>`,
    "<h2>Verdicts</h2>",
    verdictPart(summary, pictures),
    "<h2>Faults</h2>",
    table(
      [word("kind"), number("injected"), number("seconds"), word("")],
      perKind.map(({ kind, injected, totalMs, says }) => [
        kind,
        injected,
        Math.round(totalMs / 1_000),
        says,
      ]),
    ),
    skipped.length === 0
      ? "<p>No kind of fault was skipped.</p>"
      : table(
          [word("skipped"), word("because")],
          skipped.map(({ kind, reason }) => [kind, reason]),
        ),
    "<h2>Operations</h2>",
    table(
      [word("operation"), number("answered"), number("refused"), number("unknown")],
      perOperation.map(({ kind, answered, refused, unknown }) => [
        kind,
        answered,
        refused,
        unknown,
      ]),
    ),
    "<h2>Members</h2>",
    table(
      [word("member"), number("most memory, MiB"), number("most disk, MiB")],
      perMember.map(({ member, memoryBytesMost, diskBytesMost }) => [
        member,
        megabytes(memoryBytesMost),
        megabytes(diskBytesMost),
      ]),
    ),
    `<p>Limits: ${megabytes(ceilings.memoryBytesMax)} MiB of memory, ${megabytes(ceilings.diskBytesMax)} MiB of disk.</p>`,
    "<h2>Counted</h2>",
    table([word("what"), number("")], Object.entries(counts)),
    "</html>",
    "",
  ].join("\n");
}
