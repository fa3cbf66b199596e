import { type Signal, signal } from "@preact/signals";
import {
  decodeNodeStory,
  decodeRun,
  drawPlan,
  findScenario,
  runFromFile,
  type SharedRun,
  ShareError,
} from "@quorate/sim";
import { say } from "../language/say.ts";
import type { Gift } from "../recording/run.ts";
import {
  openFirstStory,
  openNodePlan,
  openNodeStory,
  openPlan,
  openStory,
} from "../story/stories.ts";
import { runs } from "../studio/studio.ts";

/** Comes after a run in the fragment of a page that stands inside another one. */
const EMBEDDED = "&embed";

/** The page shows only the run: for a frame in somebody else's page. */
export const isEmbedded: boolean = location.hash.endsWith(EMBEDDED);

/** Why a link or a file could not be opened. */
export const openTrouble: Signal<string> = signal("");

/** Opens what the fragment of the address names; false when it names nothing. */
export function openAddress(hash: string): boolean {
  const fragment = hash.replace(/^#/, "").replace(EMBEDDED, "");
  const nodeStory = decodeNodeStory(fragment);
  if (nodeStory !== undefined) {
    openNodeStory(nodeStory);
    return true;
  }
  if (/^n[0-9]/.test(fragment)) {
    withShared(({ decodeStage }) => openNodePlan(decodeStage(fragment)));
    return true;
  }
  if (!/^q[0-9]/.test(fragment)) return false;
  return openShared(() => openRun(decodeRun(fragment)));
}

/** Opens a shared run, or says why not. */
export function openShared(openIt: () => void): boolean {
  openTrouble.value = "";
  try {
    openIt();
    return true;
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    openTrouble.value = say(
      `This run cannot be opened: ${error.message}.`,
      `无法打开这次运行：${error.message}。`,
    );
    return false;
  }
}

/** Opens the run that a file holds. */
export function openFile(content: string): void {
  if (content.includes('"quorate-flight"')) {
    void import("../live/flight-panel.tsx").then(({ openFlights }) => {
      openFlights([content]);
      location.hash = "#live";
    });
    return;
  }
  if (!content.includes('"quorate-node-run"')) {
    openRun(runFromFile(content));
    return;
  }
  withShared(({ stageFromFile }) => {
    const nodes = stageFromFile(content);
    if (nodes === undefined) openRun(runFromFile(content));
    else openNodePlan(nodes);
  });
}

/** What reads runs of whole nodes knows everything that can be in one: it is fetched when there is one to be read. */
function withShared(use: (code: typeof import("../nodes/shared-run.ts")) => void): void {
  void import("../nodes/shared-run.ts").then((code) => {
    const isOpen = openShared(() => use(code));
    if (!isOpen && runs.value.length === 0) openFirstStory();
  });
}

function openRun(run: SharedRun): void {
  if (run.type === "plan") {
    openPlan(run.plan, run.title ?? run.violated);
    return;
  }
  const scenario = findScenario(run.id);
  if (scenario === undefined) throw new ShareError("unknownScenario", run.id);
  openStory(scenario, run.sabotage === undefined ? undefined : scenario.sabotage?.[run.sabotage]);
}

/** The run that the simulator draws from a seed. */
export function openSeed(seed: number): void {
  openPlan(drawPlan(seed), say(`seed ${seed}`, `种子 ${seed}`));
}

/** The address of this page with the whole run in it. */
export function linkTo({ fragment }: Gift): string {
  return `${location.href.replace(/#.*$/, "")}#${fragment}`;
}

/** The text that shows the run in a frame of another page. */
export function frameFor(gift: Gift): string {
  return `<iframe src="${linkTo(gift)}${EMBEDDED}" width="960" height="720" style="border:0" title="Quorate"></iframe>`;
}

/** Keeps the address in step with an untouched story, so that it can be copied and reloaded. */
export function nameInAddress({ fragment }: Gift): void {
  if (isEmbedded) return;
  history.replaceState(null, "", `#${fragment}`);
}
