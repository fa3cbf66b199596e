import type { Environment, Timer } from "@quorate/host";
import type { Directory } from "../directory/directory.ts";
import type { Logger } from "../log/logger.ts";
import type { MemberReplica } from "./replicated-store.ts";

const LOOK_INTERVAL_MS = 500;
/** One attempt: the group waits so long for a new member to catch up. */
const PROMOTION_TIMEOUT_MS = 30_000;

/**
 * Gives members that were added as voters their vote once they have caught up. Only the leader does so; a new leader
 * goes on where the old one stopped, because what is intended stands in the directory.
 */
export class Promotions {
  readonly #replica: MemberReplica;
  readonly #directory: Directory;
  readonly #environment: Environment;
  readonly #logger: Logger;
  #timer: Timer | undefined;
  #closed = false;

  constructor(
    replica: MemberReplica,
    directory: Directory,
    environment: Environment,
    logger: Logger,
  ) {
    this.#replica = replica;
    this.#directory = directory;
    this.#environment = environment;
    this.#logger = logger;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = this.#environment.setTimer(LOOK_INTERVAL_MS, () => {
      this.#look().then(
        () => this.#schedule(),
        (error: unknown) => {
          this.#logger.debug("a new member has no vote yet", { error: String(error) });
          this.#schedule();
        },
      );
    });
  }

  async #look(): Promise<void> {
    if (this.#replica.role !== "leader") return;
    const { core } = this.#replica.status();
    for (const member of core.membership.learners) {
      const known = this.#directory.member(member);
      // One that has not been heard of has nothing to catch up with.
      if (known === undefined || known.isLearner || core.progress.get(member)?.active !== true) {
        continue;
      }
      await this.#replica.changeMembership([{ action: "voter", member }], {
        timeoutMs: PROMOTION_TIMEOUT_MS,
      });
      this.#logger.info("a new member has caught up and votes now", { member });
    }
  }
}
