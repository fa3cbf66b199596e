import type { LogPosition } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import type { LogStore, RecoveredLog } from "./log-store.ts";

/**
 * Row R13: whether the log can go on from where a state machine says it is. Undefined when it can; the error otherwise
 * has both numbers. A machine behind the log's beginning needs a snapshot that leads at least there.
 */
export function checkMachinePosition(
  position: LogPosition,
  recovered: Pick<RecoveredLog, "firstIndex" | "last" | "snapshots">,
  store: Pick<LogStore, "term">,
): QuorateError | undefined {
  const { index, term } = position;
  const { firstIndex, last, snapshots } = recovered;
  if (index > last.index) return mismatch(`it is at ${index}, the log ends at ${last.index}`);
  const logged = index === 0 ? 0 : store.term(index);
  if (typeof logged === "number" && logged !== term) {
    return mismatch(`it is at ${index} of term ${term}, the log has term ${logged} there`);
  }
  const leads = snapshots.some((info) => info.index >= firstIndex - 1);
  if (index < firstIndex - 1 && !leads) {
    return mismatch(`it is at ${index}, the log begins at ${firstIndex} without a snapshot`);
  }
  return undefined;
}

function mismatch(reason: string): QuorateError {
  return new QuorateError(
    "STATE_MACHINE_FAILED",
    `the state machine does not fit the log: ${reason}`,
    {
      outcome: "notApplied",
      retryable: false,
    },
  );
}
