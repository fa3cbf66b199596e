import type { GroupStorage } from "../group/recovery.ts";
import type { LogEvent } from "../log/log-event.ts";
import type { LogBatch } from "../log/log-store.ts";
import type { GroupId } from "../transport/transport.ts";

/** Where a host keeps its groups. */
export interface HostStorage {
  exists(group: GroupId): Promise<boolean>;
  /**
   * Makes a group whose log holds `first`, or nothing; all of it durable, or none. Refuses with ALREADY_EXISTS when
   * there is data of the group.
   */
  create(group: GroupId, first: LogBatch | undefined): Promise<void>;
  /** Opens what was created; never makes anything. Refuses with IDENTITY_MISSING when there is nothing. */
  open(group: GroupId, onEvent: (event: LogEvent) => void): Promise<GroupStorage>;
  remove(group: GroupId): Promise<void>;
}
