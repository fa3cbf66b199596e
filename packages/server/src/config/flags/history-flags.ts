import { type Flag, flag } from "../flag.ts";

export const HISTORY_FLAGS: readonly Flag[] = [
  flag(
    "History",
    "auto-compaction-mode",
    "string",
    "periodic",
    "periodic: keep a time span of history. revision: keep a number of revisions.",
  ),
  flag(
    "History",
    "auto-compaction-retention",
    "string",
    "0",
    "How much to keep: 1h, 30m (a bare number counts hours), or revisions. 0 keeps everything.",
  ),
  flag(
    "History",
    "watch-progress-notify-interval",
    "duration",
    "10m",
    "How often a quiet watcher that asked for it hears how far it is.",
    ["experimental-watch-progress-notify-interval"],
  ),
  flag(
    "History",
    "lease-checkpoint-interval",
    "duration",
    "5m",
    "How often the group is told what is left of longer leases: a new leader goes on from there.",
  ),
];
