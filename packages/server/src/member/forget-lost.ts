import type { Directory } from "../directory/directory.ts";
import type { Logger } from "../log/logger.ts";
import { type Identity, writeIdentity } from "./identity.ts";
import type { ReplicatedStore } from "./replicated-store.ts";

export interface ForgetContext {
  readonly dataDir: string;
  readonly identity: Identity;
  readonly directory: Directory;
  readonly store: ReplicatedStore;
  readonly logger: Logger;
}

/**
 * After an offline recovery: takes the members that were lost out of the directory, which clients see. They are out of
 * the group already. What does not get through is tried again at the next start.
 */
export async function forgetLost(context: ForgetContext): Promise<void> {
  const { identity, dataDir, directory, store, logger } = context;
  const { recovery, ...rest } = identity;
  if (recovery === undefined) return;
  try {
    for (const id of recovery.lost) {
      const member = directory.member(id);
      if (member === undefined) continue;
      await store.proposeDirectory({ type: "memberRemove", id });
      logger.info("a lost member is no member any more", { id, name: member.name });
    }
    writeIdentity(dataDir, { ...rest, hasBegun: true });
  } catch (error) {
    logger.warn("lost members are still listed; the next start tries again", {
      error: String(error),
    });
  }
}
