/** Why bytes from outside were refused. */
export type WireErrorReason =
  | "truncated"
  | "trailing"
  | "badNumber"
  | "badText"
  | "badValue"
  | "tooLong"
  | "badChecksum"
  | "badMagic"
  | "unknownKind"
  | "unexpected";

/** Bytes from outside do not follow the format. Ends the connection or refuses the value, never the process. */
export class WireError extends Error {
  override readonly name: string = "WireError";
  readonly reason: WireErrorReason;

  constructor(reason: WireErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
