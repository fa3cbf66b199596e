export type { Violation } from "./checkers/violation.ts";
export {
  type ClientBelief,
  type ClientOperation,
  type ClientRecord,
  describeOperation,
} from "./cluster/client-desk.ts";
export type { ClusterMember } from "./cluster/cluster-member.ts";
export { type Command, type CommandResult, commandOf } from "./cluster/command.ts";
export { CoreCluster } from "./cluster/core-cluster.ts";
export type { ClusterEvent, ClusterListener, DiskFinding, LossReason } from "./cluster/events.ts";
export type { Travelling } from "./cluster/message-network.ts";
export {
  CALM_WEATHER,
  CLUSTER_DEFAULTS,
  type ClusterSettings,
  type MemberSettings,
  type Weather,
} from "./cluster/settings.ts";
export { CONFIGURATIONS } from "./exhaustive/configurations.ts";
export { explore } from "./exhaustive/explore.ts";
export { FAULT_KINDS, FaultCounters, type FaultKind } from "./faults/fault-counters.ts";
export type { Operation } from "./history/operation.ts";
export { NODES_LONG, NODES_SHORT, type NodeProfile } from "./hunt/draw-nodes.ts";
export { ENGINES, type Engine, hunt, type Quarry } from "./hunt/hunter.ts";
export {
  type NodePlan,
  type NodeRunResult,
  planLeases,
  planNodes,
  playNodes,
  runCalm,
  runNodes,
} from "./hunt/run-nodes.ts";
export {
  type Counterexample,
  checkLinearizability,
  type LinearizabilityVerdict,
} from "./linearizability/check.ts";
export {
  type RegisterInput,
  type RegisterOutput,
  registerModel,
} from "./linearizability/models/register.ts";
export { renderSvg } from "./linearizability/picture.ts";
export { type MachineRunResult, runMachines } from "./machines/run-machines.ts";
export type {
  Action,
  ActionType,
  MemberRef,
  MessageFilter,
  PlannedAction,
} from "./plan/action.ts";
export { drawPlan, LONG_PROFILE, type PlanProfile, SHORT_PROFILE } from "./plan/draw-plan.ts";
export { Performer } from "./plan/perform.ts";
export type { Ending, Plan } from "./plan/plan.ts";
export { recover } from "./plan/recovery.ts";
export { checkClients, type RunResult, runPlan } from "./plan/run-plan.ts";
export { Random } from "./random/random.ts";
export type { Condition, Who } from "./scenarios/condition.ts";
export { findScenario, SCENARIOS } from "./scenarios/registry.ts";
export type { MemberView, RunView, Told } from "./scenarios/run-view.ts";
export {
  type BothLanguages,
  type Goal,
  GROUP_TITLES,
  type Sabotage,
  SCENARIO_GROUPS,
  type Scenario,
  type ScenarioGroup,
  type ScenarioWorld,
  type Step,
  type StoryLanguage,
  type StoryPromise,
} from "./scenarios/scenario.ts";
export {
  fillIn,
  type ScenarioOptions,
  ScenarioRun,
  type ScenarioState,
} from "./scenarios/scenario-run.ts";
export { DIGEST_SEEDS, digestTable } from "./share/digest-table.ts";
export { openScenario, type Replayed, replay } from "./share/replay.ts";
export { ShareError, type ShareErrorCode } from "./share/share-error.ts";
export {
  decodeRun,
  encodeRun,
  runFromFile,
  runToFile,
  type SharedRun,
} from "./share/shared-run.ts";
export {
  decodeStage,
  encodeStage,
  stageFromFile,
  stageToFile,
  testFileForStage,
} from "./share/shared-stage.ts";
export { testFileFor } from "./share/test-file.ts";
export { type ShrinkProgress, shrink } from "./shrink/shrink.ts";
export { type NodeShrinkProgress, shrinkNodes } from "./shrink/shrink-nodes.ts";
export { type StageShrinkProgress, shrinkStage } from "./shrink/shrink-stage.ts";
export { type DrawnNodes, drawnOf, planOfDrawn } from "./stage/drawn-nodes.ts";
export { NodeStage, replayStage } from "./stage/node-stage.ts";
export type { DiskFault, StageAction, StagedAction, StagePlan } from "./stage/stage-action.ts";
export {
  decodeNodeStory,
  encodeNodeStory,
  findNodeStory,
  NODE_STORIES,
} from "./stage/stories/node-stories.ts";
export type { NodeStep, NodeStory } from "./stage/stories/node-story.ts";
export { NodeStoryRun, type NodeStoryState } from "./stage/stories/node-story-run.ts";
export { StageView } from "./stage/stories/stage-view.ts";
export { type Demonstration, demonstrationsOf } from "./switches/demonstrations.ts";
export type { RuleSwitch } from "./switches/rule-switch.ts";
export { SWITCHES, type SwitchDescription } from "./switches/switches.ts";
export {
  type StateMachineReport,
  type StateMachineTest,
  testStateMachine,
} from "./testing/test-state-machine.ts";
export {
  changedEntries,
  type DiskFrame,
  type FileFrame,
  frameOf,
  type MemberFrame,
  type ProgressFrame,
} from "./view/member-frame.ts";
