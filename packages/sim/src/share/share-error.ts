/**
 * Why a text is no run.
 *
 * - `notARun`: it does not look like one at all; `newerVersion`: a newer program made it.
 * - `damaged`: something is missing or was changed on the way.
 * - `tooLarge`: it unpacks to more than a run may be.
 * - `invalid`: it is whole, and says something that no run can be; the message names the place.
 * - `unknownScenario`: this program has no story of that name.
 */
export type ShareErrorCode =
  | "notARun"
  | "newerVersion"
  | "damaged"
  | "tooLarge"
  | "invalid"
  | "unknownScenario";

/** A link or file could not be opened as a run. */
export class ShareError extends Error {
  override readonly name = "ShareError";
  readonly code: ShareErrorCode;

  constructor(code: ShareErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
