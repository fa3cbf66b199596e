import type { AppendWork, SnapshotInfo } from "@quorate/core";
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

export interface InstallationOwner {
  /** The machine holds the snapshot's state now. */
  installed(info: SnapshotInfo, companion: Companion): void;
  /** The work's turn has come: everything before it is durable and, where it was a snapshot, installed. */
  acknowledge(work: AppendWork): void;
}

/**
 * Makes a received snapshot the state of the machine, once the log vouches for it. Works are acknowledged in order:
 * what became durable after the snapshot waits until the machine holds it.
 */
export class Installation {
  readonly #group: InstallingGroup;
  readonly #owner: InstallationOwner;
  /** Durable works that wait for an installation; undefined while there is none. */
  #behind: AppendWork[] | undefined;

  constructor(group: InstallingGroup, owner: InstallationOwner) {
    this.#group = group;
    this.#owner = owner;
  }

  /** The work, and everything before it, is durable. */
  durable(work: AppendWork): void {
    if (this.#behind !== undefined) {
      this.#behind.push(work);
      return;
    }
    const info = work.installSnapshot;
    if (info === undefined) {
      this.#owner.acknowledge(work);
      return;
    }
    this.#behind = [];
    this.#install(work, info);
  }

  /**
   * What was handed out for applying before is applied first: the core hands out nothing more until the installation
   * is acknowledged.
   */
  #install(work: AppendWork, info: SnapshotInfo): void {
    const { applier, parts } = this.#group;
    const { spec, storage, limits } = parts;
    const machine = spec.machine as StateMachine<never, unknown, never, unknown>;
    applier.drain(() => {
      applier.hold();
      restoreSnapshot(machine, storage.snapshots, info, sessionLimits(limits))
        .then((restored) => this.#restored(work, info, restored))
        .catch((error: unknown) => {
          this.#group.fail(storageFailed(error));
          applier.release();
        });
    });
  }

  #restored(work: AppendWork, info: SnapshotInfo, restored: Companion | QuorateError): void {
    if (restored instanceof QuorateError) this.#group.fail(restored);
    if (!this.#group.isRunning || restored instanceof QuorateError) {
      this.#group.applier.release();
      return;
    }
    this.#group.applier.replaced(restored);
    this.#owner.installed(info, restored);
    this.#owner.acknowledge(work);
    const waiting = this.#behind ?? [];
    this.#behind = undefined;
    for (const next of waiting) this.durable(next);
  }
}
