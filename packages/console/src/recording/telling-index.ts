import type { DecisionType } from "@quorate/core";
import type { ClusterEvent } from "@quorate/sim";

/** Decisions that are made all the time and only matter to someone who looks at everything. */
const ROUTINE: ReadonlySet<DecisionType> = new Set<DecisionType>([
  "timeoutDrawn",
  "heartbeatsSent",
  "appendSent",
  "appendHeld",
  "progressAdvanced",
  "quorumConfirmed",
  "voteRequested",
  "lowerTermIgnored",
  "refusalStale",
  "appendOutdated",
  "memberUnreachable",
  "durableIgnored",
  "durableOutdated",
  "applyHandedOut",
  "applyHeld",
]);

/** Whether an event belongs to the short version of what happened. */
export function isTold(event: ClusterEvent): boolean {
  switch (event.type) {
    case "decision":
      return isTurn(event.decision);
    case "sent":
    case "delivered":
    case "durable":
    case "applied":
      return false;
    case "lost":
    case "client":
    case "started":
    case "crashed":
    case "paused":
    case "resumed":
    case "wiped":
    case "snapshotTaken":
    case "snapshotInstalled":
    case "linkChanged":
    case "disk":
    case "violation":
      return true;
  }
}

type DecisionEvent = Extract<ClusterEvent, { readonly type: "decision" }>;

function isTurn(decision: DecisionEvent["decision"]): boolean {
  if (decision.type === "appendAccepted") return decision.added > 0;
  return !ROUTINE.has(decision.type);
}
