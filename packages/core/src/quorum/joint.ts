import type { VoteOutcome } from "./majority.ts";

/** Both halves of a joint membership must agree; one refusal is enough to refuse. Source: Raft §6. */
export function jointVote(incoming: VoteOutcome, outgoing: VoteOutcome): VoteOutcome {
  if (incoming === outgoing) return incoming;
  return incoming === "lost" || outgoing === "lost" ? "lost" : "pending";
}

/** What both halves of a joint membership have reached. */
export function jointReached(incoming: number, outgoing: number): number {
  return Math.min(incoming, outgoing);
}
