import { useSignal } from "@preact/signals";
import type { Entry } from "@quorate/core";
import { commandOf, type MemberFrame } from "@quorate/sim";
import type { JSX } from "preact";
import { shortened } from "../language/operation-words.ts";
import { memberName, say } from "../language/say.ts";
import { isNarrow } from "../page/preferences.ts";
import type { Track } from "../recording/track.ts";
import { cursor, frame, leader, shownRecording } from "../studio/studio.ts";
import { termColour } from "./colours.ts";
import { ViewPanel } from "./view-panel.tsx";

/** Cells share this width; a few are wider than many. */
const TABLE_WIDTH = 1120;
const CELL_WIDTH_MAX = 108;
const CELL_WIDTH_NARROW = 76;
const CELL_HEIGHT = 36;
const GAP = 4;
const LEFT = 96;
const TOP = 20;
/** Indexes that are shown at once, at least and at most, and on a phone. */
const COLUMNS_MIN = 9;
const COLUMNS_MAX = 14;
const COLUMNS_NARROW = 3;

/** The members' logs below each other: the same column is the same index, the same colour the same term. */
export function LogTable(): JSX.Element {
  const back = useSignal(0);
  const { members } = frame.value;
  const track = shownRecording()?.track;
  const last = members.reduce((most, member) => Math.max(most, member.last), 1);
  const columns = isNarrow.value
    ? COLUMNS_NARROW
    : Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, last));
  const cellWidth = isNarrow.value
    ? CELL_WIDTH_NARROW
    : Math.min(CELL_WIDTH_MAX, Math.floor(TABLE_WIDTH / columns) - GAP);
  const shift = Math.min(back.value, Math.max(0, last - columns));
  const high = Math.max(columns, last - shift);
  const low = Math.max(1, high - columns + 1);
  const width = LEFT + columns * (cellWidth + GAP);
  const height = TOP + members.length * (CELL_HEIGHT + GAP) + 6;
  return (
    <ViewPanel
      name="logs"
      title={say("Logs", "日志")}
      hint={say(
        "Colour: term. Full colour: committed. Pale with a dashed edge: not committed, may still be replaced. Tick: applied. Hatched: not on its disk yet.",
        "颜色：任期。实色：已提交。浅色虚线：未提交，仍可能被替换。对勾：已应用。斜线：尚未落盘。",
      )}
      isWide
      hasPicture
    >
      <div class="row small" style="margin-bottom:0.3rem">
        <button
          type="button"
          disabled={low <= 1}
          onClick={() => {
            back.value = Math.min(shift + Math.ceil(columns / 2), Math.max(0, last - columns));
          }}
        >
          ‹ {say("older", "更早")}
        </button>
        <button
          type="button"
          disabled={shift === 0}
          onClick={() => {
            back.value = Math.max(0, shift - Math.ceil(columns / 2));
          }}
        >
          {say("newer", "更新")} ›
        </button>
        <Describe members={members} />
      </div>
      <div class="scrolls">
        <svg
          class="logs"
          viewBox={`0 0 ${width} ${height}`}
          width={width}
          height={height}
          role="img"
          aria-label={describe(members)}
        >
          <defs>
            <pattern
              id="hatch"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="2.6" height="6" fill="var(--panel)" />
            </pattern>
          </defs>
          {Array.from({ length: high - low + 1 }, (_, at) => (
            <text
              key={low + at}
              class="head"
              x={LEFT + at * (cellWidth + GAP) + cellWidth / 2}
              y={12}
              text-anchor="middle"
            >
              {low + at}
            </text>
          ))}
          {track !== undefined &&
            members.map((member, row) => (
              <Row
                key={member.id}
                member={member}
                track={track}
                y={TOP + row * (CELL_HEIGHT + GAP)}
                low={low}
                high={high}
                cellWidth={cellWidth}
              />
            ))}
        </svg>
      </div>
    </ViewPanel>
  );
}

function Row({
  member,
  track,
  y,
  low,
  high,
  cellWidth,
}: {
  readonly member: MemberFrame;
  readonly track: Track;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly cellWidth: number;
}): JSX.Element {
  const isLeader = leader.value?.id === member.id;
  const cells: JSX.Element[] = [];
  for (let index = low; index <= high; index += 1) {
    const x = LEFT + (index - low) * (cellWidth + GAP);
    if (index < member.first) {
      cells.push(<InSnapshot key={index} x={x} y={y} cellWidth={cellWidth} />);
      continue;
    }
    const entry = track.entryAt(member, index, cursor.value);
    if (entry !== undefined) {
      cells.push(
        <Cell key={index} entry={entry} member={member} x={x} y={y} cellWidth={cellWidth} />,
      );
    }
  }
  return (
    <g opacity={member.power === "up" ? 1 : 0.55}>
      <text x={0} y={y + CELL_HEIGHT / 2 + 4} font-weight={isLeader ? "700" : "400"}>
        {isLeader ? "♛ " : ""}
        {memberName(member.id)}
      </text>
      {cells}
    </g>
  );
}

function InSnapshot({
  x,
  y,
  cellWidth,
}: {
  readonly x: number;
  readonly y: number;
  readonly cellWidth: number;
}): JSX.Element {
  return (
    <g>
      <title>{say("in the snapshot", "已在快照中")}</title>
      <rect x={x} y={y} width={cellWidth} height={CELL_HEIGHT} rx="6" fill="var(--sunken)" />
      <text class="head" x={x + cellWidth / 2} y={y + CELL_HEIGHT / 2 + 4} text-anchor="middle">
        ▤
      </text>
    </g>
  );
}

function Cell({
  entry,
  member,
  x,
  y,
  cellWidth,
}: {
  readonly entry: Entry;
  readonly member: MemberFrame;
  readonly x: number;
  readonly y: number;
  readonly cellWidth: number;
}): JSX.Element {
  const { index, term } = entry;
  const isCommitted = index <= member.commit;
  const isDurable = index <= Math.min(member.durable, member.disk.last);
  const colour = termColour(term);
  const label = labelOf(entry);
  return (
    <g>
      <title>{titleOf(entry, isCommitted, isDurable, index <= member.applied)}</title>
      <rect
        x={x + 1}
        y={y + 1}
        width={cellWidth - 2}
        height={CELL_HEIGHT - 2}
        rx="6"
        fill={colour}
        fill-opacity={isCommitted ? 0.34 : 0.09}
        stroke={colour}
        stroke-width={isCommitted ? 2 : 1.5}
        stroke-dasharray={isCommitted ? "none" : "4 3"}
      />
      {!isDurable && (
        <rect
          x={x + 1}
          y={y + 1}
          width={cellWidth - 2}
          height={CELL_HEIGHT - 2}
          rx="6"
          fill="url(#hatch)"
          fill-opacity="0.9"
        />
      )}
      <text x={x + cellWidth / 2} y={y + 16} text-anchor="middle">
        {fitted(label, cellWidth)}
      </text>
      <text class="head" x={x + cellWidth / 2} y={y + 29} text-anchor="middle">
        {say(`t${term}`, `任期${term}`)}
        {index <= member.applied ? " ✓" : ""}
      </text>
    </g>
  );
}

/** Of the labels in the cells; Han characters take nearly twice as much. */
const LETTER_WIDTH = 7.1;
const HAN_WIDTH = 11.8;

function fitted(label: string, cellWidth: number): string {
  let room = cellWidth - 8;
  let end = 0;
  for (const sign of label) {
    room -= sign > "\u2e80" ? HAN_WIDTH : LETTER_WIDTH;
    if (room < 0) return `${label.slice(0, Math.max(1, end - 1))}…`;
    end += sign.length;
  }
  return label;
}

export function labelOf(entry: Entry): string {
  if (entry.kind === "noop") return say("(empty)", "（空）");
  if (entry.kind === "membership") return say("members", "成员");
  const operation = commandOf(entry)?.operation;
  if (operation === undefined) return "?";
  const { key, value } = operation;
  if (value === "") return key === "session" ? say("session", "会话") : key;
  return `${key}=${shortened(value)}`;
}

function titleOf(
  entry: Entry,
  isCommitted: boolean,
  isDurable: boolean,
  isApplied: boolean,
): string {
  const parts = [
    `${entry.index}: ${labelOf(entry)}`,
    say(`term ${entry.term}`, `任期 ${entry.term}`),
    isCommitted ? say("committed", "已提交") : say("not committed", "未提交"),
    isDurable ? say("on disk", "已落盘") : say("not on disk yet", "尚未落盘"),
  ];
  if (isApplied) parts.push(say("applied", "已应用"));
  return parts.join(say(", ", "，"));
}

function describe(members: readonly MemberFrame[]): string {
  return members
    .map(({ id, last, commit, applied }) =>
      say(
        `${memberName(id)}: log to ${last}, committed ${commit}, applied ${applied}`,
        `${memberName(id)}：日志到 ${last}，已提交 ${commit}，已应用 ${applied}`,
      ),
    )
    .join("; ");
}

function Describe({ members }: { readonly members: readonly MemberFrame[] }): JSX.Element {
  return <span class="unseen">{describe(members)}</span>;
}
