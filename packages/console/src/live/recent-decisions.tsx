import { type Signal, signal, useSignal } from "@preact/signals";
import { explainDecision } from "@quorate/explain";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { clockWord } from "../language/words.ts";
import { language } from "../page/preferences.ts";
import { cluster, lines } from "./connection.ts";
import { ElectionList, type Stretch } from "./election-list.tsx";
import { isElection } from "./elections.ts";
import type { TimedLine } from "./member-view.ts";

/** Of a live cluster; a recording shows more. */
const RECENT_MAX = 120;
const SHOWN_MAX = 2_000;

/** The election whose sentences are shown; undefined for all. */
const chosen: Signal<Stretch | undefined> = signal(undefined);

/** The members' own reasons, newest first, and the elections among them. */
export function RecentDecisions(): JSX.Element {
  return (
    <DecisionList
      lines={lines.value}
      shownMax={RECENT_MAX}
      members={cluster.value?.members ?? []}
    />
  );
}

/** Every election of the cluster with its cause. */
export function RecentElections(): JSX.Element {
  const nameOf = namesOf(cluster.value?.members ?? []);
  return <ElectionList lines={lines.value} nameOf={nameOf} chosen={chosen} />;
}

/** The elections that a recording tells of. */
export function RecordedElections({
  lines: recorded,
  members,
}: {
  readonly lines: readonly TimedLine[];
  readonly members: readonly Named[];
}): JSX.Element {
  return <ElectionList lines={recorded} nameOf={namesOf(members)} chosen={chosen} />;
}

interface Named {
  readonly id: number;
  readonly name: string;
}

function namesOf(members: readonly Named[]): (id: number) => string {
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) || say(`member ${id}`, `成员 ${id}`);
}

/** Decisions as sentences, newest first. */
export function DecisionList({
  lines: all,
  members,
  isWide,
  shownMax = SHOWN_MAX,
}: {
  readonly lines: readonly TimedLine[];
  readonly members: readonly Named[];
  readonly isWide?: boolean | undefined;
  readonly shownMax?: number | undefined;
}): JSX.Element {
  const onlyElections = useSignal(false);
  const nameOf = namesOf(members);
  const stretch = chosen.value;
  const isMeant = ({ wallClockMs }: TimedLine): boolean =>
    stretch === undefined || (wallClockMs >= stretch.fromMs && wallClockMs <= stretch.toMs);
  const shown = all
    .filter((line) => isMeant(line) && (!onlyElections.value || isElection(line)))
    .slice(-shownMax)
    .reverse();
  return (
    <section class={`panel telling ${isWide === true ? "wide" : ""}`} data-view="decisions">
      <header>
        <h2>{say("What happened, and why", "发生了什么，为什么")}</h2>
        <label class="small quiet">
          <input
            type="checkbox"
            checked={onlyElections.value}
            onChange={(event) => {
              onlyElections.value = event.currentTarget.checked;
            }}
          />{" "}
          {say("only elections", "只看选举")}
        </label>
      </header>
      {stretch !== undefined && (
        <p class="row small filter">
          {say(`Around the election of term ${stretch.term}`, `任期 ${stretch.term} 的选举前后`)}
          <button
            type="button"
            class="plain"
            data-control="all-decisions"
            onClick={() => {
              chosen.value = undefined;
            }}
          >
            {say("show everything", "显示全部")}
          </button>
        </p>
      )}
      <ol aria-live="polite">
        {shown.map((line) => (
          <Told
            key={`${line.member}/${line.sequence}/${line.wallClockMs}`}
            line={line}
            nameOf={nameOf}
          />
        ))}
        {shown.length === 0 && <li class="quiet">{say("Quiet so far.", "目前一切平静。")}</li>}
      </ol>
    </section>
  );
}

function Told({
  line,
  nameOf,
}: {
  readonly line: TimedLine;
  readonly nameOf: (id: number) => string;
}): JSX.Element {
  const told = explainDecision(line.decision, { language: language.value, nameOf });
  return (
    <li class={told.importance} data-decision={line.decision.type}>
      <span class="when">{clockWord(line.wallClockMs)}</span>
      <div>
        <span class="said">{told.statement}</span>
        <span class="rule">{`${told.ruleName} · ${told.section}`}</span>
      </div>
    </li>
  );
}
