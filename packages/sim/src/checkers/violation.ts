/** Something that must not happen and did. */
export interface Violation {
  /** Who noticed, for example `linearizability` or `I8 one vote per term`. */
  readonly checker: string;
  /** One plain sentence with the numbers in it. */
  readonly message: string;
}
