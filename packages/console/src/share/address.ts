import { type Signal, signal } from "@preact/signals";
import {
  decodeRun,
  drawPlan,
  encodeRun,
  findScenario,
  type SharedRun,
  ShareError,
} from "@quorate/sim";
import { say } from "../language/say.ts";
import type { Recording } from "../recording/recording.ts";
import { openPlan, openStory } from "../story/stories.ts";

/** Comes after a run in the fragment of a page that stands inside another one. */
const EMBEDDED = "&embed";

/** The page shows only the run: for a frame in somebody else's page. */
export const isEmbedded: boolean = location.hash.endsWith(EMBEDDED);

/** Why a link or a file could not be opened. */
export const openTrouble: Signal<string> = signal("");

/** Opens what the fragment of the address names; false when it names nothing. */
export function openAddress(hash: string): boolean {
  const fragment = hash.replace(/^#/, "").replace(EMBEDDED, "");
  if (!/^q[0-9]/.test(fragment)) return false;
  return openShared(() => decodeRun(fragment));
}

/** Opens a shared run, or says why not. */
export function openShared(read: () => SharedRun): boolean {
  openTrouble.value = "";
  try {
    openRun(read());
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

/** The run as it can be given away; undefined when it cannot be repeated from what was done. */
export function sharedRunOf(recording: Recording): SharedRun | undefined {
  const { origin } = recording;
  if (origin.type === "story" && !recording.isChanged) {
    const place = origin.sabotage && origin.scenario.sabotage?.indexOf(origin.sabotage);
    return {
      type: "scenario",
      id: origin.scenario.id,
      ...(place === undefined ? {} : { sabotage: place }),
    };
  }
  const plan = recording.plan();
  if (plan === undefined) return undefined;
  const violated = recording.track.violations[0]?.checker;
  return { type: "plan", plan, ...(violated === undefined ? {} : { violated }) };
}

/** The address of this page with the whole run in it. */
export function linkTo(run: SharedRun): string {
  return `${location.href.replace(/#.*$/, "")}#${encodeRun(run)}`;
}

/** The text that shows the run in a frame of another page. */
export function frameFor(run: SharedRun): string {
  return `<iframe src="${linkTo(run)}${EMBEDDED}" width="960" height="720" style="border:0" title="Quorate"></iframe>`;
}

/** Keeps the address in step with an untouched story, so that it can be copied and reloaded. */
export function nameInAddress(run: SharedRun): void {
  if (isEmbedded) return;
  history.replaceState(null, "", `#${encodeRun(run)}`);
}
