import { startElection } from "../election/campaign.ts";
import { checkQuorum } from "../election/check-quorum.ts";
import { abortTransfer } from "../election/leadership-transfer.ts";
import { unpromotable } from "../election/roles.ts";
import { leaveJointIfDue } from "../membership/auto-leave.ts";
import type { Raft } from "../raft.ts";
import { broadcastHeartbeat } from "../replication/heartbeat.ts";
import { NOBODY } from "../types.ts";

/** One unit of time has passed. */
export function tick(raft: Raft): void {
  if (raft.standing.role === "leader") tickLeader(raft);
  else tickFollower(raft);
}

function tickFollower(raft: Raft): void {
  const passed = raft.timer.tickFollower();
  if (!passed || raft.options.priority === 0 || unpromotable(raft) !== undefined) return;
  raft.timer.restartElection();
  startElection(raft, "timeout");
}

function tickLeader(raft: Raft): void {
  raft.lease.tick(raft.reads.round);
  if (raft.timer.tickLeader()) {
    if (raft.options.checkQuorum) checkQuorum(raft);
    // The target did not take over in time: proposals must not be held up any longer.
    if (raft.standing.role === "leader" && raft.transfer.target !== NOBODY) {
      abortTransfer(raft, "timedOut");
      leaveJointIfDue(raft);
    }
  }
  if (raft.standing.role === "leader" && raft.timer.heartbeatDue()) broadcastHeartbeat(raft);
}
