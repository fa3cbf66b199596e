/**
 * What an object does when nothing is concurrent. The checker looks for an order of the operations, each somewhere
 * between its call and its return, in which this model gives the same answers.
 */
export interface Model<S, I, O> {
  readonly name: string;
  /**
   * The parts of the object that an operation touches. Histories are checked per group of parts that some operation
   * connects, which is what makes long ones feasible (Herlihy and Wing: linearizability is local). Absent: one part.
   */
  keysOf?(input: I): readonly string[];
  initial(): S;
  /**
   * The state after the operation, or undefined when it cannot answer `output` in `state`. An undefined `output` is an
   * unknown outcome that did take effect: anything may have been answered. Must not change `state`.
   */
  step(state: S, input: I, output: O | undefined): S | undefined;
  /** Never changes the state, whatever the state: such operations are taken as soon as they fit. */
  isRead(input: I): boolean;
  /** 32 bits, equal for equal states. */
  fingerprint(state: S): number;
  equal(left: S, right: S): boolean;
  /** One operation in words, for the picture of a failing history. */
  describe(input: I, output: O | undefined): string;
}
