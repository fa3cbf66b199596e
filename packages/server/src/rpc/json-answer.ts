/** An answer as JSON, made piece by piece while it is written: a long one is never one string. */
export interface JsonAnswer {
  /** What the answer is made of; its owner no longer changes it. */
  readonly message: unknown;
  /** Can be asked for once. */
  readonly pieces: Iterable<string>;
}
