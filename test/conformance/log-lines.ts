import type { Decision, DecisionType } from "../../packages/core/src/decisions/decision.ts";
import type { BallotKind } from "../../packages/core/src/decisions/election-decision.ts";
import type { LogPosition } from "../../packages/core/src/types.ts";
import {
  hex,
  messageName,
  renderChange,
  renderElectors,
  renderMembership,
  renderProgress,
  stateName,
} from "./render.ts";

export type Level = "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";

export interface LogLine {
  readonly level: Level;
  readonly text: string;
}

type Of<T extends DecisionType> = Extract<Decision, { type: T }>;
type Lines = { readonly [T in DecisionType]?: (decision: Of<T>) => readonly LogLine[] };

const debug = (text: string): readonly LogLine[] => [{ level: "DEBUG", text }];
const info = (text: string): readonly LogLine[] => [{ level: "INFO", text }];
const warn = (text: string): readonly LogLine[] => [{ level: "WARN", text }];
const error = (text: string): readonly LogLine[] => [{ level: "ERROR", text }];
const NONE: readonly LogLine[] = [];

const requestName = (ballot: BallotKind): string => messageName(ballot);
const replyName = (ballot: BallotKind): string =>
  messageName(ballot === "vote" ? "voteReply" : "preVoteReply");
const at = ({ term, index }: LogPosition): string => `logterm: ${term}, index: ${index}`;
const snapshotAt = ({ term, index }: LogPosition): string => `[index: ${index}, term: ${term}]`;

function voteLine(
  decision: Of<"voteGranted" | "voteRefused" | "voteIgnored">,
  verb: string,
): string {
  const { id, ballot, candidate, candidateLast, last, vote, term } = decision;
  return `${hex(id)} [${at(last)}, vote: ${hex(vote)}] ${verb} ${requestName(ballot)} ${verb === "cast" ? "for" : "from"} ${hex(candidate)} [${at(candidateLast)}] at term ${term}`;
}

const elections: Lines = {
  becameFollower: (d) => info(`${hex(d.id)} became follower at term ${d.term}`),
  becameCandidate: (d) => info(`${hex(d.id)} became candidate at term ${d.term}`),
  becamePreCandidate: (d) => info(`${hex(d.id)} became pre-candidate at term ${d.term}`),
  becameLeader: (d) => info(`${hex(d.id)} became leader at term ${d.term}`),
  campaignRefused(d) {
    const id = hex(d.id);
    switch (d.reason) {
      case "alreadyLeader":
        return debug(`${id} ignoring MsgHup because already leader`);
      case "notMember":
      case "learner":
      case "installingSnapshot":
        return warn(`${id} is unpromotable and can not campaign`);
      case "membershipChangePending":
        return warn(
          `${id} cannot campaign at term ${d.term} since there are still pending configuration changes to apply`,
        );
      case "leaderLease":
        return NONE;
    }
  },
  electionStarted: (d) => info(`${hex(d.id)} is starting a new election at term ${d.term}`),
  voteRequested: (d) =>
    info(
      `${hex(d.id)} [${at(d.last)}] sent ${requestName(d.ballot)} request to ${hex(d.to)} at term ${d.term}`,
    ),
  voteCounted(d) {
    const id = hex(d.id);
    const name = replyName(d.ballot);
    const verdict = d.granted ? name : `${name} rejection`;
    return [
      ...info(`${id} received ${verdict} from ${hex(d.from)} at term ${d.term}`),
      ...info(`${id} has received ${d.grants} ${name} votes and ${d.refusals} vote rejections`),
    ];
  },
  voteGranted: (d) => info(voteLine(d, "cast")),
  voteRefused: (d) => info(voteLine(d, "rejected")),
  voteIgnored: (d) =>
    info(`${voteLine(d, "ignored")}: lease is not expired (remaining ticks: ${d.remainingTicks})`),
  higherTermSeen: (d) =>
    info(
      `${hex(d.id)} [term: ${d.term}] received a ${messageName(d.message)} message with higher term from ${hex(d.from)} [term: ${d.messageTerm}]`,
    ),
  lowerTermIgnored: (d) =>
    info(
      `${hex(d.id)} [term: ${d.term}] ignored a ${messageName(d.message)} message with lower term from ${hex(d.from)} [term: ${d.messageTerm}]`,
    ),
  quorumLost: (d) => warn(`${hex(d.id)} stepped down to follower since quorum is not active`),
  leaderForgotten: (d) => info(`${hex(d.id)} forgetting leader ${hex(d.leader)} at term ${d.term}`),
  forgetLeaderRefused: () => error("ignoring MsgForgetLeader due to ReadOnlyLeaseBased"),
};

const transfers: Lines = {
  transferStarted: (d) =>
    info(`${hex(d.id)} [term ${d.term}] starts to transfer leadership to ${hex(d.target)}`),
  transferRefused(d) {
    const id = hex(d.id);
    const target = hex(d.target);
    switch (d.reason) {
      case "noLeader":
        return info(`${id} no leader at term ${d.term}; dropping leader transfer msg`);
      case "notMember":
        return debug(`${id} no progress available for ${target}`);
      case "targetIsLearner":
        return debug(`${id} is learner. Ignored transferring leadership`);
      case "targetIsLeader":
        return debug(`${id} is already leader. Ignored transferring leadership to self`);
      case "alreadyRunning":
        return info(
          `${id} [term ${d.term}] transfer leadership to ${target} is in progress, ignores request to same node ${target}`,
        );
    }
  },
  transferAborted: (d) =>
    d.reason === "replaced"
      ? info(
          `${hex(d.id)} [term ${d.term}] abort previous transferring leadership to ${hex(d.target)}`,
        )
      : NONE,
  timeoutNowSent(d) {
    const id = hex(d.id);
    const to = hex(d.to);
    return d.reason === "upToDate"
      ? info(`${id} sends MsgTimeoutNow to ${to} immediately as ${to} already has up-to-date log`)
      : info(`${id} sent MsgTimeoutNow to ${to} after received MsgAppResp`);
  },
  timeoutNowReceived: (d) =>
    info(
      `${hex(d.id)} [term ${d.term}] received MsgTimeoutNow from ${hex(d.from)} and starts an election to get leadership.`,
    ),
  timeoutNowIgnored: (d) =>
    debug(
      `${hex(d.id)} [term ${d.term} state ${stateName(d.role)}] ignored MsgTimeoutNow from ${hex(d.from)}`,
    ),
};

const replication: Lines = {
  proposalRefused(d) {
    const id = hex(d.id);
    switch (d.reason) {
      case "noLeader":
        return info(`${id} no leader at term ${d.term}; dropping proposal`);
      case "notLeader":
        return info(
          `${id} not forwarding to leader ${hex(d.leader)} at term ${d.term}; dropping proposal`,
        );
      case "notMember":
        return NONE;
      case "transferInProgress":
        return debug(
          `${id} [term ${d.term}] transfer leadership to ${hex(d.transferee)} is in progress; dropping proposal`,
        );
      case "quotaExceeded":
        return warn(
          `${id} appending new entries to log would exceed uncommitted entry size limit; dropping proposal`,
        );
    }
  },
  senderUntracked: (d) => debug(`${hex(d.id)} no progress available for ${hex(d.from)}`),
  appendRefusalReceived: (d) =>
    debug(
      `${hex(d.id)} received MsgAppResp(rejected, hint: (index ${d.hint.index}, term ${d.hint.term})) from ${hex(d.from)} for index ${d.probed}`,
    ),
  progressDecreased: (d) =>
    debug(`${hex(d.id)} decreased progress of ${hex(d.member)} to [${renderProgress(d.progress)}]`),
  memberUnreachable: (d) =>
    debug(
      `${hex(d.id)} failed to send message to ${hex(d.member)} because it is unreachable [${renderProgress(d.progress)}]`,
    ),
  appendRefused: (d) =>
    debug(
      `${hex(d.id)} [logterm: ${d.termHere}, index: ${d.previous.index}] rejected MsgApp [${at(d.previous)}] from ${hex(d.from)}`,
    ),
  snapshotNotSent: (d) =>
    d.reason === "inactive"
      ? debug(`ignore sending snapshot to ${hex(d.to)} since it is not recently active`)
      : debug(
          `${hex(d.id)} failed to send snapshot to ${hex(d.to)} because snapshot is temporarily unavailable`,
        ),
  snapshotSent: (d) =>
    debug(
      `${hex(d.id)} [firstindex: ${d.firstIndex}, commit: ${d.commit}] sent snapshot${snapshotAt(d.snapshot)} to ${hex(d.to)} [${renderProgress(d.progress)}]`,
    ),
  replicationPaused: (d) =>
    debug(
      `${hex(d.id)} paused sending replication messages to ${hex(d.member)} [${renderProgress(d.progress)}]`,
    ),
  snapshotNoLongerNeeded: (d) =>
    debug(
      `${hex(d.id)} recovered from needing snapshot, resumed sending replication messages to ${hex(d.member)} [${renderProgress(d.progress)}]`,
    ),
  snapshotReported: (d) =>
    debug(
      `${hex(d.id)} snapshot ${d.delivered ? "succeeded" : "failed"}, resumed sending replication messages to ${hex(d.member)} [${renderProgress(d.progress)}]`,
    ),
};

const logs: Lines = {
  conflictFound: (d) =>
    info(
      `found conflict at index ${d.index} [existing term: ${d.existingTerm}, conflicting term: ${d.conflictingTerm}]`,
    ),
  tailReplaced: (d) => info(`replace the unstable entries from index ${d.index}`),
  tailTruncated: (d) => info(`truncate the unstable entries before index ${d.index}`),
  durableIgnored(d) {
    const { index, term } = d.acknowledged;
    switch (d.reason) {
      case "missing":
        return info(`entry at index ${index} missing from unstable log; ignoring`);
      case "snapshot":
        return info(`entry at index ${index} matched unstable snapshot; ignoring`);
      case "termMismatch":
        return info(
          `entry at (index,term)=(${index},${term}) mismatched with entry at (${d.existing.index},${d.existing.term}) in unstable log; ignoring`,
        );
    }
  },
  durableOutdated: (d) =>
    info(
      `${hex(d.id)} [term: ${d.term}] ignored entry appends from a MsgStorageAppendResp message with lower term [term: ${d.workTerm}]`,
    ),
  snapshotRestoreStarted: (d) =>
    info(
      `log [committed=${d.commit}, applied=${d.applied}, applying=${d.applying}, unstable.offset=${d.tailOffset}, unstable.offsetInProgress=${d.tailHandedOut}, len(unstable.Entries)=${d.tailCount}] starts to restore snapshot ${snapshotAt(d.snapshot)}`,
    ),
  snapshotRestored: (d) =>
    info(
      `${hex(d.id)} [commit: ${d.commit}, lastindex: ${d.last.index}, lastterm: ${d.last.term}] restored snapshot ${snapshotAt(d.snapshot)}`,
    ),
  snapshotAccepted: (d) =>
    info(`${hex(d.id)} [commit: ${d.commit}] restored snapshot ${snapshotAt(d.snapshot)}`),
  snapshotIgnored: (d) =>
    info(`${hex(d.id)} [commit: ${d.commit}] ignored snapshot ${snapshotAt(d.snapshot)}`),
  snapshotNotForUs: (d) =>
    warn(
      `${hex(d.id)} attempted to restore snapshot but it is not in the ConfState ${snapshotAt(d.snapshot)}; should never happen`,
    ),
  commitFastForwarded: (d) =>
    info(
      `${hex(d.id)} [commit: ${d.commit}, lastindex: ${d.last.index}, lastterm: ${d.last.term}] fast-forwarded commit to snapshot ${snapshotAt(d.snapshot)}`,
    ),
};

const memberships: Lines = {
  created: (d) =>
    info(
      `newRaft ${hex(d.id)} [peers: [${renderElectors(d.membership)}], term: ${d.term}, commit: ${d.commit}, applied: ${d.applied}, lastindex: ${d.last.index}, lastterm: ${d.last.term}]`,
    ),
  membershipSwitched: (d) =>
    info(`${hex(d.id)} switched to configuration ${renderMembership(d.membership)}`),
  membershipChangeRefused(d) {
    const where = `${renderChange(d.change)} at config ${renderMembership(d.membership)}`;
    const because = {
      changePending: `possible unapplied conf change at index ${d.pendingIndex} (applied to ${d.applied})`,
      mustLeaveJoint: "must transition out of joint config first",
      notJoint: "not in joint state; refusing empty conf change",
      invalid: d.detail,
    }[d.reason];
    return info(`${hex(d.id)} ignoring conf change ${where}: ${because}`);
  },
  autoLeaveProposed: (d) =>
    info(
      `initiating automatic transition out of joint configuration ${renderMembership(d.membership)}`,
    ),
  autoLeaveRefused: (d) =>
    debug(
      `not initiating automatic transition out of joint configuration ${renderMembership(d.membership)}: raft proposal dropped`,
    ),
  readRefused: (d) =>
    d.reason === "noLeader"
      ? info(`${hex(d.id)} no leader at term ${d.term}; dropping index reading msg`)
      : NONE,
  stopped: (d) => [{ level: "FATAL", text: `${d.invariant}: ${d.detail}` }],
};

const LINES: Lines = { ...elections, ...transfers, ...replication, ...logs, ...memberships };

/** The log lines that the corpus expects for a decision; none for decisions it does not know. */
export function logLines(decision: Decision): readonly LogLine[] {
  const render = LINES[decision.type] as ((decision: Decision) => readonly LogLine[]) | undefined;
  return render === undefined ? NONE : render(decision);
}
