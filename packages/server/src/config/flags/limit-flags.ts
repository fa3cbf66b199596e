import { type Flag, flag } from "../flag.ts";

export const LIMIT_FLAGS: readonly Flag[] = [
  flag(
    "Limits",
    "quota-backend-bytes",
    "integer",
    "0",
    "Size at which writing stops; 0 for 2 GiB, negative for no limit.",
  ),
  flag(
    "Limits",
    "max-request-bytes",
    "integer",
    "1572864",
    "Largest request that changes something.",
  ),
  flag("Limits", "max-txn-ops", "integer", "128", "Most operations in one transaction."),
  flag(
    "Limits",
    "max-concurrent-streams",
    "integer",
    "10000",
    "Most calls that one connection may have open.",
  ),
  flag(
    "Limits",
    "max-watches-per-stream",
    "integer",
    "100000",
    "Most watchers that one stream may have; a further one is refused.",
  ),
];
