import { QuorateError, type QuorateErrorCode } from "../errors.ts";
import type { LogPresence } from "../log/open-log.ts";
import type { Identity } from "./identity.ts";

/** `begin`: create or join, both of which start with nothing. `open`: go on with what is there. */
export type GroupVerb = "begin" | "open";

/** What a verb meets on a host: whether the identity lists the group, and whether the group's log is there. */
export type GroupRuling =
  | { readonly type: "proceed" }
  | { readonly type: "refuse"; readonly code: QuorateErrorCode; readonly reason: string };

/**
 * Decides whether a group may be begun or opened. The log comes into being before its group is listed and goes after
 * the group stopped counting; so each mixed state has one meaning, and none of them is "start empty".
 *
 * ```
 *               log none            log unfinished      log present
 *  not listed   begin               begin               refuse: the identity is older than the data
 *  active       refuse: amnesia     refuse: amnesia     open
 *  removing     begin               begin               begin, once the rest is removed
 * ```
 */
export function judgeGroup(
  identity: Identity,
  groupId: number,
  presence: LogPresence,
  verb: GroupVerb,
): GroupRuling {
  const state = identity.groups.find((group) => group.groupId === groupId)?.state;
  switch (state) {
    case "active":
      if (presence === "present") return verb === "open" ? PROCEED : alreadyExists(groupId);
      return refuse(
        "IDENTITY_MISSING",
        `group ${groupId} had a log here and it is gone: remove this member from the group and add its host under a new number`,
      );
    case "removing":
      return verb === "begin" ? PROCEED : nothingThere(groupId);
    case undefined:
      if (presence === "present") {
        return refuse(
          "IDENTITY_MISSING",
          `group ${groupId} has a log here that this host's identity does not know: bring the right identity.json back`,
        );
      }
      return verb === "begin" ? PROCEED : nothingThere(groupId);
  }
}

/** The ruling as an error, undefined for `proceed`. */
export function rulingError(ruling: GroupRuling): QuorateError | undefined {
  if (ruling.type === "proceed") return undefined;
  const { code, reason } = ruling;
  return new QuorateError(code, reason, { outcome: "notApplied", retryable: false });
}

const PROCEED: GroupRuling = { type: "proceed" };

function alreadyExists(groupId: number): GroupRuling {
  return refuse("ALREADY_EXISTS", `group ${groupId} has data here already: open it instead`);
}

function nothingThere(groupId: number): GroupRuling {
  return refuse(
    "IDENTITY_MISSING",
    `there is no group ${groupId} here: create it or join it first`,
  );
}

function refuse(code: QuorateErrorCode, reason: string): GroupRuling {
  return { type: "refuse", code, reason };
}
