import type {
  GroupCoreSettings,
  GroupLimits,
  SnapshotPolicy,
  TransportLimits,
} from "@quorate/host";
import type { DiskPace } from "./node-disk.ts";
import { CALM_STREAMS, type StreamWeather } from "./stream-weather.ts";

/** Everything that shapes a world of whole nodes, besides its seed. */
export interface NodeWorldSettings {
  /** Founding members, from 1 on; all of them voters but the last `learners`. */
  readonly members: number;
  readonly learners: number;
  readonly tickMs: number;
  readonly core: GroupCoreSettings;
  readonly snapshotPolicy: Partial<SnapshotPolicy>;
  readonly limits: Partial<GroupLimits>;
  readonly transport: Partial<TransportLimits>;
  readonly logSegmentBytes: number;
  /** Machines keep their state on disk, behind the log; otherwise snapshots are all they come back from. */
  readonly keepsState: boolean;
  /** How many times every unflushed byte of the machine counts, see `RecordingMachine`. */
  readonly flushPressure: number;
  readonly weather: StreamWeather;
  readonly disk: DiskPace;
  /** How long a write to the machine's own store takes, which is a database of its own. */
  readonly store: DiskPace;
  /** Machines need about so long for a portion of commands; 0: they are done at once. */
  readonly applyMs: number;
}

export const NODE_WORLD_DEFAULTS: NodeWorldSettings = Object.freeze({
  members: 3,
  learners: 0,
  tickMs: 100,
  core: Object.freeze({}),
  snapshotPolicy: Object.freeze({ entriesMax: 400, bytesMax: 1 << 20, keepEntries: 100 }),
  limits: Object.freeze({}),
  transport: Object.freeze({}),
  logSegmentBytes: 32 << 10,
  keepsState: true,
  flushPressure: 1,
  weather: CALM_STREAMS,
  disk: Object.freeze({ minMs: 0.5, maxMs: 3 }),
  store: Object.freeze({ minMs: 0.5, maxMs: 3 }),
  applyMs: 0,
});
