import type { MemberFrame } from "@quorate/sim";
import type { JSX } from "preact";
import { memberName, say } from "../language/say.ts";
import { standingWord, timeWord } from "../language/words.ts";
import type { Run } from "../recording/run.ts";
import { lineOf, lineOfAction } from "../story/telling-lines.ts";
import {
  comparedRun,
  cursor,
  jumpTo,
  type OpenRun,
  revision,
  runs,
  show,
  shownMs,
  shownRun,
} from "../studio/studio.ts";
import { termColour } from "./colours.ts";
import { labelOf } from "./log-table.tsx";
import { ViewPanel } from "./view-panel.tsx";

/** Sentences that tell how two runs part. */
const LINES_MAX = 6;
/** Moments that are looked through for them. */
const LOOK_MAX = 4_000;
const ENTRIES_MAX = 12;

/** The runs that are open, and two of them side by side at the same time. */
export function Compare(): JSX.Element | null {
  revision.value;
  const all = runs.value;
  const here = shownRun.value;
  if (all.length < 2 || here === undefined) return null;
  const other = comparedRun.value;
  return (
    <ViewPanel
      name="compare"
      title={say("Branches", "分支")}
      hint={say(
        "Doing something in the past makes a branch. Two branches stand side by side at the same moment of the clock.",
        "在过去的某一刻动手就会产生分支。两个分支可以在同一时刻并排比较。",
      )}
      isWide
    >
      <div class="row" style="margin-bottom:0.5rem">
        {all.map((run) => (
          <button
            key={run.number}
            type="button"
            data-branch={run.number}
            aria-pressed={run === here}
            onClick={() => show(run)}
          >
            {nameOf(run)}
          </button>
        ))}
        <label class="small">
          {say("compare with", "与之比较")}{" "}
          <select
            onChange={(event) => {
              const number = Number(event.currentTarget.value);
              comparedRun.value = all.find((run) => run.number === number);
            }}
          >
            <option value="0">–</option>
            {all
              .filter((run) => run !== here)
              .map((run) => (
                <option key={run.number} value={run.number} selected={run === other}>
                  {nameOf(run)}
                </option>
              ))}
          </select>
        </label>
      </div>
      {other !== undefined && other !== here && <SideBySide here={here} other={other} />}
    </ViewPanel>
  );
}

function nameOf({ number, recording }: OpenRun): string {
  const { parting } = recording;
  if (parting === undefined) return say("the run", "原运行");
  const time = timeWord(recording.track.atMs(parting.moment));
  return say(`branch ${number}, at ${time}`, `分支 ${number}，始于 ${time}`);
}

function SideBySide({
  here,
  other,
}: {
  readonly here: OpenRun;
  readonly other: OpenRun;
}): JSX.Element {
  const moment = partingOf(here.recording, other.recording);
  return (
    <div class="sides">
      {[here, other].map((run) => (
        <div key={run.number} data-side={run.number}>
          <h3>{nameOf(run)}</h3>
          <Members
            recording={run.recording}
            moment={run === here ? cursor.value : momentOf(run.recording)}
          />
          {moment !== undefined && (
            <>
              <p class="small quiet" style="margin-top:0.4rem">
                {say("What happened after they parted:", "分开之后发生的事：")}
              </p>
              <ul class="small" style="margin:0.2rem 0 0;padding-inline-start:1.1rem">
                {afterParting(run.recording, moment).map((line) => (
                  <li key={line.key}>
                    {run === here ? (
                      <button type="button" class="plain when" onClick={() => jumpTo(line.moment)}>
                        {timeWord(run.recording.track.atMs(line.moment))}
                      </button>
                    ) : (
                      <span class="when">{timeWord(run.recording.track.atMs(line.moment))}</span>
                    )}{" "}
                    {line.text}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      ))}
    </div>
  );
}

/** The compared run stands where the shown one does, or at its own end. */
function momentOf({ track, last }: Run): number {
  return Math.max(0, Math.min(last, track.momentAt(shownMs.value)));
}

function Members({
  recording,
  moment,
}: {
  readonly recording: Run;
  readonly moment: number;
}): JSX.Element {
  const { members } = recording.track.frame(moment);
  return (
    <div class="scrolls">
      <table class="facts">
        <tbody>
          {members.map((member) => (
            <tr key={member.id}>
              <td>
                <span style={`color:${termColour(member.term)}`} aria-hidden="true">
                  ●
                </span>{" "}
                <strong>{memberName(member.id)}</strong>
              </td>
              <td>{standingWord(member)}</td>
              <td>{say(`term ${member.term}`, `任期 ${member.term}`)}</td>
              <td>
                <Entries recording={recording} member={member} moment={moment} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entries({
  recording,
  member,
  moment,
}: {
  readonly recording: Run;
  readonly member: MemberFrame;
  readonly moment: number;
}): JSX.Element {
  const { first, last, commit } = member;
  const low = Math.max(first, last - ENTRIES_MAX + 1);
  const indexes = Array.from({ length: Math.max(0, last - low + 1) }, (_, at) => low + at);
  return (
    <span>
      {low > 1 && <span class="quiet">… </span>}
      {indexes.map((index) => {
        const entry = recording.track.entryAt(member, index, moment);
        if (entry === undefined) return null;
        const colour = termColour(entry.term);
        const isCommitted = index <= commit;
        return (
          <span
            key={index}
            title={`${index}: ${labelOf(entry)}`}
            style={`display:inline-block;width:13px;height:13px;border-radius:3px;margin:1px;border:1.5px ${isCommitted ? "solid" : "dashed"} ${colour};background:${isCommitted ? colour : "none"}`}
          />
        );
      })}
    </span>
  );
}

/** The last moment that both have in common. */
function partingOf(one: Run, other: Run): number | undefined {
  const lineOf_ = (recording: Run): ReadonlyMap<Run, number> => {
    const line = new Map<Run, number>([[recording, recording.last]]);
    let moment = Number.POSITIVE_INFINITY;
    for (let at = recording; at.parting !== undefined; at = at.parting.parent) {
      moment = Math.min(moment, at.parting.moment);
      line.set(at.parting.parent, moment);
    }
    return line;
  };
  const line = lineOf_(one);
  for (const [recording, moment] of lineOf_(other)) {
    const mine = line.get(recording);
    if (mine !== undefined) return Math.min(mine, moment);
  }
  return undefined;
}

interface PartingLine {
  readonly key: string;
  readonly moment: number;
  readonly text: string;
}

function afterParting({ track, last, names }: Run, moment: number): readonly PartingLine[] {
  const lines: PartingLine[] = [];
  const end = Math.min(last, moment + LOOK_MAX);
  for (let at = moment + 1; at <= end && lines.length < LINES_MAX; at += 1) {
    track.actionsOf(at).forEach((action, place) => {
      lines.push({ key: `${at}a${place}`, moment: at, text: lineOfAction(action, names).text });
    });
    track.eventsOf(at).forEach((event, place) => {
      const line = lineOf(event);
      if (line.tone === "routine") return;
      lines.push({ key: `${at}e${place}`, moment: at, text: line.text });
    });
  }
  return lines.slice(0, LINES_MAX);
}
