/** Commands that left, or will leave, in one entry. */
export interface OutgoingBatch {
  readonly firstSequence: number;
  readonly count: number;
  payload: Uint8Array;
  /** How often it was appended or passed on: 0 means that nobody else has seen it. */
  sends: number;
  /** When to try (again). */
  dueAtMs: number;
  /** Places whose callers gave up before it ever left. */
  withdrawn: Set<number> | undefined;
}

/** What became of an attempt to get a batch into the leader's log. */
export type Dispatched =
  | "appended"
  | "forwarded"
  /** Not now: nobody leads, or the leader cannot be reached; nothing was sent. */
  | "later"
  /** The leader's quota is used up; nothing was appended. */
  | "overloaded";
