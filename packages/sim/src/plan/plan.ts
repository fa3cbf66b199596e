import type { ClusterSettings } from "../cluster/settings.ts";
import type { PlannedAction } from "./action.ts";

/** How a run ends: what is healed, and what must then come about. */
export interface Ending {
  /** `everyone`: all members run and hear each other. `quorum`: only a random quorum does, the rest stays away. */
  readonly heals: "everyone" | "quorum" | "nothing";
  /**
   * How members outside the quorum stay away: not connected at all, speaking without hearing, hearing without speaking,
   * or connected with a single member of the quorum.
   */
  readonly rest: "cut" | "deaf" | "mute" | "oneLink";
  /** Clients go on asking while the cluster recovers. */
  readonly traffic: boolean;
  /** Time to recover, in longest election time-outs. */
  readonly patience: number;
}

/** A whole run as data: the same plan gives the same run, byte for byte. */
export interface Plan {
  readonly version: 1;
  readonly seed: number;
  readonly settings: ClusterSettings;
  /** In the order of their times. */
  readonly actions: readonly PlannedAction[];
  /** When faults end. */
  readonly faultsMs: number;
  /** The exact end of the faults: so many events had happened. Without it, all events up to `faultsMs` come first. */
  readonly faultEvents?: number | undefined;
  readonly ending: Ending;
}
