import { useSignal } from "@preact/signals";
import type { MemberId } from "@quorate/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { say } from "../language/say.ts";
import { timeWord } from "../language/words.ts";
import type { Mark } from "../recording/mark.ts";
import type { Run } from "../recording/run.ts";
import { termColour } from "../views/colours.ts";
import {
  isPlaying,
  pause,
  pausesAtSteps,
  SPEEDS,
  speed,
  stepEvent,
  stepMark,
  togglePlaying,
} from "./playing.ts";
import { cursor, jumpTo, notice, revision, shownMs, shownRecording } from "./studio.ts";

const WIDTH = 1000;
const HEIGHT = 40;
/** More marks than that are not told apart on any screen. */
const BANDS_MAX = 1500;

/** Always in reach: play, step, and the whole run as a strip to move on. */
export function TimeLine(): JSX.Element {
  revision.value;
  const recording = shownRecording();
  const { track } = recording ?? {};
  return (
    <section class="timeline" aria-label={say("Time", "时间")}>
      <div class="inner">
        <Buttons />
        {recording !== undefined && track !== undefined && (
          <div class="scrubber">
            <Strip recording={recording} />
            <input
              type="range"
              aria-label={say("Moment of the run", "运行的时刻")}
              aria-valuetext={`${timeWord(track.atMs(cursor.value))}`}
              min={0}
              max={Math.max(1, Math.ceil(track.endMs * 100))}
              step="any"
              value={shownMs.value * 100}
              onInput={(event) => {
                pause();
                jumpTo(track.momentAt(Number(event.currentTarget.value) / 100));
              }}
              onKeyDown={moveByKey}
            />
          </div>
        )}
      </div>
    </section>
  );
}

/** Arrow keys on the strip step from event to event. */
function moveByKey(event: KeyboardEvent): void {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  void stepEvent(event.key === "ArrowRight" ? 1 : -1);
}

function Buttons(): JSX.Element {
  const recording = shownRecording();
  const { track } = recording ?? {};
  return (
    <div class="buttons">
      <button type="button" onClick={() => jumpTo(0)} aria-label={say("To the start", "回到开头")}>
        |◀
      </button>
      <button
        type="button"
        onClick={() => stepEvent(-1)}
        aria-label={say("One event back", "后退一个事件")}
      >
        ◀
      </button>
      <button
        type="button"
        class="primary play"
        data-control="play"
        onClick={togglePlaying}
        aria-label={isPlaying.value ? say("Pause", "暂停") : say("Play", "播放")}
      >
        {isPlaying.value ? "❚❚" : "▶"}
      </button>
      <button type="button" data-control="event" onClick={() => stepEvent(1)}>
        {say("event", "事件")} ▸
      </button>
      <Finder kinds={["message"]} label={say("message", "消息")} name="message" />
      <Finder kinds={["role"]} label={say("role change", "角色变化")} name="role" />
      <Finder kinds={["commit"]} label={say("commit", "提交")} name="commit" />
      <Finder kinds={["client"]} label={say("client", "客户端")} name="client" />
      <Finder kinds={["violation"]} label={say("violation", "违例")} name="violation" />
      <label class="small quiet">
        {say("speed", "速度")}{" "}
        <input
          type="range"
          min={0}
          max={SPEEDS.length - 1}
          step={1}
          style="width:90px;vertical-align:middle"
          value={SPEEDS.indexOf(speed.value)}
          aria-valuetext={speedWord()}
          onInput={(event) => {
            speed.value = SPEEDS[Number(event.currentTarget.value)] ?? 20;
          }}
        />{" "}
        <span class="wideonly">{speedWord()}</span>
      </label>
      <label class="small quiet wideonly">
        <input
          type="checkbox"
          checked={pausesAtSteps.value}
          onChange={(event) => {
            pausesAtSteps.value = event.currentTarget.checked;
          }}
        />{" "}
        {say("wait at each step", "每步暂停")}
      </label>
      <span
        class="clock"
        data-digest={recording?.digest()}
        title={say("Fingerprint of the run: ", "本次运行的指纹：") + (recording?.digest() ?? "")}
      >
        {track === undefined ? "" : `${timeWord(shownMs.value)} · `}
        {say(`event ${cursor.value}`, `事件 ${cursor.value}`)} / {recording?.last ?? 0}
      </span>
      <span class={notice.value === "" ? "unseen" : "chip warn"} role="status">
        {notice.value}
      </span>
    </div>
  );
}

function speedWord(): string {
  return say(`${speed.value} ms per second`, `每秒 ${speed.value} 毫秒`);
}

function Finder({
  kinds,
  label,
  name,
}: {
  readonly kinds: readonly Mark["kind"][];
  readonly label: string;
  readonly name: string;
}): JSX.Element {
  const missed = useSignal(false);
  return (
    <button
      type="button"
      data-control={name}
      title={say(`to the next: ${label}`, `跳到下一个：${label}`)}
      onClick={async () => {
        const found = await stepMark(kinds, 1);
        missed.value = !found;
        if (!found) notice.value = say(`No ${label} in sight.`, `前方没有${label}。`);
      }}
    >
      {label} {missed.value ? "∅" : "▸"}
    </button>
  );
}

interface Band {
  readonly fromMs: number;
  /** Undefined for one that goes on. */
  readonly toMs: number | undefined;
  readonly colour: string;
  readonly lane: number;
  readonly isThick: boolean;
}

/** A lane for each member: a thick band where it leads, in the colour of the term; gaps where it is down. */
function Strip({ recording }: { readonly recording: Run }): JSX.Element {
  revision.value;
  const { track } = recording;
  const endMs = Math.max(track.endMs, 1);
  const x = (ms: number): number => (ms / endMs) * WIDTH;
  const { members } = track.frame(recording.last);
  // Bands are drawn in milliseconds and stretched, so that a growing run does not draw them all anew.
  const bands = useMemo(() => {
    const lanes = new Map(members.map(({ id }, at) => [id, at]));
    return bandsOf(track.marks, lanes);
  }, [recording, track.marks.length, members.length]);
  const closed = useMemo(
    () =>
      bands
        .filter(({ toMs }) => toMs !== undefined)
        .map((band) => <BandRect key={keyOf(band)} band={band} endMs={0} lanes={members.length} />),
    [bands],
  );
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {recording.parting !== undefined && (
        <rect
          x={0}
          y={0}
          width={x(track.atMs(recording.parting.moment))}
          height={HEIGHT}
          fill="var(--faint)"
          opacity="0.35"
        />
      )}
      <g transform={`scale(${WIDTH / endMs} 1)`}>
        {closed}
        {bands
          .filter(({ toMs }) => toMs === undefined)
          .map((band) => (
            <BandRect key={keyOf(band)} band={band} endMs={endMs} lanes={members.length} />
          ))}
      </g>
      {recording.stepEnds().map((moment) => (
        <path
          key={moment}
          d={`M ${x(track.atMs(moment))} 0 v ${HEIGHT}`}
          stroke="var(--muted)"
          stroke-width="1"
          stroke-dasharray="2 3"
          vector-effect="non-scaling-stroke"
        />
      ))}
      {track.violations.length > 0 && (
        <rect x={x(endMs) - 4} y={0} width={4} height={HEIGHT} fill="var(--bad)" />
      )}
      <line class="needle" x1={x(shownMs.value)} x2={x(shownMs.value)} y1={0} y2={HEIGHT} />
    </svg>
  );
}

function BandRect({
  band,
  endMs,
  lanes,
}: {
  readonly band: Band;
  readonly endMs: number;
  readonly lanes: number;
}): JSX.Element {
  const laneHeight = (HEIGHT - 6) / Math.max(1, lanes);
  const height = laneHeight * (band.isThick ? 0.85 : 0.32);
  return (
    <rect
      x={band.fromMs}
      y={3 + band.lane * laneHeight + (laneHeight - height) / 2}
      width={Math.max(0, (band.toMs ?? endMs) - band.fromMs)}
      height={height}
      fill={band.colour}
    />
  );
}

function keyOf({ lane, fromMs, colour, isThick }: Band): string {
  return `${lane}/${fromMs}/${colour}/${isThick}`;
}

/** The bands of all members; of a run with more turns than a screen has room for, the first ones. */
function bandsOf(marks: readonly Mark[], lanes: ReadonlyMap<MemberId, number>): readonly Band[] {
  const bands: Band[] = [];
  const open = new Map<MemberId, Band>();
  const close = (member: MemberId, toMs: number | undefined): void => {
    const band = open.get(member);
    open.delete(member);
    if (band !== undefined) bands.push({ ...band, toMs });
  };
  const begin = (member: MemberId, fromMs: number, colour: string, isThick: boolean): void => {
    const lane = lanes.get(member) ?? 0;
    open.set(member, { fromMs, toMs: undefined, colour, isThick, lane });
  };
  for (const mark of marks) {
    if (bands.length > BANDS_MAX) break;
    if (mark.kind === "role") {
      close(mark.member, mark.atMs);
      const isThick = mark.role !== "follower" && mark.role !== "preCandidate";
      begin(mark.member, mark.atMs, termColour(mark.term), isThick);
    } else if (mark.kind === "power") {
      if (mark.power === "down") close(mark.member, mark.atMs);
      else if (mark.power === "up" && !open.has(mark.member)) {
        begin(mark.member, mark.atMs, termColour(0), false);
      }
    }
  }
  for (const member of [...open.keys()]) close(member, undefined);
  return bands;
}
