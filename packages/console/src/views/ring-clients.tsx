import type { MemberId } from "@quorate/core";
import type { JSX } from "preact";
import { operationWords } from "../language/operation-words.ts";
import { say } from "../language/say.ts";
import { isNarrow } from "../page/preferences.ts";
import { type ClientAct, stateOf } from "../recording/operation-log.ts";
import { cursor, revision, shownMs, shownRecording } from "../studio/studio.ts";
import { MEMBER_RADIUS, type Point, RING_HEIGHT, ringWidth } from "./ring-geometry.ts";

/** How long an ended operation stays beside its member. */
const LINGERS_MS = 60;
const BUBBLE_HEIGHT = 26;
const LETTER_WIDTH = 7.7;

/** What clients ask for now, each beside the member that it asks. */
export function RingClients({
  places,
}: {
  readonly places: ReadonlyMap<MemberId, Point>;
}): JSX.Element {
  revision.value;
  const acts = shownRecording()?.track.operations.at(cursor.value) ?? [];
  const shown = newestOfEach(acts).filter(
    ({ ending }) => ending === undefined || shownMs.value - ending.ms < LINGERS_MS,
  );
  const taken = new Map<MemberId, number>();
  return (
    <g>
      {shown.map((act) => {
        const member = act.ending?.by || (act.attempts.at(-1)?.member ?? 0);
        const at = places.get(member);
        if (at === undefined) return null;
        const place = taken.get(member) ?? 0;
        taken.set(member, place + 1);
        return <Bubble key={`${act.client}/${act.askedAt}`} act={act} at={at} place={place} />;
      })}
    </g>
  );
}

function Bubble({
  act,
  at,
  place,
}: {
  readonly act: ClientAct;
  readonly at: Point;
  readonly place: number;
}): JSX.Element {
  const text = bubbleText(act);
  const width = [...text].reduce((sum, sign) => sum + (sign > "⺀" ? 13.2 : LETTER_WIDTH), 20);
  const { x, y } = bubblePlace(at, width, place);
  const colour = bubbleColour(act);
  const isBeside = x > at.x + MEMBER_RADIUS;
  return (
    <g class="asking">
      <line
        x1={isBeside ? at.x + MEMBER_RADIUS : at.x}
        y1={isBeside ? at.y : at.y - MEMBER_RADIUS}
        x2={isBeside ? x : Math.max(x + 8, Math.min(at.x, x + width - 8))}
        y2={y + BUBBLE_HEIGHT / 2}
        stroke={colour}
        stroke-width="1.5"
        stroke-dasharray="2 3"
      />
      <rect
        x={x}
        y={y}
        width={width}
        height={BUBBLE_HEIGHT}
        rx="8"
        fill="var(--panel)"
        stroke={colour}
        stroke-width="1.8"
      />
      <text class="bubble" x={x + 9} y={y + 17.5} fill={colour}>
        {text}
      </text>
    </g>
  );
}

/** Above the member and its crown; beside the one at the top. */
function bubblePlace(at: Point, width: number, place: number): Point {
  const isTop = at.y < MEMBER_RADIUS + 60;
  const rawX = isTop ? at.x + MEMBER_RADIUS + 16 : at.x - width / 2;
  const rawY = isTop ? at.y - BUBBLE_HEIGHT / 2 : at.y - MEMBER_RADIUS - 54;
  const step = (BUBBLE_HEIGHT + 4) * place * (isTop ? 1 : -1);
  return {
    x: Math.max(4, Math.min(rawX, ringWidth() - width - 4)),
    y: Math.max(4, Math.min(rawY + step, RING_HEIGHT - BUBBLE_HEIGHT - 4)),
  };
}

/** Values take less room here than elsewhere. */
const LONG = /(?<==)([^=]{11})[^=]{2,}$/;

function bubbleText(act: ClientAct): string {
  const what = operationWords(act.operation).replace(LONG, "$1…");
  const who = isNarrow.value
    ? `C${act.client}`
    : say(`client ${act.client}`, `客户端 ${act.client}`);
  switch (stateOf(act)) {
    case "waiting":
      return `${who}: ${what.replace(/…$/, "")} …`;
    case "answered":
      return act.operation.type === "read"
        ? `${who}: ${what} → ${act.ending?.answer ?? "∅"}`
        : `${who}: ${what} ✓`;
    case "refused":
      return `${who}: ${what} ✕`;
    case "unknown":
      return `${who}: ${what} ?`;
  }
}

function bubbleColour(act: ClientAct): string {
  switch (stateOf(act)) {
    case "waiting":
      return "var(--accent)";
    case "answered":
      return "var(--good)";
    case "refused":
      return "var(--bad)";
    case "unknown":
      return "var(--warn)";
  }
}

function newestOfEach(acts: readonly ClientAct[]): readonly ClientAct[] {
  const newest = new Map<number, ClientAct>();
  for (const act of acts) newest.set(act.client, act);
  return [...newest.values()];
}
