import type { Decision, LogView, RaftCore } from "@quorate/core";
import { createCore } from "@quorate/core";
import type { ApplierOwner } from "./applier.ts";
import { Applier } from "./applier.ts";
import type { GroupCounters } from "./counters.ts";
import type { GroupParts } from "./group-parts.ts";
import type { ProposalQueue } from "./proposal-queue.ts";

/** The core of a member as it was recovered; `onDecision` hears everything it decides. */
export function newGroupCore<C, R, Q, A>(
  parts: GroupParts<C, R, Q, A>,
  log: LogView,
  onDecision: (decision: Decision) => void,
): RaftCore {
  const { coreSettings, environment, recovered, companion, self, onDecision: listener } = parts;
  const settings = {
    ...coreSettings,
    answerCommits: false,
    id: self,
    random: () => environment.random(),
    forwardProposals: false,
    onDecision:
      listener === undefined
        ? onDecision
        : (decision: Decision): void => {
            listener(decision);
            onDecision(decision);
          },
  };
  const { hardState } = recovered;
  const { membership, position } = companion;
  const core = createCore(settings, { hardState, membership, applied: position.index }, log);
  return parts.wrapCore?.(core) ?? core;
}

/** What takes committed entries to the member's machine. */
export function newApplier<C, R, Q, A>(
  parts: GroupParts<C, R, Q, A>,
  proposals: ProposalQueue,
  counters: GroupCounters,
  owner: ApplierOwner,
): Applier<C, R> {
  const { environment, spec, self, incarnation, companion } = parts;
  const { machine, commands, results } = spec;
  const of = { member: self, incarnation };
  return new Applier<C, R>(
    {
      environment,
      machine: machine as never,
      commands,
      results,
      proposals,
      counters,
      self: of,
      owner,
    },
    companion,
  );
}
