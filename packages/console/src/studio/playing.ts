import { batch, type Signal, signal } from "@preact/signals";
import { prefersLessMotion } from "../page/preferences.ts";
import type { MarkKind } from "../recording/mark.ts";
import { cursor, jumpTo, playedLive, revision, shownMs, shownRun } from "./studio.ts";

/** Virtual milliseconds per second of the reader. */
export const SPEEDS: readonly number[] = [2, 5, 10, 20, 40, 80, 160, 400, 1000, 5000];
export const speed: Signal<number> = signal(20);
export const isPlaying: Signal<boolean> = signal(false);
/** At the end of each step of a story the show waits for the reader. */
export const pausesAtSteps: Signal<boolean> = signal(true);

/** How long one frame may spend on running the cluster on. */
const FRAME_BUDGET_MS = 8;
/** A jump forward takes so long to be seen, at most. */
const GLIDE_MS = 450;
/** How far ahead a search for the next turn goes before it gives up. */
const SEARCH_MS = 60_000;
/** How long a search may keep the page waiting. */
const SEARCH_BUDGET_MS = 1_500;

interface Show {
  /** Moment at which it stops. */
  readonly until: number | undefined;
  readonly msPerSecond: number | undefined;
}

let show: Show | undefined;
let lastFrame = 0;

export function play(): void {
  if (isPlaying.value) return;
  start({ until: undefined, msPerSecond: undefined });
}

export function pause(): void {
  playedLive.run = undefined;
  show = undefined;
  isPlaying.value = false;
}

export function togglePlaying(): void {
  if (isPlaying.value) pause();
  else play();
}

/** The next moment (or the one before) at which something can be seen to happen. */
export async function stepEvent(direction: 1 | -1): Promise<void> {
  const recording = shownRun.value?.recording;
  if (recording === undefined) return;
  settle();
  let moment = cursor.value + direction;
  const { track } = recording;
  if (direction === 1) {
    for (;;) {
      while (moment > recording.last && (await recording.extend()));
      if (moment > recording.last || !track.isQuiet(moment)) break;
      moment += 1;
    }
  } else while (moment > 0 && track.isQuiet(moment)) moment -= 1;
  if (shownRun.value?.recording === recording) glideTo(moment);
}

/** The next (or last) moment with a mark of these kinds; false when none comes in reach. */
export async function stepMark(kinds: readonly MarkKind[], direction: 1 | -1): Promise<boolean> {
  const recording = shownRun.value?.recording;
  if (recording === undefined) return false;
  settle();
  const { track } = recording;
  let found = track.nextMark(kinds, cursor.value, direction);
  if (direction === 1) {
    const untilMs = track.atMs(cursor.value) + SEARCH_MS;
    const deadline = performance.now() + SEARCH_BUDGET_MS;
    let count = 0;
    while (found === undefined && track.endMs < untilMs && (await recording.extend())) {
      found = track.nextMark(kinds, recording.last - 1, 1);
      count += 1;
      if (count % 64 === 0 && performance.now() > deadline) break;
    }
  }
  if (shownRun.value?.recording !== recording) return true;
  if (found === undefined) {
    revision.value += 1;
    return false;
  }
  glideTo(found);
  return true;
}

/** Runs on silently until `moment` is there, then shows the way to it. */
export function glideTo(moment: number): void {
  const recording = shownRun.value?.recording;
  if (recording === undefined) return;
  const target = Math.max(0, Math.min(moment, recording.last));
  const wayMs = recording.track.atMs(target) - shownMs.value;
  if (wayMs <= 0 || prefersLessMotion.value) {
    pause();
    jumpTo(target);
    return;
  }
  start({ until: target, msPerSecond: Math.max(4, wayMs / (GLIDE_MS / 1000)) });
}

/** Plays up to `moment` so that it takes about `seconds`. */
export function playUntil(moment: number, seconds: number): void {
  const recording = shownRun.value?.recording;
  if (recording === undefined) return;
  settle();
  const wayMs = recording.track.atMs(moment) - shownMs.value;
  if (wayMs <= 0 || prefersLessMotion.value) jumpTo(moment);
  else start({ until: moment, msPerSecond: Math.max(3, wayMs / seconds) });
}

/** A glide under way arrives at once. */
function settle(): void {
  const until = show?.until;
  pause();
  if (until !== undefined) jumpTo(until);
}

function start(next: Show): void {
  show = next;
  lastFrame = 0;
  isPlaying.value = true;
  requestAnimationFrame(playFrame);
}

function playFrame(now: number): void {
  const playing = show;
  const recording = shownRun.value?.recording;
  if (playing === undefined || recording === undefined) return;
  const passedMs = lastFrame === 0 ? 16 : Math.min(100, now - lastFrame);
  lastFrame = now;
  const { track } = recording;
  const rate = playing.msPerSecond ?? speed.value;
  let targetMs = shownMs.value + (passedMs / 1000) * rate;
  if (playing.until !== undefined && targetMs >= track.atMs(playing.until)) {
    pause();
    jumpTo(playing.until);
    return;
  }
  playedLive.run = undefined;
  if (targetMs > track.endMs) {
    recording.extendTo(targetMs, FRAME_BUDGET_MS, () => performance.now());
    if (playing.until === undefined) playedLive.run = recording;
  }
  if (targetMs > track.endMs) targetMs = track.endMs;
  const moment = Math.max(cursor.value, track.momentAt(targetMs));
  const stop = playing.until === undefined ? stepEndBetween(cursor.value, moment) : undefined;
  if (stop !== undefined) {
    pause();
    jumpTo(stop);
    return;
  }
  batch(() => {
    cursor.value = moment;
    shownMs.value = targetMs;
    revision.value += 1;
  });
  if (recording.isOver && moment >= recording.last) pause();
  else requestAnimationFrame(playFrame);
}

/** Where the story comes to a new step between two moments, if the show is to wait there. */
function stepEndBetween(from: number, to: number): number | undefined {
  const recording = shownRun.value?.recording;
  if (recording === undefined || !pausesAtSteps.value || from === to) return undefined;
  return recording.stepEnds().find((moment) => moment > from && moment <= to);
}
