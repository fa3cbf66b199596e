import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { MemberId } from "@quorate/core";
import type { MemberFrame } from "@quorate/sim";
import type { StoryState } from "../recording/driver.ts";
import type { Flight } from "../recording/flight-log.ts";
import { type Origin, Recording } from "../recording/recording.ts";
import type { Run, RunAction } from "../recording/run.ts";
import type { ClusterFrame } from "../recording/track.ts";

/** One of the runs that are open: the first, or a branch of another. */
export interface OpenRun {
  readonly number: number;
  readonly recording: Run;
}

export const runs: Signal<readonly OpenRun[]> = signal([]);
export const shownRun: Signal<OpenRun | undefined> = signal(undefined);
/** The run beside it, when two are compared. */
export const comparedRun: Signal<OpenRun | undefined> = signal(undefined);
/** Grows whenever a recording grows, so that whoever looks at one looks again. */
export const revision: Signal<number> = signal(0);
/** The moment that all views show. */
export const cursor: Signal<number> = signal(0);
/** The time that is shown; between the times of two moments while something moves. */
export const shownMs: Signal<number> = signal(0);

export const selectedMember: Signal<MemberId | undefined> = signal(undefined);
export const selectedMessage: Signal<number | undefined> = signal(undefined);
/** The run that is being played at its end, where things can be done without parting from it. */
export const playedLive: { run: Run | undefined } = { run: undefined };
/** What was refused just now, for the reader to hear about. */
export const notice: Signal<string> = signal("");

/** The recording that is shown; whoever asks is drawn anew when it grows. */
export function shownRecording(): Run | undefined {
  revision.value;
  return shownRun.value?.recording;
}

export const frame: ReadonlySignal<ClusterFrame> = computed(() => {
  revision.value;
  return shownRun.value?.recording.track.frame(cursor.value) ?? NO_FRAME;
});

export const flights: ReadonlySignal<readonly Flight[]> = computed(() => {
  revision.value;
  return shownRun.value?.recording.track.flights.at(cursor.value) ?? [];
});

export const story: ReadonlySignal<StoryState> = computed(() => {
  revision.value;
  return shownRun.value?.recording.storyAt(cursor.value) ?? { type: "none" };
});

/** The running leader of the newest term. */
export const leader: ReadonlySignal<MemberFrame | undefined> = computed(() =>
  leaderOf(frame.value),
);

const NO_FRAME: ClusterFrame = { members: [], cuts: new Set(), violations: 0 };
/** Branches that stay open; the oldest that is not shown is closed for a new one. */
const RUNS_MAX = 8;

let runsOpened = 0;

export function leaderOf({ members }: ClusterFrame): MemberFrame | undefined {
  let found: MemberFrame | undefined;
  for (const member of members) {
    if (member.role !== "leader" || member.power !== "up") continue;
    if (found === undefined || member.term > found.term) found = member;
  }
  return found;
}

/** Begins a new run and forgets those before. */
export function open(origin: Origin): Recording {
  const recording = new Recording(origin);
  openRun(recording);
  return recording;
}

/** The same for a run that there is already. */
export function openRun(recording: Run): void {
  runsOpened = 1;
  batch(() => {
    const run = { number: 1, recording };
    runs.value = [run];
    shownRun.value = run;
    comparedRun.value = undefined;
    selectedMember.value = undefined;
    selectedMessage.value = undefined;
    notice.value = "";
    jumpTo(0);
  });
}

export function show(run: OpenRun): void {
  batch(() => {
    const atMs = shownMs.value;
    shownRun.value = run;
    if (comparedRun.value === run) comparedRun.value = undefined;
    jumpTo(Math.max(0, run.recording.track.momentAt(atMs)));
  });
}

/** Shows a moment of the run, at once. */
export function jumpTo(moment: number): void {
  const recording = shownRun.value?.recording;
  if (recording === undefined) return;
  const place = Math.max(0, Math.min(moment, recording.last));
  batch(() => {
    cursor.value = place;
    shownMs.value = recording.track.atMs(place);
    revision.value += 1;
  });
}

/** A branch at the moment that is shown, which is shown from now on. */
export function branch(): OpenRun | undefined {
  const from = shownRun.value;
  if (from === undefined) return undefined;
  runsOpened += 1;
  const run = { number: runsOpened, recording: from.recording.fork(cursor.value) };
  const kept = [...runs.value, run];
  while (kept.length > RUNS_MAX) {
    const oldest = kept.findIndex((one) => one !== run && one !== from);
    kept.splice(oldest, 1);
  }
  batch(() => {
    runs.value = kept;
    shownRun.value = run;
    comparedRun.value = from;
    jumpTo(run.recording.last);
  });
  return run;
}

/**
 * Does something now. Where the run went on already, a branch begins here. `onRefused` is called when it was refused, which
 * whole nodes may say a little later.
 */
export function perform(action: RunAction, onRefused: () => void = () => undefined): void {
  notice.value = "";
  const now = shownRun.value;
  if (now === undefined) return;
  const isAtEnd = cursor.value >= now.recording.last || playedLive.run === now.recording;
  const run = isAtEnd ? now : branch();
  if (run === undefined) return;
  const finish = (done: boolean): void => {
    if (shownRun.value === run) jumpTo(run.recording.last);
    if (!done) onRefused();
  };
  const done = run.recording.perform(action);
  if (typeof done === "boolean") finish(done);
  else void done.then(finish);
}
