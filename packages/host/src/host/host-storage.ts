import type { GroupStorage } from "../group/recovery.ts";
import type { LogEvent } from "../log/log-event.ts";
import type { GroupId } from "../transport/transport.ts";

/** Where a host keeps its groups. */
export interface HostStorage {
  exists(group: GroupId): Promise<boolean>;
  /** Makes an empty group; refuses with ALREADY_EXISTS when there is any data of it. */
  create(group: GroupId, onEvent: (event: LogEvent) => void): Promise<GroupStorage>;
  /** Opens what was created; never makes anything. */
  open(group: GroupId, onEvent: (event: LogEvent) => void): Promise<GroupStorage>;
  remove(group: GroupId): Promise<void>;
}
