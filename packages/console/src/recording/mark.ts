import type { MemberId, Role, Term } from "@quorate/core";
import type { ClusterEvent } from "@quorate/sim";

/** A turn of a run that the time line shows and that one can jump to. */
export type Mark = { readonly moment: number; readonly atMs: number } & (
  | { readonly kind: "role"; readonly member: MemberId; readonly role: Role; readonly term: Term }
  | { readonly kind: "commit"; readonly member: MemberId; readonly index: number }
  | { readonly kind: "message" }
  | { readonly kind: "client" }
  | { readonly kind: "power"; readonly member: MemberId; readonly power: "up" | "down" | "paused" }
  | { readonly kind: "action" }
  | { readonly kind: "violation" }
);

export type MarkKind = Mark["kind"];

type MarkBody = Mark extends infer M
  ? M extends Mark
    ? Omit<M, "moment" | "atMs">
    : never
  : never;

/** What an event adds to the time line. */
export function markOf(event: ClusterEvent): MarkBody | undefined {
  switch (event.type) {
    case "delivered":
      return { kind: "message" };
    case "client":
      return { kind: "client" };
    case "started":
    case "resumed":
      return { kind: "power", member: event.member, power: "up" };
    case "crashed":
      return { kind: "power", member: event.member, power: "down" };
    case "paused":
      return { kind: "power", member: event.member, power: "paused" };
    case "decision":
      return markOfDecision(event);
    default:
      return undefined;
  }
}

function markOfDecision({
  member,
  decision,
}: Extract<ClusterEvent, { readonly type: "decision" }>): MarkBody | undefined {
  const { term } = decision;
  switch (decision.type) {
    case "becameFollower":
      return { kind: "role", member, role: "follower", term };
    case "becamePreCandidate":
      return { kind: "role", member, role: "preCandidate", term };
    case "becameCandidate":
      return { kind: "role", member, role: "candidate", term };
    case "becameLeader":
      return { kind: "role", member, role: "leader", term };
    case "commitAdvanced":
      return decision.by === "quorum" ? { kind: "commit", member, index: decision.to } : undefined;
    default:
      return undefined;
  }
}
