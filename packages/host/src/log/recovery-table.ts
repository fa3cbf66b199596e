/**
 * What recovery makes of each thing it may find, in one place. `docs/formats/log.md` gives the reasons; the tests have
 * the names of the rows. Nothing that may have been acknowledged is ever dropped.
 */
export const RECOVERY_TABLE: Readonly<Record<RecoveryRow, RecoveryRule>> = {
  R1: {
    observation: "an intact batch that continues the chain",
    verdict: "good",
    action: "replay it",
  },
  R2: {
    observation:
      "invalid bytes at sequence S in the last segment, and no intact batch header behind them that says durable through S or more",
    verdict: "tornTail",
    action: "copy the tail aside, zero it, seal the segment, go on in the next",
  },
  R3: {
    observation:
      "invalid bytes at sequence S in the last segment, and an intact batch header behind them that says durable through S or more; or an intact batch that does not belong there",
    verdict: "corrupt",
    action: "refuse: acknowledged data is damaged",
  },
  R4: {
    observation: "zeros to the end of the file",
    verdict: "good",
    action: "go on here",
  },
  R5: {
    observation: "damage in a segment that others follow, or its seal is missing or wrong",
    verdict: "corrupt",
    action: "refuse",
  },
  R6: {
    observation: "a segment that was being prepared and never used",
    verdict: "leftover",
    action: "delete it",
  },
  R7: {
    observation: "the header of a named segment is invalid",
    verdict: "corrupt",
    action: "refuse: it was durable before the file got its name",
  },
  R8: {
    observation: "a segment is missing, or does not continue the one before",
    verdict: "corrupt",
    action: "refuse",
  },
  R9: {
    observation: "the snapshot of the newest marker is missing or damaged",
    verdict: "fallback",
    action: "use the marker before if the log reaches back to it, otherwise refuse",
  },
  R10: {
    observation: "a snapshot without a marker",
    verdict: "leftover",
    action: "delete it: its installation did not finish",
  },
  R11: {
    observation: "a segment of another cluster, group or member",
    verdict: "mismatch",
    action: "refuse: wrong folder",
  },
  R12: {
    observation: "a commit index beyond the last entry",
    verdict: "corrupt",
    action: "refuse: both come in one batch",
  },
  R13: {
    observation: "the state machine's position lies outside what log and snapshots cover",
    verdict: "mismatch",
    action: "refuse: its data and the log do not belong together",
  },
  R14: {
    observation: "a segment file is shorter than it was announced to be",
    verdict: "corrupt",
    action: "refuse: its end was cut off",
  },
};

/** Where the disk has lost what was acknowledged and nothing on it can say what it was. */
const REPLACE =
  "Remove this member from its groups and add its host with an empty folder under a new number; a group of one comes back from a copy of its data.";

/** What to do about each row that refuses a log; the others need nothing but a start, or `repairLog`. */
export const RECOVERY_REMEDIES: Readonly<Partial<Record<RecoveryRow, string>>> = {
  R3: REPLACE,
  R5: REPLACE,
  R7: REPLACE,
  R8: `Bring the missing file back if it was moved. Otherwise: ${REPLACE}`,
  R9: `Bring the snapshot's folder back if it was moved. Otherwise: ${REPLACE}`,
  R11: "Start it with the folder that belongs to this host, cluster and group.",
  R12: `Keep the data and report it: no failing disk does this. To go on: ${REPLACE}`,
  R13: "Bring back the state machine's data that belongs to this log, or delete it where the log and its snapshots begin early enough to build it again.",
  R14: REPLACE,
};

/** A row of the recovery table; `docs/formats/log.md` explains each. */
export type RecoveryRow =
  | "R1"
  | "R2"
  | "R3"
  | "R4"
  | "R5"
  | "R6"
  | "R7"
  | "R8"
  | "R9"
  | "R10"
  | "R11"
  | "R12"
  | "R13"
  | "R14";

/** What a finding of recovery means for the log. */
export type RecoveryVerdict =
  | "good"
  | "tornTail"
  | "leftover"
  | "fallback"
  | "mismatch"
  | "corrupt";

export interface RecoveryRule {
  readonly observation: string;
  readonly verdict: RecoveryVerdict;
  readonly action: string;
}

/** One thing that recovery found, other than intact batches. */
export interface RecoveryFinding {
  readonly row: RecoveryRow;
  readonly verdict: RecoveryVerdict;
  /** File name, empty where no single file is meant. */
  readonly file: string;
  /** Place in the file, 0 where the file as a whole is meant. */
  readonly offset: number;
  readonly bytes: number;
  readonly detail: string;
}

export function finding(
  row: RecoveryRow,
  detail: string,
  place: { readonly file?: string; readonly offset?: number; readonly bytes?: number } = {},
): RecoveryFinding {
  const { file = "", offset = 0, bytes = 0 } = place;
  return { row, verdict: RECOVERY_TABLE[row].verdict, file, offset, bytes, detail };
}
