import { type Signal, signal } from "@preact/signals";
import {
  CALM_WEATHER,
  type NodeStory,
  type Plan,
  type Sabotage,
  SCENARIOS,
  type Scenario,
  type StagePlan,
} from "@quorate/sim";
import { say } from "../language/say.ts";
import type { DrawnLength } from "../nodes/drawn-run.ts";
import type { Origin } from "../recording/recording.ts";
import type { Run } from "../recording/run.ts";
import { pause } from "../studio/playing.ts";
import { jumpTo, notice, open, openRun, revision, runs } from "../studio/studio.ts";
import type { Puzzle } from "./puzzles.ts";

/** Stories that run in the world of cores, which is the one the page plays. */
export const STORIES: readonly Scenario[] = SCENARIOS.filter(({ world }) => world === "cores");

export const openScenario: Signal<Scenario | undefined> = signal(undefined);
export const openSabotage: Signal<Sabotage | undefined> = signal(undefined);

/** The story that is open, when it is one of whole nodes. */
export const openStoryOfNodes: Signal<NodeStory | undefined> = signal(undefined);

/** How far a run of whole nodes is that is being repeated; undefined when it is there as a whole. */
export const replayed: Signal<{ readonly events: number; readonly of: number } | undefined> =
  signal(undefined);

export const openPuzzle: Signal<Puzzle | undefined> = signal(undefined);
/** What a run that is no story is about. */
export const openTitle: Signal<string | undefined> = signal(undefined);

/** A free cluster that can be followed with the eye: messages take as long as ticks. */
const FREE_SETTINGS = {
  tickMs: 10,
  weather: { ...CALM_WEATHER, delayMinMs: 3, delayMaxMs: 8 },
  core: { electionTicks: 10, heartbeatTicks: 3 },
} as const;

const TELL_BUDGET_MS = 400;

/** Grows with everything that is opened, so that code that arrives late opens nothing over it. */
let nodesAsked = 0;

/** The first story someone sees. */
const FIRST_STORY = "roles-cold-start";

export function openFirstStory(): void {
  const first = STORIES.find(({ id }) => id === FIRST_STORY) ?? STORIES[0];
  if (first !== undefined) openStory(first);
}

/** Opens a story; it is run to its end at once, so that the time line shows all of it. */
export function openStory(scenario: Scenario, sabotage?: Sabotage): void {
  begin({ type: "story", scenario, sabotage }, { scenario, sabotage });
}

export function openFree(members: number, seed: number): void {
  begin({ type: "free", seed, settings: { ...FREE_SETTINGS, members } }, {});
}

export function openPuzzleToSolve(puzzle: Puzzle): void {
  const { seed, settings } = puzzle;
  begin({ type: "free", seed, settings }, { puzzle });
}

/** Whole nodes: hosts with their logs, transport and key-value machine. Their code is fetched when somebody wants it. */
export function openNodes(members: number, seed: number): void {
  beginNodes({ seed, members, actions: [], events: 0 }, undefined);
}

/** A story of whole nodes; like the others it is run to its end while one looks at its beginning. */
export function openNodeStory(nodeStory: NodeStory): void {
  withNodes(({ NodeRecording }) => {
    setAbout({ nodeStory });
    const recording = new NodeRecording({ type: "story", story: nodeStory });
    openRun(recording);
    void recording.tellStory(grown);
  });
}

/** A run of whole nodes that was shared. */
export function openNodePlan(plan: StagePlan): void {
  const { seed, drawn } = plan;
  beginNodes(plan, drawn === undefined ? "" : seedTitle(seed));
}

/** The run of whole nodes that the simulator draws from a seed. */
export function openNodeSeed(seed: number, length: DrawnLength): void {
  withNodes(() => {
    void import("../nodes/drawn-run.ts").then(({ planOfSeed }) => {
      beginNodes(planOfSeed(seed, length), seedTitle(seed));
    });
  });
}

function seedTitle(seed: number): string {
  return say(`seed ${seed}`, `种子 ${seed}`);
}

function beginNodes(plan: StagePlan, title: string | undefined): void {
  withNodes(({ NodeRecording }) => {
    setAbout(title === undefined ? {} : { title });
    const { seed, members, drawn } = plan;
    const recording = new NodeRecording({ type: "free", seed, members, drawn });
    openRun(recording);
    const tellHowFar = (): void => {
      if (drawn === undefined || !isOpen(recording)) return;
      replayed.value = { events: recording.eventsHappened, of: plan.events };
    };
    const onProgress = (): void => {
      tellHowFar();
      grown();
    };
    tellHowFar();
    void recording.play(plan, onProgress).then(() => {
      if (!isOpen(recording)) return;
      replayed.value = undefined;
      jumpTo(0);
      if (isOtherRun(plan, recording)) {
        notice.value = say(
          "This version of the program plays another run than the one that was recorded.",
          "当前版本的程序播放的运行与所记录的不同。",
        );
      }
    });
  });
}

/** The whole run was played and is not what whoever shared it has seen. */
function isOtherRun({ drawn, actions }: StagePlan, recording: Run): boolean {
  if (drawn === undefined || drawn.digest === "" || actions.length > 0) return false;
  return recording.digest() !== drawn.digest;
}

/** Nobody has opened something else over it. */
function isOpen(recording: Run): boolean {
  return runs.value.some((one) => one.recording === recording);
}

/** Their code is fetched; whoever asked last is served. */
function withNodes(use: (code: typeof import("../nodes/node-recording.ts")) => void): void {
  const asked = ++nodesAsked;
  void import("../nodes/node-recording.ts").then((code) => {
    if (asked === nodesAsked) use(code);
  });
}

function grown(): void {
  revision.value += 1;
}

/** A run that was shared, or drawn from a seed of the simulator. */
export function openPlan(plan: Plan, title: string | undefined): void {
  begin({ type: "plan", plan, title }, { title: title ?? "" });
}

interface About {
  readonly scenario?: Scenario;
  readonly sabotage?: Sabotage | undefined;
  readonly nodeStory?: NodeStory;
  readonly puzzle?: Puzzle;
  readonly title?: string;
}

function begin(origin: Origin, about: About): void {
  nodesAsked += 1;
  setAbout(about);
  const recording = open(origin);
  if (origin.type === "free") return;
  const goOn = (): void => {
    if (!isOpen(recording)) return;
    const isTold = recording.tellStory(TELL_BUDGET_MS, () => performance.now());
    revision.value += 1;
    if (!isTold) setTimeout(goOn, 0);
  };
  goOn();
}

function setAbout({ scenario, sabotage, nodeStory, puzzle, title }: About): void {
  pause();
  replayed.value = undefined;
  openStoryOfNodes.value = nodeStory;
  openScenario.value = scenario;
  openSabotage.value = sabotage;
  openPuzzle.value = puzzle;
  openTitle.value = title;
}
