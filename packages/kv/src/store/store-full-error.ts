/** The disk has no room for what is to be written. Nothing was written, and nothing is lost: it can be tried again. */
export class StoreFullError extends Error {
  override readonly name: string = "StoreFullError";
  /** What the host acts on. */
  readonly code: string = "STORAGE_FULL";

  constructor() {
    super("The disk is full: what is in memory cannot be written to the store now.");
  }
}
