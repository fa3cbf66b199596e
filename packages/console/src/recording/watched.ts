import type { Entry, LogIndex, MemberId } from "@quorate/core";
import {
  type ClientRecord,
  type CoreCluster,
  changedEntries,
  frameOf,
  type MemberFrame,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
  type Violation,
} from "@quorate/sim";

/** What a track needs to see of whatever it records: a cluster of cores, or of whole nodes. */
export interface Watched {
  readonly nowMs: number;
  readonly violations: readonly Violation[];
  readonly clients: {
    readonly records: readonly ClientRecord[];
    readonly history: {
      readonly operations: readonly Operation<RegisterInput, RegisterOutput>[];
    };
  };
  memberIds(): Iterable<MemberId>;
  /** The very same object as `previous` when nothing changed. */
  frameOf(id: MemberId, previous: MemberFrame | undefined): MemberFrame;
  /** Entries that are not what `known` remembers, newest first. */
  changedEntries(id: MemberId, known: (index: LogIndex) => Entry | undefined): readonly Entry[];
  /** Messages whose arrival may have been put off by hand. */
  travelling?(): Iterable<{ readonly id: number; readonly arrivesAtMs: number | undefined }>;
}

/** A cluster of cores, as a track sees it. */
export function watchedCores(cluster: CoreCluster): Watched {
  return {
    get nowMs() {
      return cluster.nowMs;
    },
    get violations() {
      return cluster.violations;
    },
    clients: cluster.clients,
    memberIds: () => cluster.members.keys(),
    frameOf: (id, previous) => frameOf(cluster.member(id), previous),
    changedEntries: (id, known) => changedEntries(cluster.member(id), known),
    travelling: () => cluster.network.travelling,
  };
}
