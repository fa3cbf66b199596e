import { COMMIT_RULES } from "./commit-rules.ts";
import { ELECTION_RULES } from "./election-rules.ts";
import { MEMBERSHIP_RULES } from "./membership-rules.ts";
import { READ_RULES } from "./read-rules.ts";
import { REPLICATION_RULES } from "./replication-rules.ts";
import type { Rule } from "./rule.ts";
import type { RuleId } from "./rule-id.ts";
import { SNAPSHOT_RULES } from "./snapshot-rules.ts";
import { STORAGE_RULES } from "./storage-rules.ts";

/** Every rule that a sentence can name, by its id. */
export const RULES: Readonly<Record<RuleId, Rule>> = {
  ...ELECTION_RULES,
  ...REPLICATION_RULES,
  ...COMMIT_RULES,
  ...SNAPSHOT_RULES,
  ...MEMBERSHIP_RULES,
  ...READ_RULES,
  ...STORAGE_RULES,
};
