import type { LogIndex } from "@quorate/core";
import type { Committed } from "@quorate/host";
import type { KvCommand, KvResult } from "@quorate/kv";
import { KeyHistory, type RevisionChanges } from "../checkers/key-history.ts";
import type { Violation } from "../checkers/violation.ts";
import { ReferenceStore } from "./reference-store.ts";
import { shownResult } from "./shown-result.ts";

export const CHRONICLE_CHECKER = "machines do what was agreed";

/** One command that took effect, when the first member applied it. */
export interface Deed {
  readonly index: LogIndex;
  readonly slot: number;
  readonly command: KvCommand;
  readonly answer: string;
  readonly revision: number;
  readonly atMs: number;
}

/**
 * What really happened to the keys: every command in the order in which it took effect, from whichever member applied it
 * first, carried out on the reference. All members are held against it, in all their lives.
 */
export class Chronicle {
  readonly violations: Violation[] = [];
  readonly deeds: Deed[] = [];
  readonly reference: ReferenceStore = new ReferenceStore();
  readonly #revisions: RevisionChanges[] = [];
  /** Place of the first deed of each entry. */
  readonly #byIndex: Map<LogIndex, number> = new Map();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get revision(): number {
    return this.reference.revision;
  }

  /** What the keys went through until now. */
  history(): KeyHistory {
    return new KeyHistory(this.#revisions);
  }

  get revisions(): readonly RevisionChanges[] {
    return this.#revisions;
  }

  /** A machine applied `batch` with `results`. */
  applied(
    where: string,
    batch: readonly Committed<KvCommand>[],
    results: readonly KvResult[],
  ): void {
    for (let at = 0; at < batch.length; at += 1) {
      const committed = batch[at] as Committed<KvCommand>;
      const deed = this.#find(committed) ?? this.#add(where, committed);
      const result = results[at];
      if (deed === undefined || result === undefined) continue;
      const shown = shownResult(result);
      const isError = result.type === "error";
      if (isError ? !deed.answer.startsWith(`${shown} @`) : shown !== deed.answer) {
        this.#report(
          `${where} answers ${committed.index}/${committed.slot} (${deed.command.type}) with "${shown}", right is "${deed.answer}"`,
        );
      }
    }
  }

  #find({ index, slot }: Committed<KvCommand>): Deed | undefined {
    const first = this.#byIndex.get(index);
    if (first === undefined) return undefined;
    for (let at = first; this.deeds[at]?.index === index; at += 1) {
      const deed = this.deeds[at] as Deed;
      if (deed.slot === slot) return deed;
    }
    return undefined;
  }

  #add(where: string, { term, index, slot, command }: Committed<KvCommand>): Deed | undefined {
    const last = this.deeds.at(-1);
    if (last !== undefined && (index < last.index || (index === last.index && slot < last.slot))) {
      this.#report(`${where} applies a command at ${index}/${slot} that others did not`);
      return undefined;
    }
    const { answer, revision, changes } = this.reference.apply(command, term);
    if (changes.length > 0) this.#revisions.push({ revision, changes });
    const deed: Deed = { index, slot, command, answer, revision, atMs: this.#nowMs() };
    if (last?.index !== index) this.#byIndex.set(index, this.deeds.length);
    this.deeds.push(deed);
    return deed;
  }

  #report(message: string): void {
    this.violations.push({ checker: CHRONICLE_CHECKER, message });
  }
}
