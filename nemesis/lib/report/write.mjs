// Writes the report of a run: a page, its picture, the figures, and a picture of each history that failed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderPage } from "./page.mjs";
import { summarize } from "./summary.mjs";
import { renderTimeline } from "./timeline.mjs";

/** Returns the summary. */
export function writeReport(folder, { options, conductor, verdicts, kinds, skipped, network }) {
  const { world, log, memories, monitor } = conductor;
  const summary = summarize({
    options,
    kinds,
    skipped,
    verdicts,
    network,
    elapsedMs: conductor.lengthMs,
    faults: world.faults,
    counts: new Map([...world.counts, ...conductor.proxyCounts]),
    seconds: log.seconds,
    outcomes: log.outcomes,
    entries: memories.entries,
    sizes: memories.sizes,
    ceilings: memories.ceilings,
    reigns: monitor.reigns,
  });
  const timeline = renderTimeline(summary);
  const pictures = new Map(
    verdicts
      .filter(({ picture }) => picture !== undefined)
      .map(({ checker, picture }) => [checker, picture]),
  );
  writeFileSync(join(folder, "index.html"), renderPage(summary, timeline, pictures));
  writeFileSync(join(folder, "timeline.svg"), timeline);
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(summary, null, 1)}\n`);
  for (const [checker, picture] of pictures) {
    writeFileSync(join(folder, `${checker.replaceAll(" ", "-")}.svg`), picture);
  }
  return summary;
}
