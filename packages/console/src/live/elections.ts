import type { BallotKind, CampaignReason, DecisionType, MemberId, Term } from "@quorate/core";
import type { TimedLine } from "./member-view.ts";

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

/** Whether a line helps to understand an election. */
export function isElection({ decision }: TimedLine): boolean {
  return ELECTION.has(decision.type);
}

/** One attempt to find a leader for a term, put together from what the members said of it. */
export interface LiveElection {
  readonly term: Term;
  /** When somebody first asked; of the result where that is not known any more. */
  readonly beganMs: number;
  /** Until somebody led; undefined where nobody has, or the beginning is not known. */
  readonly tookMs: number | undefined;
  /** Who asked first, and why; undefined when that was forgotten. */
  readonly cause: { readonly member: MemberId; readonly reason: CampaignReason } | undefined;
  /** 0 when nobody won. */
  readonly winner: MemberId;
  /** Who led before, as far as the lines reach; 0 for nobody known. */
  readonly before: MemberId;
  /** The last leader gave up because it did not reach a majority. */
  readonly quorumLost: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The first sentences that belong to an election may be a little older than its beginning. */
const BEFORE_MS = 1_500;
const AFTER_MS = 1_500;

interface Ballot {
  readonly ballot: BallotKind;
  readonly reason: CampaignReason;
  readonly line: TimedLine;
}

/** The elections that these lines tell of, newest first. */
export function electionsOf(lines: readonly TimedLine[]): readonly LiveElection[] {
  const ballots = new Map<Term, Ballot[]>();
  const winners = new Map<Term, TimedLine>();
  const losses: TimedLine[] = [];
  for (const line of lines) {
    const { decision } = line;
    if (decision.type === "electionStarted") {
      const { ballot, campaign: reason } = decision;
      const term = decision.term + 1;
      ballots.set(term, [...(ballots.get(term) ?? []), { ballot, reason, line }]);
    } else if (decision.type === "becameLeader") winners.set(decision.term, line);
    else if (decision.type === "quorumLost") losses.push(line);
  }
  const terms = [...new Set([...ballots.keys(), ...winners.keys()])].sort((a, b) => a - b);
  const elections: LiveElection[] = [];
  let leader: TimedLine | undefined;
  for (const term of terms) {
    const asked = ballots.get(term) ?? [];
    const won = winners.get(term);
    // A pre-vote that nobody followed up changed no term and chose nobody.
    if (won === undefined && !asked.some(({ ballot }) => ballot === "vote")) continue;
    const first = asked[0];
    const beganMs = first?.line.wallClockMs ?? won?.wallClockMs ?? 0;
    const endMs = won?.wallClockMs ?? asked.at(-1)?.line.wallClockMs ?? beganMs;
    elections.push({
      term,
      beganMs,
      tookMs: first === undefined || won === undefined ? undefined : endMs - beganMs,
      cause: first && { member: first.line.member, reason: first.reason },
      winner: won?.member ?? 0,
      before: leader?.member ?? 0,
      quorumLost: losses.some(
        ({ member, wallClockMs }) =>
          member === leader?.member &&
          wallClockMs > (leader?.wallClockMs ?? 0) &&
          wallClockMs <= endMs,
      ),
      fromMs: beganMs - BEFORE_MS,
      toMs: endMs + AFTER_MS,
    });
    if (won !== undefined) leader = won;
  }
  return elections.reverse();
}
