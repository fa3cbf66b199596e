import type { Host, HostOptions } from "../host.ts";
import { DirectoryStorage } from "./directory-storage.ts";
import { LocalHost } from "./local-host.ts";

/**
 * Starts this process's host: locks its folder, counts the start, and listens for peers. Rejects with DATA_LOCKED,
 * CLUSTER_MISMATCH, IDENTITY_MISSING, ADDRESS_IN_USE, INVALID_ARGUMENT, STORAGE_FAILED or STORAGE_FULL.
 */
export function createHost(options: HostOptions): Promise<Host> {
  const { environment, directory, logSegmentBytes, refillDamaged = true } = options;
  return LocalHost.open(
    options,
    (identity) =>
      new DirectoryStorage(environment, directory, identity, logSegmentBytes, refillDamaged),
  );
}
