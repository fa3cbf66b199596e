import type { Decision, MemberId, PeerMessage } from "@quorate/core";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { ClusterLedger } from "../invariants/cluster-ledger.ts";
import type { Agenda } from "../time/agenda.ts";
import type { CommandResult } from "./command.ts";
import type { ClusterEventBody } from "./events.ts";
import type { ClusterSettings } from "./settings.ts";

/** What a member needs of the world it lives in. */
export interface MemberWorld {
  readonly agenda: Agenda;
  readonly settings: ClusterSettings;
  readonly ledger: ClusterLedger;
  readonly counters: FaultCounters;
  /** Undefined when nobody listens: events are not even built then. */
  readonly emit: ((event: ClusterEventBody) => void) | undefined;
  send(message: PeerMessage, cargo: unknown): void;
  /** A command was applied at `member`. */
  applied(member: MemberId, payload: Uint8Array, result: CommandResult): void;
  /** A read that `member` asked for may be served from its machine now. */
  readable(member: MemberId, requestId: number): void;
}

/** Who hears what the core of `member` decides: the model that the run is held against, and whoever listens. */
export function decisionListener(
  { emit, ledger }: MemberWorld,
  member: MemberId,
): ((decision: Decision) => void) | undefined {
  const { trace } = ledger;
  if (emit === undefined) {
    return trace === undefined ? undefined : (decision) => trace.decided(decision);
  }
  return (decision) => {
    trace?.decided(decision);
    emit({ type: "decision", member, decision });
  };
}
