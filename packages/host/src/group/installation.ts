import type { SnapshotInfo } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import type { Companion } from "../session/companion.ts";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import type { Applier } from "./applier.ts";
import { storageFailed } from "./failures.ts";
import type { GroupLimits } from "./group-spec.ts";
import { restoreSnapshot, sessionLimits } from "./recovery.ts";
import type { StateMachine } from "./state-machine.ts";

export interface InstallingGroup {
  readonly applier: Pick<Applier<unknown, unknown>, "drain" | "hold" | "release" | "replaced">;
  readonly isRunning: boolean;
  readonly parts: {
    readonly spec: { readonly machine: unknown };
    readonly storage: { readonly snapshots: SnapshotStore };
    readonly limits: GroupLimits;
  };
  fail(error: QuorateError): void;
}

/**
 * Makes a received snapshot the state of the machine, once the log vouches for it. What was handed out for applying
 * before is applied first: the core hands out nothing more until the installation is acknowledged.
 */
export function installSnapshot(
  group: InstallingGroup,
  info: SnapshotInfo,
  installed: (companion: Companion) => void,
): void {
  const { spec, storage, limits } = group.parts;
  const machine = spec.machine as StateMachine<never, unknown, never, unknown>;
  group.applier.drain(() => {
    group.applier.hold();
    restoreSnapshot(machine, storage.snapshots, info, sessionLimits(limits))
      .then((restored) => {
        if (restored instanceof QuorateError) group.fail(restored);
        if (!group.isRunning || restored instanceof QuorateError) {
          group.applier.release();
          return;
        }
        group.applier.replaced(restored);
        installed(restored);
      })
      .catch((error: unknown) => {
        group.fail(storageFailed(error));
        group.applier.release();
      });
  });
}
