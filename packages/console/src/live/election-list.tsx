import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { clockWord } from "../language/words.ts";
import { termColour } from "../views/colours.ts";
import { electionsOf, type LiveElection } from "./elections.ts";
import type { TimedLine } from "./member-view.ts";

const SHOWN_MAX = 12;

/** The stretch of time whose sentences are shown. */
export interface Stretch {
  readonly term: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Every election that is remembered with its cause: the answer to "why was there an election?". */
export function ElectionList({
  lines,
  nameOf,
  chosen,
}: {
  readonly lines: readonly TimedLine[];
  readonly nameOf: (id: number) => string;
  readonly chosen: Signal<Stretch | undefined>;
}): JSX.Element {
  const elections = electionsOf(lines).slice(0, SHOWN_MAX);
  return (
    <section class="panel" data-view="elections">
      <header>
        <h2>{say("Elections, and what caused them", "选举及其原因")}</h2>
      </header>
      {elections.length === 0 && (
        <p class="quiet small">
          {say(
            "The members remember no election since they started.",
            "自启动以来，成员没有记录到选举。",
          )}
        </p>
      )}
      <ol class="elections">
        {elections.map((election) => (
          <li key={election.term}>
            <button
              type="button"
              data-election={election.term}
              aria-pressed={chosen.value?.term === election.term}
              title={say("Show what was said then", "查看当时的说明")}
              onClick={() => {
                chosen.value = chosen.value?.term === election.term ? undefined : election;
              }}
            >
              <span class="when">{clockWord(election.beganMs)}</span>
              <span class="term" style={`border-color:${termColour(election.term)}`}>
                {say(`term ${election.term}`, `任期 ${election.term}`)}
              </span>
              <span class="why">
                <strong>{resultWord(election, nameOf)}</strong> {causeWord(election, nameOf)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function resultWord(
  { winner, tookMs, before }: LiveElection,
  nameOf: (id: number) => string,
): string {
  if (winner === 0) return say("Nobody won.", "无人当选。");
  const after =
    tookMs === undefined ? "" : say(` after ${seconds(tookMs)}`, `，用时 ${seconds(tookMs)}`);
  const how = winner === before ? say(" again", "（连任）") : "";
  return say(
    `${nameOf(winner)} was elected${how}${after}.`,
    `${nameOf(winner)} 当选${how}${after}。`,
  );
}

function causeWord(
  { cause, before, quorumLost }: LiveElection,
  nameOf: (id: number) => string,
): string {
  if (cause === undefined) {
    return say("The members no longer remember why.", "成员已不再保留原因。");
  }
  const who = nameOf(cause.member);
  const old = before === 0 ? "" : nameOf(before);
  if (cause.reason === "transfer") {
    return say(
      `${old === "" ? "The leader" : old} handed leadership over to ${who}.`,
      `${old === "" ? "领导者" : old} 把领导权转移给了 ${who}。`,
    );
  }
  if (cause.reason === "requested") {
    return say(`${who} was told to ask for votes.`, `有人要求 ${who} 参选。`);
  }
  if (old === "") {
    return say(
      `${who} heard of no leader for a whole election time-out.`,
      `${who} 在整个选举超时内没有听到任何领导者。`,
    );
  }
  if (quorumLost) {
    return say(
      `${old}, which led before, no longer reached a majority and stepped down; ${who} asked for votes.`,
      `此前的领导者 ${old} 无法再联系到多数派而退位；${who} 请求投票。`,
    );
  }
  return say(
    `${who} had heard nothing from ${old}, which led before, for a whole election time-out.`,
    `${who} 在整个选举超时内没有收到此前领导者 ${old} 的任何消息。`,
  );
}

function seconds(ms: number): string {
  return ms < 950
    ? say(`${Math.max(0, Math.round(ms))} ms`, `${Math.max(0, Math.round(ms))} 毫秒`)
    : say(`${(ms / 1000).toFixed(1)} s`, `${(ms / 1000).toFixed(1)} 秒`);
}
