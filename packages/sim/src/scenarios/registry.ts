import { SPLIT_BRAIN } from "./partitions/split-brain.ts";
import {
  CANDIDATE_STEPS_DOWN,
  COLD_START,
  LEADER_TIMEOUT,
  SPLIT_VOTE,
} from "./roles/election-stories.ts";
import { STALE_CANDIDATE, VOTE_ONCE } from "./roles/voting-stories.ts";
import type { Scenario } from "./scenario.ts";

/** Every story, in the order in which they are best read. */
export const SCENARIOS: readonly Scenario[] = [
  COLD_START,
  LEADER_TIMEOUT,
  SPLIT_VOTE,
  STALE_CANDIDATE,
  VOTE_ONCE,
  CANDIDATE_STEPS_DOWN,
  SPLIT_BRAIN,
];

export function findScenario(id: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.id === id);
}
