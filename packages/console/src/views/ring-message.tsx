import { explainMessage } from "@quorate/explain";
import type { JSX } from "preact";
import { language } from "../page/preferences.ts";
import type { Flight } from "../recording/flight-log.ts";
import { selectedMessage, shownMs } from "../studio/studio.ts";
import { FAMILY_COLOURS, familyOf, signOf, termColour } from "./colours.ts";
import { type Point, pointBetween, progressOf } from "./ring-geometry.ts";

/** A message on its way; it can be chosen, and taken hold of with the mouse. */
export function RingMessage({
  flight,
  from,
  to,
  dragged,
  onTake,
}: {
  readonly flight: Flight;
  readonly from: Point;
  readonly to: Point;
  /** Where the mouse holds it. */
  readonly dragged: Point | undefined;
  readonly onTake: (event: PointerEvent) => void;
}): JSX.Element {
  const { message, id } = flight;
  const { x, y } = dragged ?? pointBetween(from, to, progressOf(flight, shownMs.value));
  const family = familyOf(message);
  const colour = FAMILY_COLOURS[family];
  const isSelected = selectedMessage.value === id;
  const radius = family === "heartbeat" ? 7 : 10.5;
  const select = (): void => {
    selectedMessage.value = isSelected ? undefined : id;
  };
  return (
    <g
      class={`message ${isSelected ? "selected" : ""}`}
      role="button"
      tabindex={0}
      data-message={id}
      aria-pressed={isSelected}
      aria-label={explainMessage(message, { language: language.value }).statement}
      onPointerDown={onTake}
      onClick={select}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select();
      }}
    >
      <circle cx={x} cy={y} r="17" fill="transparent" />
      <circle class="shape" cx={x} cy={y} r={radius} fill={colour} />
      {message.type === "append" &&
        message.entries
          .slice(0, 4)
          .map((entry, at) => (
            <rect
              key={entry.index}
              x={x - 10 + at * 6}
              y={y + 9}
              width="5"
              height="5"
              rx="1"
              fill={termColour(entry.term)}
              stroke="var(--panel)"
              stroke-width="0.8"
            />
          ))}
      {family !== "heartbeat" && (
        <text x={x} y={y + 4} text-anchor="middle">
          {signOf(message)}
        </text>
      )}
      {flight.arrivesMs === undefined && (
        <path
          d={`M ${x - 4} ${y - 22} v 8 M ${x + 4} ${y - 22} v 8`}
          stroke="var(--bad)"
          stroke-width="3"
          stroke-linecap="round"
        />
      )}
    </g>
  );
}
