import type { HostEvent, ReplicaEvent, TransportEvent } from "@quorate/host";
import type { Logger } from "../log/logger.ts";

/** Says what happens below the services. Nothing of it is an error: whoever cannot go on ends by itself. */
export function logHostEvent(logger: Logger, event: HostEvent): void {
  switch (event.type) {
    case "transport":
      logTransport(logger, event.event);
      return;
    case "replica":
      logReplica(logger, event.event);
      return;
    case "eventLoopStalled":
      logger.warn("the event loop stood still", { forMs: Math.round(event.forMs) });
      return;
    case "clockJumped":
      logger.warn("the wall clock jumped", { byMs: Math.round(event.byMs) });
      return;
  }
}

function logTransport(logger: Logger, event: TransportEvent): void {
  const { type, ...fields } = event;
  switch (type) {
    case "connected":
      logger.info("connected to a member", fields);
      return;
    case "disconnected":
      logger.info("lost the connection to a member", fields);
      return;
    case "handshakeRefused":
      logger.warn("a connection between members was refused", fields);
      return;
    case "badPeerBytes":
      logger.warn("something that is not a member spoke on the peer port", fields);
  }
}

function logReplica(logger: Logger, event: ReplicaEvent): void {
  switch (event.type) {
    case "role":
      logger.info("raft role", { role: event.role, leader: event.leader, term: event.term });
      return;
    case "membership": {
      const { voters, learners } = event.membership;
      logger.info("membership is in force", { voters, learners });
      return;
    }
    case "snapshotFailed":
      logger.warn("a snapshot failed", {
        phase: event.phase,
        peer: event.peer,
        reason: event.reason,
      });
      return;
    case "diskStalled":
      logger.warn("the disk does not answer", { forMs: Math.round(event.forMs) });
      return;
    case "tornTail":
      logger.warn(
        `the log ended in a write that was cut off: ${event.bytes} bytes, never acknowledged, were set aside`,
      );
      return;
    case "diskRecovered":
      logger.info("the disk answers again", { afterMs: Math.round(event.afterMs) });
      return;
    case "refilling":
      logger.warn(
        "the log is damaged and its newest vote is certain: the other members give back what was lost",
        { keptThrough: event.keptThrough.index, untilAfterTerm: event.term },
      );
      return;
    case "refilled":
      logger.info("everything that the damaged log lost is back");
      return;
    case "resigned":
      logger.warn("gave up leadership", { reason: event.reason });
      return;
    case "timingRuleBroken":
    case "timingRuleKept":
      logTimingRule(logger, event);
      return;
    case "storageFull":
      logger.warn("the disk is full");
      return;
    case "storageFreed":
      logger.info("there is room on the disk again");
      return;
    case "stopped":
      if (event.error !== undefined) {
        logger.error("the group stopped", { code: event.error.code, error: event.error.message });
      }
      return;
    default: {
      const { type, ...fields } = event;
      logger.debug(`replica: ${type}`, fields);
    }
  }
}

function logTimingRule(
  logger: Logger,
  event: Extract<ReplicaEvent, { readonly type: "timingRuleBroken" | "timingRuleKept" }>,
): void {
  const { type, peer, electionTimeoutMs } = event;
  const roundTripMs = Math.round(event.roundTripMs);
  const fields = { peer, roundTripMs, diskMs: Math.round(event.diskMs), electionTimeoutMs };
  if (type === "timingRuleKept") {
    logger.info("round trips and disk are fast enough again for the election time-out", fields);
    return;
  }
  logger.warn(
    "round trips and disk are too slow for the election time-out: raise --election-timeout to ten times both, on every member",
    fields,
  );
}
