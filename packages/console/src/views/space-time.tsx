import { type Signal, signal } from "@preact/signals";
import type { MemberId } from "@quorate/core";
import type { JSX } from "preact";
import { operationWords } from "../language/operation-words.ts";
import { memberName, say } from "../language/say.ts";
import { timeWord } from "../language/words.ts";
import { isNarrow } from "../page/preferences.ts";
import type { Flight } from "../recording/flight-log.ts";
import type { Mark } from "../recording/mark.ts";
import { type ClientAct, stateOf } from "../recording/operation-log.ts";
import type { Run } from "../recording/run.ts";
import { pause } from "../studio/playing.ts";
import {
  cursor,
  frame,
  jumpTo,
  revision,
  selectedMessage,
  shownMs,
  shownRecording,
} from "../studio/studio.ts";
import { FAMILY_COLOURS, familyOf, termColour } from "./colours.ts";
import { ViewPanel } from "./view-panel.tsx";

const WIDTH = 1000;
const NARROW_WIDTH = 420;
const LEFT = 92;
const LANE = 46;
const TOP = 26;
const WINDOWS_MS: readonly number[] = [30, 60, 120, 300, 1000, 4000];
/** More lines than that are a grey surface; heartbeats are left out first. */
const LINES_MAX = 420;
/** The shown moment stands here in the window. */
const NOW_PART = 0.72;

const windowMs: Signal<number> = signal(120);

/** Time runs to the right, members and clients have a lane each, messages are lines between lanes. */
export function SpaceTime(): JSX.Element {
  revision.value;
  const recording = shownRecording();
  return (
    <ViewPanel
      name="spacetime"
      title={say("Space and time", "时空图")}
      hint={say(
        "A line is a message, a thick lane is a leader in the colour of its term. Click anywhere to go there.",
        "斜线是消息；粗线段是领导者，颜色表示任期。点击任意位置即可跳转。",
      )}
      isWide
      hasPicture
    >
      <div class="tools" style="margin-bottom:0.3rem">
        {WINDOWS_MS.map((ms) => (
          <button
            key={ms}
            type="button"
            aria-pressed={windowMs.value === ms}
            onClick={() => {
              windowMs.value = ms;
            }}
          >
            {ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}
          </button>
        ))}
      </div>
      <div class="scrolls">{recording !== undefined && <Diagram recording={recording} />}</div>
    </ViewPanel>
  );
}

function Diagram({ recording }: { readonly recording: Run }): JSX.Element {
  revision.value;
  const { track } = recording;
  const width = isNarrow.value ? NARROW_WIDTH : WIDTH;
  const fromMs = Math.max(0, shownMs.value - windowMs.value * NOW_PART);
  const toMs = fromMs + windowMs.value;
  const { members } = frame.value;
  const acts = track.operations.at(track.momentAt(toMs));
  const seen = acts.filter((act) => (act.ending?.ms ?? Number.POSITIVE_INFINITY) >= fromMs);
  const clients = [...new Set(seen.map(({ client }) => client))].sort((a, b) => a - b);
  const lanes = new Map(members.map(({ id }, at) => [id, TOP + at * LANE + LANE / 2]));
  const clientLanes = new Map(
    clients.map((client, at) => [client, TOP + (members.length + at) * LANE + LANE / 2]),
  );
  const height = TOP + (members.length + clients.length) * LANE + 12;
  const x = (ms: number): number => LEFT + ((ms - fromMs) / (toMs - fromMs)) * (width - LEFT - 8);
  const flights = shownFlights(recording, fromMs, toMs);
  const go = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = ((event.clientX - box.left) / box.width) * width;
    pause();
    jumpTo(track.momentAt(fromMs + ((part - LEFT) / (width - LEFT - 8)) * (toMs - fromMs)));
  };
  return (
    <svg
      class="spacetime"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      role="img"
      aria-label={say(
        `${flights.length} messages between ${timeWord(fromMs)} and ${timeWord(toMs)}`,
        `${timeWord(fromMs)} 到 ${timeWord(toMs)} 之间有 ${flights.length} 条消息`,
      )}
      onClick={go}
    >
      <Grid fromMs={fromMs} toMs={toMs} x={x} height={height} />
      {[...lanes].map(([id, y]) => (
        <Lane key={id} id={id} y={y} recording={recording} fromMs={fromMs} toMs={toMs} x={x} />
      ))}
      {flights.map((flight) => (
        <MessageLine key={flight.id} flight={flight} lanes={lanes} x={x} nowMs={toMs} />
      ))}
      {[...clientLanes].map(([client, y]) => (
        <text key={client} x={0} y={y + 4}>
          {say(`client ${client}`, `客户端 ${client}`)}
        </text>
      ))}
      {seen.map((act) => (
        <ActBar
          key={`${act.client}/${act.askedAt}`}
          act={act}
          y={clientLanes.get(act.client) ?? 0}
          x={x}
          fromMs={fromMs}
          toMs={toMs}
        />
      ))}
      <line
        x1={x(shownMs.value)}
        x2={x(shownMs.value)}
        y1={TOP - 8}
        y2={height}
        stroke="var(--ink)"
        stroke-width="1.5"
      />
    </svg>
  );
}

type Scale = (ms: number) => number;

function Grid({
  fromMs,
  toMs,
  x,
  height,
}: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: Scale;
  readonly height: number;
}): JSX.Element {
  const stepMs = (toMs - fromMs) / 6;
  const round = 10 ** Math.floor(Math.log10(stepMs));
  const unit = Math.ceil(stepMs / round) * round;
  const lines: JSX.Element[] = [];
  for (let ms = Math.ceil(fromMs / unit) * unit; ms <= toMs; ms += unit) {
    lines.push(
      <g key={ms}>
        <line x1={x(ms)} x2={x(ms)} y1={TOP - 4} y2={height} stroke="var(--line)" />
        <text x={x(ms)} y={12} text-anchor="middle">
          {ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`}
        </text>
      </g>,
    );
  }
  return <g>{lines}</g>;
}

function Lane({
  id,
  y,
  recording,
  fromMs,
  toMs,
  x,
}: {
  readonly id: MemberId;
  readonly y: number;
  readonly recording: Run;
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: Scale;
}): JSX.Element {
  return (
    <g>
      <text x={0} y={y + 4}>
        {memberName(id)}
      </text>
      {stretchesOf(recording, id, fromMs, toMs).map((stretch) => (
        <rect
          key={stretch.fromMs}
          x={x(stretch.fromMs)}
          y={y - stretch.height / 2}
          width={Math.max(0, x(stretch.toMs) - x(stretch.fromMs))}
          height={stretch.height}
          rx={Math.min(4, stretch.height / 2)}
          fill={stretch.colour}
          opacity={stretch.opacity}
        />
      ))}
    </g>
  );
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly height: number;
  readonly colour: string;
  readonly opacity: number;
}

/** What the member was over the window, cut where its role, term or power changed. */
function stretchesOf(
  { track, last }: Run,
  id: MemberId,
  fromMs: number,
  toMs: number,
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const first = Math.max(0, track.momentAt(fromMs));
  const endMs = Math.min(toMs, track.endMs);
  const changes = track.marksBetween(fromMs, endMs).filter((mark) => isOf(mark, id));
  const moments = [first, ...changes.map(({ moment }) => moment)];
  moments.forEach((moment, at) => {
    const member = track.frame(Math.min(moment, last)).members.find((one) => one.id === id);
    if (member === undefined) return;
    const startMs = Math.max(fromMs, track.atMs(moment));
    const next = moments[at + 1];
    const stopMs = next === undefined ? endMs : track.atMs(next);
    if (stopMs <= startMs) return;
    const isDown = member.power === "down";
    const height = isDown
      ? 1.5
      : member.role === "leader"
        ? 12
        : member.role === "follower"
          ? 4
          : 7;
    stretches.push({
      fromMs: startMs,
      toMs: stopMs,
      height,
      colour: isDown ? "var(--faint)" : termColour(member.term),
      opacity: member.power === "up" ? 0.95 : 0.5,
    });
  });
  return stretches;
}

function isOf(mark: Mark, id: MemberId): boolean {
  return (mark.kind === "role" || mark.kind === "power") && mark.member === id;
}

function shownFlights({ track }: Run, fromMs: number, toMs: number): readonly Flight[] {
  const first = track.momentAt(fromMs);
  const flights = track.flights.between(Math.max(0, first), track.momentAt(toMs));
  if (flights.length <= LINES_MAX) return flights;
  const telling = flights.filter(({ message }) => familyOf(message) !== "heartbeat");
  return telling.slice(-LINES_MAX);
}

function MessageLine({
  flight,
  lanes,
  x,
  nowMs,
}: {
  readonly flight: Flight;
  readonly lanes: ReadonlyMap<MemberId, number>;
  readonly x: Scale;
  readonly nowMs: number;
}): JSX.Element | null {
  const { message, sentMs, endedMs, arrivesMs, outcome } = flight;
  const [y1, y2] = [lanes.get(message.from), lanes.get(message.to)];
  if (y1 === undefined || y2 === undefined) return null;
  const family = familyOf(message);
  const end = Number.isFinite(endedMs) ? endedMs : (arrivesMs ?? nowMs);
  const isLost = outcome !== "delivered" && outcome !== "travelling";
  const isFuture = flight.sentAt > cursor.value;
  const isSelected = selectedMessage.value === flight.id;
  // A lost message ends on its way.
  const endY = isLost ? y1 + (y2 - y1) * 0.7 : y2;
  const endX = isLost ? x(sentMs) + (x(Math.max(end, sentMs + 1)) - x(sentMs)) * 0.7 : x(end);
  return (
    <g opacity={isFuture ? 0.22 : 1}>
      <line
        x1={x(sentMs)}
        y1={y1}
        x2={endX}
        y2={endY}
        stroke={isLost ? "var(--bad)" : FAMILY_COLOURS[family]}
        stroke-width={isSelected ? 4 : family === "heartbeat" ? 1 : 2}
        stroke-dasharray={isLost ? "4 3" : "none"}
      />
      {isLost && (
        <path
          d={`M ${endX - 3.5} ${endY - 3.5} l 7 7 m 0 -7 l -7 7`}
          stroke="var(--bad)"
          stroke-width="2"
        />
      )}
    </g>
  );
}

/** Of the labels of client operations. */
const LETTER_WIDTH = 7.2;

function ActBar({
  act,
  y,
  x,
  fromMs,
  toMs,
}: {
  readonly act: ClientAct;
  readonly y: number;
  readonly x: Scale;
  readonly fromMs: number;
  readonly toMs: number;
}): JSX.Element {
  const colour = actColour(act);
  const start = x(Math.max(act.askedMs, fromMs));
  const end = x(Math.min(act.ending?.ms ?? toMs, toMs));
  const sign = { waiting: "…", answered: "✓", refused: "✕", unknown: "?" }[stateOf(act)];
  const text = `${operationWords(act.operation)} ${sign}`;
  const fits = end - start > text.length * LETTER_WIDTH + 12;
  // Beside a bar that is too short: on the side where there is room.
  const isLeft = !fits && end + text.length * LETTER_WIDTH + 8 > x(toMs);
  const at = fits ? start + 6 : isLeft ? start - 6 : end + 6;
  return (
    <g>
      <rect
        x={start}
        y={y - 12}
        width={Math.max(3, end - start)}
        height={24}
        rx="5"
        fill={colour}
        fill-opacity="0.16"
        stroke={colour}
        stroke-dasharray={act.ending === undefined ? "4 3" : "none"}
      />
      <text x={at} y={y + 4} style="fill:var(--ink)" text-anchor={isLeft ? "end" : "start"}>
        {text}
      </text>
    </g>
  );
}

export function actColour(act: ClientAct): string {
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
