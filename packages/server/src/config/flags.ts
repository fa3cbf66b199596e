import type { Flag } from "./flag.ts";
import { CLUSTERING_FLAGS } from "./flags/clustering-flags.ts";
import { HISTORY_FLAGS } from "./flags/history-flags.ts";
import { LIMIT_FLAGS } from "./flags/limit-flags.ts";
import { MEMBER_FLAGS } from "./flags/member-flags.ts";
import { MONITORING_FLAGS } from "./flags/monitoring-flags.ts";
import { SECURITY_FLAGS } from "./flags/security-flags.ts";

export { IGNORED_FLAGS, REFUSED_FLAGS } from "./flags/ignored-flags.ts";

/** Every setting that acts, with the meaning it has in etcd where etcd has it. */
export const FLAGS: readonly Flag[] = [
  ...MEMBER_FLAGS,
  ...CLUSTERING_FLAGS,
  ...SECURITY_FLAGS,
  ...LIMIT_FLAGS,
  ...HISTORY_FLAGS,
  ...MONITORING_FLAGS,
];

const BY_NAME: ReadonlyMap<string, Flag> = new Map(
  FLAGS.flatMap((known) =>
    [known.name, ...known.aliases].map((name): [string, Flag] => [name, known]),
  ),
);

/** The setting of this name or alias. */
export function flagNamed(name: string): Flag | undefined {
  return BY_NAME.get(name);
}
