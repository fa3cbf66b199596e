import { Core } from "./core.ts";
import { becomeFollower } from "./election/roles.ts";
import type { LogView } from "./log/log-view.ts";
import { membershipFault } from "./membership/check.ts";
import { type CoreSettings, type RestoredState, resolveOptions } from "./options.ts";
import { Raft } from "./raft.ts";
import type { RaftCore } from "./raft-core.ts";
import { NOBODY } from "./types.ts";

/**
 * Makes one member of one group from its settings and from what survived its last stop. It starts as a follower.
 * @throws RangeError when a setting makes no sense; `InvariantViolation` when `restored` and `log` do not fit together.
 */
export function createCore(
  settings: CoreSettings,
  restored: RestoredState,
  log: LogView,
): RaftCore {
  return new Core(createRaft(settings, restored, log));
}

export function createRaft(settings: CoreSettings, restored: RestoredState, log: LogView): Raft {
  const options = resolveOptions(settings);
  const fault = membershipFault(restored.membership);
  if (fault !== undefined) throw new RangeError(`restored membership: ${fault}`);
  const raft = new Raft(options, restored, log);
  const { membership } = raft.membership.roster;
  const { term } = raft.standing;
  raft.decide?.({ type: "membershipSwitched", id: raft.id, term, membership });
  becomeFollower(raft, term, NOBODY);
  raft.decide?.({
    type: "created",
    id: raft.id,
    term,
    membership,
    commit: raft.log.commit,
    applied: raft.log.applied,
    last: raft.log.last,
  });
  return raft;
}
