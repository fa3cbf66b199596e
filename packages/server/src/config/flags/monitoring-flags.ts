import { type Flag, flag } from "../flag.ts";

export const MONITORING_FLAGS: readonly Flag[] = [
  flag(
    "Monitoring and logging",
    "listen-metrics-urls",
    "urls",
    "",
    "Further addresses that answer /metrics and /health.",
  ),
  flag(
    "Monitoring and logging",
    "metrics",
    "string",
    "basic",
    "basic or extensive, as etcd has them; both show all metrics there are.",
  ),
  flag(
    "Monitoring and logging",
    "log-level",
    "string",
    "info",
    "debug, info, warn, error, panic or fatal.",
  ),
  flag("Monitoring and logging", "log-format", "string", "json", "json, or console for people."),
  flag(
    "Monitoring and logging",
    "log-outputs",
    "list",
    "default",
    "stderr, stdout, or paths of files. Lines that cannot be written, to a full disk for one, are left out and counted.",
  ),
];
