import type { SnapshotInfo } from "@quorate/core";
import { QuorateError } from "../errors.ts";

export function corruptSnapshot(info: SnapshotInfo, reason: string, cause?: unknown): QuorateError {
  return new QuorateError("CORRUPT_SNAPSHOT", `snapshot ${info.id} cannot be used: ${reason}`, {
    outcome: "notApplied",
    retryable: false,
    cause,
  });
}
