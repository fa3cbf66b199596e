import { type Signal, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { say, tell } from "../language/say.ts";
import type { Run } from "../recording/run.ts";
import { cursor, revision, shownRecording } from "../studio/studio.ts";
import type { Puzzle } from "./puzzles.ts";

/** Per run, the first moment that solves the puzzle; -1 while there is none. */
const solvedAt: WeakMap<Run, { looked: number; at: number }> = new WeakMap();
const isHintShown: Signal<boolean> = signal(false);

/** The task of a puzzle, and whether it is solved at or before the moment that is shown. */
export function PuzzlePanel({ puzzle }: { readonly puzzle: Puzzle }): JSX.Element {
  useEffect(() => {
    isHintShown.value = false;
  }, [puzzle.id]);
  revision.value;
  const recording = shownRecording();
  const at = recording === undefined ? -1 : firstSolved(recording, puzzle);
  const isSolved = at >= 0 && at <= cursor.value;
  return (
    <div class="told">
      <div>
        <h2>{tell(puzzle.title)}</h2>
        <p>{tell(puzzle.task)}</p>
        <button
          type="button"
          class="plain small"
          aria-expanded={isHintShown.value}
          onClick={() => {
            isHintShown.value = !isHintShown.value;
          }}
        >
          {say("a hint", "提示")}
        </button>
        {isHintShown.value && <p class="rule-text">{tell(puzzle.hint)}</p>}
      </div>
      <p class={`goal ${isSolved ? "reached" : ""}`} data-puzzle={isSolved ? "solved" : "open"}>
        <span aria-hidden="true">{isSolved ? "✓" : "◎"}</span>
        <strong>
          {isSolved
            ? say(
                "Solved. Look at the moment it happened, and why.",
                "已解决。看看它发生的那一刻，以及原因。",
              )
            : say("Not solved yet.", "尚未解决。")}
        </strong>
      </p>
    </div>
  );
}

function firstSolved(recording: Run, puzzle: Puzzle): number {
  const known = solvedAt.get(recording) ?? { looked: -1, at: -1 };
  solvedAt.set(recording, known);
  while (known.at < 0 && known.looked < recording.last) {
    known.looked += 1;
    if (puzzle.solved(recording.track, known.looked)) known.at = known.looked;
  }
  return known.at;
}
