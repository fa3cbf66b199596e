import { useSignal } from "@preact/signals";
import { RULES, type RuleId } from "@quorate/explain";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { timeWord } from "../language/words.ts";
import { language } from "../page/preferences.ts";
import type { Run } from "../recording/run.ts";
import { glideTo } from "../studio/playing.ts";
import { cursor, revision, shownRecording } from "../studio/studio.ts";
import { lineOf, lineOfAction, type TellingLine } from "./telling-lines.ts";

/** How many sentences are shown; older ones are a jump back away. */
const LINES_MAX = 70;

interface ToldLine extends TellingLine {
  readonly key: string;
  readonly moment: number;
}

/** What happened up to the moment that is shown, newest first; a click shows the moment. */
export function Narration(): JSX.Element {
  const everything = useSignal(false);
  const openRule = useSignal<string | undefined>(undefined);
  revision.value;
  const recording = shownRecording();
  const moment = cursor.value;
  const lines = recording === undefined ? [] : linesOf(recording, moment, everything.value);
  return (
    <section class="panel telling" aria-label={say("What happened", "发生了什么")}>
      <header>
        <h2>{say("What happened, and why", "发生了什么，为什么")}</h2>
        <label class="small quiet">
          <input
            type="checkbox"
            checked={everything.value}
            onChange={(event) => {
              everything.value = event.currentTarget.checked;
            }}
          />{" "}
          {say("everything", "全部")}
        </label>
      </header>
      <ol>
        {lines.map((line) => (
          <Line
            key={line.key}
            line={line}
            isNow={line.moment === moment}
            atMs={recording?.track.atMs(line.moment) ?? 0}
            isOpen={openRule.value === line.key}
            onRule={() => {
              openRule.value = openRule.value === line.key ? undefined : line.key;
            }}
          />
        ))}
        {lines.length === 0 && (
          <li class="quiet">{say("Nothing yet: press play.", "还没有：请按播放。")}</li>
        )}
      </ol>
    </section>
  );
}

function linesOf(recording: Run, moment: number, everything: boolean): readonly ToldLine[] {
  const { track, names } = recording;
  const lines: ToldLine[] = [];
  const addActions = (low: number, high: number): void => {
    for (const at of track.actionMoments(low, high)) {
      track.actionsOf(at).forEach((action, place) => {
        if (action.type === "name" || action.type === "nameAll") return;
        lines.push({ ...lineOfAction(action, names), key: `${at}a${place}`, moment: at });
      });
    }
  };
  let at = moment;
  let place = 0;
  for (const told of track.newestEvents(moment, LINES_MAX, everything)) {
    if (told.moment < at) {
      addActions(told.moment, at);
      at = told.moment;
      place = 0;
    }
    place += 1;
    lines.push({ ...lineOf(told.event), key: `${told.moment}e${place}`, moment: told.moment });
  }
  if (lines.length < LINES_MAX) addActions(-1, at);
  return lines.slice(0, LINES_MAX);
}

function Line({
  line,
  isNow,
  atMs,
  isOpen,
  onRule,
}: {
  readonly line: ToldLine;
  readonly isNow: boolean;
  readonly atMs: number;
  readonly isOpen: boolean;
  onRule(): void;
}): JSX.Element {
  const { rule } = line;
  return (
    <li class={`${line.tone} ${isNow ? "now" : ""}`}>
      <button
        type="button"
        class="plain when"
        title={say("Show this moment", "跳到这一刻")}
        onClick={() => glideTo(line.moment)}
      >
        {timeWord(atMs)}
      </button>
      <div>
        <span class="said">{line.text}</span>
        {rule !== undefined && (
          <button type="button" class="plain rule" aria-expanded={isOpen} onClick={onRule}>
            {rule.ruleName} · {rule.section}
          </button>
        )}
        {isOpen && rule !== undefined && <p class="rule-text">{statementOf(rule.rule)}</p>}
      </div>
    </li>
  );
}

function statementOf(rule: RuleId): string {
  return RULES[rule].statement[language.value];
}
