import type { Environment, Timer } from "@quorate/host";
import type { Settings } from "../config/settings.ts";
import type { DirectoryMember } from "../directory/directory.ts";
import type { Logger } from "../log/logger.ts";
import type { Founding } from "./founding.ts";
import type { MemberReplica, ReplicatedStore } from "./replicated-store.ts";

/** A member that cannot tell the others about itself by then serves all the same: it may be all that is left. */
const PUBLISH_TIMEOUT_MS = 5000;
const PUBLISH_PAUSE_MS = 100;

export interface PublishContext {
  readonly settings: Settings;
  readonly founding: Founding;
  readonly environment: Environment;
  readonly replica: MemberReplica;
  readonly store: ReplicatedStore;
  readonly logger: Logger;
}

/**
 * Tells the group this member's name and where its clients find it, again and again until it gets through. Resolves
 * when it did, or when it has taken so long that serving what can be served without is better.
 */
export function publish(context: PublishContext): Promise<void> {
  const { environment, replica, store, founding, logger } = context;
  const member = ownEntry(context);
  return new Promise((resolve) => {
    const timer: Timer = environment.setTimer(PUBLISH_TIMEOUT_MS, () => {
      logger.warn("the group has no majority yet: serving what can be served without");
      resolve();
    });
    const attempt = (): void => {
      const { condition } = replica.status();
      if (condition !== "running" && condition !== "storageFull") {
        resolve();
        return;
      }
      const { founders } = founding;
      store.proposeDirectory({ type: "memberPublish", member, founders }).then(
        () => {
          timer.cancel();
          logger.info("published this member to the group", { clientUrls: member.clientUrls });
          resolve();
        },
        (error: unknown) => {
          logger.debug("could not publish this member yet", { error: String(error) });
          environment.setTimer(PUBLISH_PAUSE_MS, attempt);
        },
      );
    };
    attempt();
  });
}

function ownEntry({ settings, founding }: PublishContext): DirectoryMember {
  const { id, publicId } = founding.identity;
  return {
    id,
    publicId,
    name: settings.name,
    peerUrls: settings.initialAdvertisePeerUrls.map(({ text }) => text),
    clientUrls: settings.advertiseClientUrls.map(({ text }) => text),
    isLearner: false,
  };
}
