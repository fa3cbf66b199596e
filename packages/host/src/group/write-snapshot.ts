import type { SnapshotInfo } from "@quorate/core";
import type { Companion } from "../session/companion.ts";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import { snapshotHeader } from "./snapshot-content.ts";
import type { SnapshotSource } from "./state-machine.ts";

/**
 * Writes a pinned state as a snapshot, and releases it. Everything of the moment is taken before the first wait;
 * applying goes on meanwhile.
 */
export async function writeSnapshot(
  snapshots: SnapshotStore,
  id: string,
  source: SnapshotSource,
  companion: Companion,
): Promise<SnapshotInfo> {
  try {
    const { term, index } = companion.position;
    const { membership } = companion;
    const header = snapshotHeader(companion.encode());
    const writer = await snapshots.create({ term, index, membership, id });
    try {
      await writer.write(header);
      for await (const chunk of source.chunks()) await writer.write(chunk);
      return await writer.commit();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    source.release();
  }
}
