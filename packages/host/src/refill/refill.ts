import type { MemberId, Membership, Term } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { GroupDirectories } from "../identity/data-layout.ts";
import type { LogSettings } from "../log/log-options.ts";
import { openSnapshots } from "../snapshot/directory-snapshot-store.ts";
import { readRefillMark, writeRefillMark } from "./refill-mark.ts";
import { salvageLog, writeSalvage } from "./salvage.ts";

/** A member's promise while entries are missing that it may have acknowledged. */
export interface StorageRefill {
  /**
   * It may have acknowledged entries in terms up to this one. With an entry of a later term in its log it has
   * everything again: the leader of that term had every entry that was committed before, and so has who follows it.
   */
  readonly term: Term;
  /** Why the log was refused, where this start found it; an earlier one may have begun the refill. */
  readonly damage?: Error | undefined;
  /** Everything is back: the member counts like any other from now on, also after a restart. */
  end(): Promise<void>;
  /** Puts the damaged log back in its place. The log must be closed, and nothing of the refill have happened yet. */
  undo(): Promise<void>;
}

/** The refill of one group's log in its folder. */
export class RefillFolder {
  readonly #environment: Environment;
  readonly #directories: GroupDirectories;
  readonly #markPath: string;
  readonly #newPath: string;
  readonly #damagedPath: string;

  constructor(environment: Environment, directories: GroupDirectories) {
    this.#environment = environment;
    this.#directories = directories;
    this.#markPath = `${directories.group}/refill`;
    this.#newPath = `${directories.log}.refill`;
    this.#damagedPath = `${directories.log}.damaged`;
  }

  /** Finishes an exchange of logs that a crash has interrupted; to be called before anybody looks for the log. */
  async finishExchange(): Promise<void> {
    const { files } = this.#environment;
    const { log, group } = this.#directories;
    if ((await files.exists(log)) || !(await files.exists(this.#damagedPath))) return;
    if (!(await files.exists(this.#newPath)) || !(await files.exists(this.#markPath))) return;
    await files.rename(this.#newPath, log);
    await files.syncDirectory(group);
  }

  /** Whether the last start asked for a log from the other members. */
  async isWanted(): Promise<boolean> {
    return (await readRefillMark(this.#environment, this.#markPath))?.type === "wanted";
  }

  /** Asks for a refill at the next start, where no snapshot can be read; false where one can, or nobody could send any. */
  async want(settings: LogSettings): Promise<boolean> {
    const salvaged = await this.#salvage(settings);
    if (salvaged.type === "impossible") return false;
    const { snapshot, membership } = salvaged.salvage;
    if (snapshot !== undefined || !hasOthers(membership, settings.memberId)) return false;
    await this.#mark({ type: "wanted" });
    return true;
  }

  /**
   * Puts a log of what is still certain in place of the damaged one, which is kept beside it. Answers why not where it
   * cannot, without having changed anything.
   */
  async begin(settings: LogSettings): Promise<string | undefined> {
    const salvaged = await this.#salvage(settings);
    if (salvaged.type === "impossible") return salvaged.reason;
    const { salvage } = salvaged;
    if (!hasOthers(salvage.membership, settings.memberId)) return "no other member could refill it";
    const { files } = this.#environment;
    const { log, group } = this.#directories;
    await writeSalvage(this.#environment, log, this.#newPath, settings, salvage);
    await this.#mark({ type: "running", term: salvage.hardState.term });
    await files.removeTree(this.#damagedPath);
    await files.rename(log, this.#damagedPath);
    await files.syncDirectory(group);
    await files.rename(this.#newPath, log);
    await files.syncDirectory(group);
    return undefined;
  }

  /** The refill that is under way in a log that ends with an entry of `lastTerm`, undefined when there is none. */
  async running(lastTerm: Term): Promise<StorageRefill | undefined> {
    const mark = await readRefillMark(this.#environment, this.#markPath);
    if (mark?.type !== "running") return undefined;
    if (lastTerm > mark.term) {
      await this.#end();
      return undefined;
    }
    return { term: mark.term, end: () => this.#end(), undo: () => this.#undo() };
  }

  async #salvage(settings: LogSettings): ReturnType<typeof salvageLog> {
    const { log, snapshots } = this.#directories;
    const catalog = await openSnapshots(this.#environment, snapshots, { verify: "content" });
    return salvageLog(this.#environment, log, settings, catalog);
  }

  #mark(mark: Parameters<typeof writeRefillMark>[3]): Promise<void> {
    return writeRefillMark(this.#environment, this.#directories.group, this.#markPath, mark);
  }

  async #end(): Promise<void> {
    const { files } = this.#environment;
    if (await files.exists(this.#markPath)) await files.remove(this.#markPath);
    await files.syncDirectory(this.#directories.group);
  }

  async #undo(): Promise<void> {
    const { files } = this.#environment;
    const { log, group } = this.#directories;
    if (!(await files.exists(this.#damagedPath))) return;
    await files.rename(log, this.#newPath);
    await files.syncDirectory(group);
    await files.rename(this.#damagedPath, log);
    await files.syncDirectory(group);
    await files.removeTree(this.#newPath);
    await this.#end();
  }
}

/** Unknown counts as yes: whoever else belongs to the group will be heard. */
export function hasOthers(membership: Membership | undefined, self: MemberId): boolean {
  if (membership === undefined) return true;
  const voters = [...membership.voters, ...membership.outgoing];
  return voters.length === 0 || voters.some((member) => member !== self);
}
