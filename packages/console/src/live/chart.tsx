import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language, theme } from "../page/preferences.ts";
import { samples, series } from "./connection.ts";
import type { SeriesName } from "./series.ts";

const HEIGHT = 150;

export interface Line {
  readonly name: SeriesName;
  readonly label: string;
  /** A variable of the style sheet. */
  readonly colour: string;
}

/** Lines over the last minutes. */
export function Chart({
  title,
  unit,
  lines,
}: {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const colour = (name: string): string => resolved(element, style, name);
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 } };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        cursor: { y: false },
        legend: { live: true },
        scales: { y: { range: (_, __, max) => [0, Math.max(1, (max ?? 1) * 1.15)] } },
        axes: [
          { ...axis, values: clockTimes, space: 70 },
          { ...axis, size: 56 },
        ],
        series: [
          {},
          ...lines.map(({ label, colour: name }) => ({
            label,
            stroke: colour(name),
            width: 2,
            spanGaps: true,
            value: (_: uPlot, value: number | null) =>
              value === null ? "–" : `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
          })),
        ],
      },
      dataOf(lines),
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [language.value, theme.value]);
  samples.value;
  if (plot.current !== undefined) {
    plot.current.setData(dataOf(lines));
    // Without a mouse over it the legend tells the newest values.
    const isPointedAt = typeof plot.current.cursor.idx === "number";
    if (!isPointedAt) plot.current.setLegend({ idx: series.seconds.length - 1 }, false);
  }
  return (
    <div>
      <h3>
        {title} <span class="quiet">{unit}</span>
      </h3>
      <div ref={place} class="chart" role="img" aria-label={`${title}: ${newest(lines, unit)}`} />
    </div>
  );
}

/** Hours to seconds, the same in every language. */
function clockTimes(_: uPlot, seconds: readonly number[]): string[] {
  return seconds.map((at) => new Date(at * 1000).toLocaleTimeString("en-GB"));
}

function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  return [series.seconds, ...lines.map(({ name }) => series.values[name])];
}

function newest(lines: readonly Line[], unit: string): string {
  return lines
    .map(({ name, label }) => `${label} ${series.values[name].at(-1)?.toFixed(1) ?? "–"} ${unit}`)
    .join(", ");
}

/** A canvas does not know variables, nor colours that depend on the scheme. */
function resolved(element: HTMLElement, _: CSSStyleDeclaration, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
