import { execFile } from "node:child_process";
import type { Logger } from "../log/logger.ts";

/** It answers at once or not at all. */
const TIMEOUT_MS = 5000;

/**
 * Tells systemd that the member serves, for units of `Type=notify`. Node cannot send to such a socket itself, so that the
 * word comes from another process: the unit needs `NotifyAccess=all`.
 */
export function tellServiceManager(
  variables: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): void {
  if (!variables["NOTIFY_SOCKET"]) return;
  const words = ["--ready", "--status=serving clients"];
  execFile("systemd-notify", words, { timeout: TIMEOUT_MS }, (error) => {
    if (error === null) return;
    logger.warn("systemd could not be told that the member serves", { error: error.message });
  });
}
