import { useSignal } from "@preact/signals";
import type { DecisionType } from "@quorate/core";
import { explainDecision } from "@quorate/explain";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { language } from "../page/preferences.ts";
import { cluster, lines } from "./connection.ts";
import type { TimedLine } from "./member-view.ts";

/** Of a live cluster; a recording shows more. */
const RECENT_MAX = 120;
const SHOWN_MAX = 2_000;

/** What answers "why was there an election?". */
const ELECTION: ReadonlySet<DecisionType> = new Set<DecisionType>([
  "electionStarted",
  "electionDecided",
  "becameLeader",
  "becameCandidate",
  "becameFollower",
  "quorumLost",
  "voteGranted",
  "voteRefused",
  "transferStarted",
  "timeoutNowReceived",
  "higherTermSeen",
]);

/** The members' own reasons, newest first. */
export function RecentDecisions(): JSX.Element {
  return (
    <DecisionList
      lines={lines.value}
      shownMax={RECENT_MAX}
      members={cluster.value?.members ?? []}
    />
  );
}

/** Decisions as sentences, newest first. */
export function DecisionList({
  lines: all,
  members,
  isWide,
  shownMax = SHOWN_MAX,
}: {
  readonly lines: readonly TimedLine[];
  readonly members: readonly { readonly id: number; readonly name: string }[];
  readonly isWide?: boolean | undefined;
  readonly shownMax?: number | undefined;
}): JSX.Element {
  const onlyElections = useSignal(false);
  const names = new Map(members.map(({ id, name }) => [id, name]));
  const nameOf = (id: number): string => names.get(id) || say(`member ${id}`, `成员 ${id}`);
  const shown = all
    .filter(({ decision }) => !onlyElections.value || ELECTION.has(decision.type))
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
  const time = new Date(line.wallClockMs);
  return (
    <li class={told.importance} data-decision={line.decision.type}>
      <span class="when">
        {time.toLocaleTimeString(language.value === "zh" ? "zh-CN" : "en-GB")}.
        {String(time.getMilliseconds()).padStart(3, "0")}
      </span>
      {told.statement} <span class="rule">{`${told.ruleName} · ${told.section}`}</span>
    </li>
  );
}
