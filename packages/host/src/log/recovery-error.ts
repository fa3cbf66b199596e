import { QuorateError, type QuorateErrorCode } from "../errors.ts";
import { RECOVERY_REMEDIES, type RecoveryFinding } from "./recovery-table.ts";

/** Recovery refuses to go on; `finding` says which row of the table and where, the message also what to do. */
export class RecoveryError extends QuorateError {
  override readonly name: string = "RecoveryError";
  readonly finding: RecoveryFinding;

  /** `more`: further sentences for the message. */
  constructor(code: QuorateErrorCode, found: RecoveryFinding, directory: string, more = "") {
    const place = found.file === "" ? "" : `${found.file} at ${found.offset}: `;
    const remedy = RECOVERY_REMEDIES[found.row] ?? "";
    super(code, `${directory}: ${place}${found.detail} (${found.row}). ${more}${remedy}`.trim(), {
      outcome: "notApplied",
      retryable: false,
    });
    this.finding = found;
  }
}
