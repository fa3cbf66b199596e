import type { Decision, MemberId, RaftCore } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { RecoveredLog } from "../log/log-store.ts";
import type { Companion } from "../session/companion.ts";
import type { Transport } from "../transport/transport.ts";
import type { GroupCoreSettings, GroupLimits, GroupSpec, SnapshotPolicy } from "./group-spec.ts";
import type { MemberAddress } from "./membership-request.ts";
import type { GroupStorage } from "./recovery.ts";

/** What a group needs from its host. */
export interface GroupParts<C, R, Q, A> {
  readonly spec: GroupSpec<C, R, Q, A>;
  readonly environment: Environment;
  readonly transport: Transport;
  readonly self: MemberId;
  readonly incarnation: number;
  readonly limits: GroupLimits;
  readonly snapshotPolicy: SnapshotPolicy;
  readonly coreSettings: GroupCoreSettings;
  /** Length of a tick. */
  readonly tickMs: number;
  readonly storage: GroupStorage;
  readonly recovered: RecoveredLog;
  readonly companion: Companion;
  /** Asks for a call of `turn` at the end of this turn of the event loop. */
  schedule(): void;
  /** Stands between the group and its core, where somebody wants to watch. */
  readonly wrapCore?: ((core: RaftCore) => RaftCore) | undefined;
  /** Hears every decision of the core besides the group itself; for simulators and tests. */
  readonly onDecision?: ((decision: Decision) => void) | undefined;
  /** Who belongs to the group and where they are has changed. */
  onMembers(members: readonly MemberAddress[]): void;
}
