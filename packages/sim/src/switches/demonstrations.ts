import { SCENARIOS } from "../scenarios/registry.ts";
import type { Sabotage, Scenario } from "../scenarios/scenario.ts";
import type { RuleSwitch } from "./rule-switch.ts";

/** A story in which a broken rule shows. */
export interface Demonstration {
  readonly scenario: Scenario;
  readonly sabotage: Sabotage;
  /** Its place among the scenario's sabotages, as links name it. */
  readonly at: number;
}

/** The shortest runs known to show what a rule is good for: first who notices at once, then the harm. */
export function demonstrationsOf(rule: RuleSwitch): readonly Demonstration[] {
  return SCENARIOS.flatMap((scenario) =>
    (scenario.sabotage ?? []).flatMap((sabotage, at) =>
      sabotage.broken === rule ? [{ scenario, sabotage, at }] : [],
    ),
  );
}
