import type { Translated } from "../language/language.ts";

/**
 * Where a rule is written down. `Raft`: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm
 * (Extended Version)". `Ongaro`: his thesis, "Consensus: Bridging Theory and Practice".
 */
export type Source = "Raft" | "Ongaro";

/** A rule that decisions are made by. */
export interface Rule {
  readonly name: Translated;
  readonly source: Source;
  /** Number of the section in the source, such as "5.4.1". */
  readonly section: string;
  /** One paragraph for people who have not read the source. Where Quorate goes beyond the source, it says so. */
  readonly statement: Translated;
}

/** A group of rules. */
export type RuleTable<Id extends string> = Readonly<Record<Id, Rule>>;
