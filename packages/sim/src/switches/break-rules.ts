import type { CoreSettings, LogView, RaftCore } from "@quorate/core";
import type { ClusterSettings } from "../cluster/settings.ts";
import { CarelessVoter, LocalReader } from "./careless-cores.ts";
import { CountingCore } from "./counting-core.ts";
import type { RuleSwitch } from "./rule-switch.ts";

export function isBroken(settings: ClusterSettings, rule: RuleSwitch): boolean {
  return settings.brokenRules?.includes(rule) === true;
}

/** The settings of the core with the switches that are settings. */
export function coreSettingsOf(settings: ClusterSettings): Partial<CoreSettings> {
  const { core } = settings;
  const preVote = isBroken(settings, "noPreVote") ? { preVote: false } : {};
  const checkQuorum = isBroken(settings, "noCheckQuorum") ? { checkQuorum: false } : {};
  const hasty = isBroken(settings, "oneStepMembership") ? { validateMembership: false } : {};
  return { ...core, ...preVote, ...checkQuorum, ...hasty };
}

/** The core as its member sees it: the real one, behind whatever switches are on. */
export function breakRules(real: RaftCore, log: LogView, settings: ClusterSettings): RaftCore {
  let core = real;
  if (isBroken(settings, "countOldTerms")) core = new CountingCore(core, log);
  if (isBroken(settings, "readWithoutQuorum")) core = new LocalReader(core);
  if (isBroken(settings, "voteWithoutLogCheck")) core = new CarelessVoter(core);
  return core;
}
