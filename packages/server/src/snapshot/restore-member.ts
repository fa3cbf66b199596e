import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { restoreGroup } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { encodeDirectory } from "../directory/directory-codec.ts";
import { idText } from "../directory/member-ids.ts";
import { withDirectory, withoutDirectory } from "../directory/snapshot-front.ts";
import { isThere, makeDataDir } from "../member/folders.ts";
import { founderIdentity, foundersOf, peerAddress } from "../member/founding.ts";
import { writeIdentity } from "../member/identity.ts";
import { GROUP } from "../member/open-group.ts";
import type { ImageFile } from "./image-file.ts";

/**
 * Makes a data folder for one member of a new cluster that begins with a saved state. It appears under its name only when
 * it is complete. Rejects with `ConfigError` when there is something at that place.
 */
export async function restoreMember(image: ImageFile, settings: Settings): Promise<void> {
  const { dataDir } = settings;
  if (isThere(dataDir)) {
    throw new ConfigError(`${dataDir} (--data-dir) exists already: name a folder that does not.`);
  }
  const unfinished = `${dataDir}.restoring`;
  await rm(unfinished, { recursive: true, force: true });
  makeDataDir(unfinished);
  try {
    const founders = foundersOf(settings);
    const identity = founderIdentity(settings, founders);
    const names = settings.initialCluster.map(({ name }) => name).sort();
    const initial = founders.map((member, place) => ({
      id: member.id,
      name: names[place] ?? "",
      address: peerAddress(member),
    }));
    const directory = encodeDirectory({ members: founders, nextId: founders.length + 1 });
    await restoreGroup(
      {
        environment: nodeEnvironment(),
        directory: join(unfinished, "raft"),
        clusterId: idText(identity.clusterId),
        hostId: identity.id,
        hostName: identity.name,
      },
      GROUP,
      initial,
      withDirectory(directory, withoutDirectory(image.chunks())),
    );
    writeIdentity(unfinished, { ...identity, hasBegun: true });
    await rename(unfinished, dataDir);
    await syncFolder(dirname(dataDir));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
