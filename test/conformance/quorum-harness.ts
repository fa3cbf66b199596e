import { jointReached, jointVote } from "../../packages/core/src/quorum/joint.ts";
import {
  majorityReached,
  majorityVote,
  type VoteOutcome,
} from "../../packages/core/src/quorum/majority.ts";
import type { Directive } from "./data-driven.ts";
import { hex } from "./render.ts";

const OUTCOMES: Record<VoteOutcome, string> = {
  won: "VoteWon",
  lost: "VoteLost",
  pending: "VotePending",
};

/** Commit and vote arithmetic on values. */
export class QuorumHarness {
  run({ command, args }: Directive): string {
    if (command !== "vote" && command !== "committed") return "unknown command";
    const values = (key: string): readonly string[] =>
      args.find((arg) => arg.key === key)?.values ?? [];
    const incoming = values("cfg").map(Number);
    const second = values("cfgj");
    const joint = args.some(({ key }) => key === "cfgj");
    const outgoing = second[0] === "zero" ? [] : second.map(Number);
    const members = [...new Set([...incoming, ...outgoing])];
    const given = values(command === "vote" ? "votes" : "idx");
    if (given.length !== members.length) {
      return `error: mismatched input for voters [${members.join(" ")}]: [${given.join(" ")}]`;
    }
    const known = new Map<number, string>();
    members.forEach((member, at) => {
      if (given[at] !== "_") known.set(member, given[at] ?? "");
    });
    if (command === "vote") return vote(incoming, outgoing, joint, known);
    const reached = joint
      ? jointReached(reachedBy(incoming, known), reachedBy(outgoing, known))
      : reachedBy(incoming, known);
    return `${table(members, known)}${Number.isFinite(reached) ? reached : "∞"}`;
  }
}

function reachedBy(voters: readonly number[], known: ReadonlyMap<number, string>): number {
  const values = Float64Array.from(voters, (voter) => Number(known.get(voter) ?? 0));
  return majorityReached(values, voters.length);
}

function vote(
  incoming: readonly number[],
  outgoing: readonly number[],
  joint: boolean,
  known: ReadonlyMap<number, string>,
): string {
  const outcome = (voters: readonly number[]): VoteOutcome => {
    const count = (answer: string): number =>
      voters.filter((voter) => known.get(voter) === answer).length;
    return majorityVote(voters.length, count("y"), count("n"));
  };
  const result = joint ? jointVote(outcome(incoming), outcome(outgoing)) : outcome(incoming);
  return OUTCOMES[result];
}

/** One bar per voter: as long as the number of voters that are behind it. */
function table(members: readonly number[], known: ReadonlyMap<number, string>): string {
  const size = members.length;
  if (size === 0) return "<empty majority quorum>";
  const indexOf = (member: number): number => Number(known.get(member) ?? 0);
  const byIndex = [...members].sort((a, b) => indexOf(a) - indexOf(b) || a - b);
  const bars = new Map<number, number>();
  byIndex.forEach((member, at) => {
    const previous = byIndex[at - 1];
    const tied = previous !== undefined && indexOf(previous) === indexOf(member);
    bars.set(member, at === 0 ? 0 : tied ? (bars.get(previous) ?? 0) : at);
  });
  let text = `${" ".repeat(size)}    idx\n`;
  for (const member of [...members].sort((a, b) => a - b)) {
    const bar = bars.get(member) ?? 0;
    const lead = known.has(member)
      ? `${"x".repeat(bar)}>${" ".repeat(size - bar)}`
      : `?${" ".repeat(size)}`;
    text += `${lead} ${String(indexOf(member)).padStart(5)}    (id=${hex(member)})\n`;
  }
  return text;
}
