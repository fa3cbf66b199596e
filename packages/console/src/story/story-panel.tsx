import { type BothLanguages, fillIn, type Scenario, SWITCHES } from "@quorate/sim";
import type { JSX } from "preact";
import { say, tell } from "../language/say.ts";
import { checkerWord, violationWord } from "../language/violation-words.ts";
import { timeWord } from "../language/words.ts";
import { language } from "../page/preferences.ts";
import type { StoryState } from "../recording/driver.ts";
import { playUntil } from "../studio/playing.ts";
import { cursor, frame, jumpTo, revision, shownRecording, story } from "../studio/studio.ts";
import { FirstWords } from "./first-words.tsx";
import { PuzzlePanel } from "./puzzle-panel.tsx";
import {
  openPuzzle,
  openSabotage,
  openScenario,
  openStory,
  openStoryOfNodes,
  openTitle,
  replayed,
} from "./stories.ts";

/** One step of a story is shown in about this time. */
const STEP_SECONDS = 5;

/** The story that is open: what it is about, the step that is shown, its goal, and the same with a rule switched off. */
export function StoryPanel(): JSX.Element {
  const scenario = openScenario.value;
  const told = scenario ?? openStoryOfNodes.value;
  const puzzle = openPuzzle.value;
  return (
    <section class="panel story" aria-label={say("The story", "故事")}>
      {told !== undefined ? (
        <Told told={told} scenario={scenario} />
      ) : puzzle !== undefined ? (
        <PuzzlePanel puzzle={puzzle} />
      ) : (
        <FreeStory />
      )}
      <Alarm />
    </section>
  );
}

function FreeStory(): JSX.Element {
  const title = openTitle.value;
  return (
    <>
      <h2>
        {title === undefined ? freeTitle() : say("A shared run", "分享的运行")}
        {title === undefined || title === "" ? "" : `: ${title}`}
      </h2>
      <p class="quiet about">{aboutText()}</p>
      <Replaying />
      <Found />
    </>
  );
}

function aboutText(): string {
  const recording = shownRecording();
  if (recording?.world !== "nodes") return coresText();
  return recording.isDrawn ? drawnText() : nodesText();
}

/** How far a long run is that is being repeated. */
function Replaying(): JSX.Element | null {
  const { value } = replayed;
  if (value === undefined) return null;
  const isKnown = value.of < Number.MAX_SAFE_INTEGER;
  return (
    <p class="row small" role="status" data-replaying>
      <progress max={isKnown ? value.of : undefined} value={isKnown ? value.events : undefined} />
      {isKnown
        ? say(
            `Repeating the run: ${value.events} of ${value.of} events`,
            `正在重放：${value.of} 个事件中的第 ${value.events} 个`,
          )
        : say(
            `Playing the run to its end: ${value.events} events so far`,
            `正在播放到结尾：已有 ${value.events} 个事件`,
          )}
    </p>
  );
}

/** What a run came to, when that is later than the moment that is shown. */
function Found(): JSX.Element | null {
  revision.value;
  const track = shownRecording()?.track;
  const violation = track?.violations[0];
  const mark = track?.marks.find(({ kind }) => kind === "violation");
  if (replayed.value !== undefined || frame.value.violations > 0) return null;
  if (violation === undefined || mark === undefined) {
    const isWhole = shownRecording()?.isDrawn === true && shownRecording()?.isTold === true;
    return isWhole ? (
      <p class="goal reached" data-found="nothing">
        <span aria-hidden="true">✓</span>
        {say(
          "The whole run was played, and nothing was violated.",
          "整次运行已播放完毕，没有违反任何保证。",
        )}
      </p>
    ) : null;
  }
  return (
    <p class="goal missed" data-found={violation.checker}>
      <span>
        {say(
          `At ${timeWord(mark.atMs)} a guarantee breaks: ${checkerWord(violation.checker, "en")}.`,
          `在 ${timeWord(mark.atMs)} 有一条保证被破坏：${checkerWord(violation.checker, "zh")}。`,
        )}
      </span>
      <button
        type="button"
        class="danger"
        data-control="show-found"
        onClick={() => jumpTo(mark.moment)}
      >
        {say("show it", "查看")}
      </button>
    </p>
  );
}

function drawnText(): string {
  return say(
    "Whole nodes under clients and faults that were drawn from a seed, exactly as in the simulator that found it. Step through it, jump to what broke and look back for the cause. Once you interfere, it takes another way. What its clients were told is judged at the end of the run.",
    "从种子抽取的客户端与故障作用于完整节点，与发现问题的模拟器中的运行完全一致。可以逐步查看，跳到出错之处，再往回寻找原因。一旦插手，它就会走另一条路。客户端得到的答复在运行结束时统一判定。",
  );
}

function freeTitle(): string {
  return shownRecording()?.world === "nodes"
    ? say("Whole nodes", "完整节点")
    : say("Free play", "自由操作");
}

function nodesText(): string {
  return say(
    "Everything a server is made of runs here but its sockets: hosts with their segmented logs, snapshots, sessions and transport, and the key-value machine, on simulated disks, wires and clocks. Choose a member and tear a write, flip a bit, fill or wipe its disk; watch below what each disk holds for good, and what clients were told. Messages travel as frames in streams of bytes; take one with the mouse to lose, delay or repeat it, as a full queue of the transport would: its neighbours in the stream go on.",
    "除了真实的套接字，服务器的全部组成都在这里运行：带分段日志、快照、会话和传输层的主机，以及键值状态机，运行在模拟的磁盘、线路和时钟上。选择一个成员，撕裂一次写入、翻转一个比特、写满或清空它的磁盘；在下方查看每块磁盘已经持久保存的内容，以及客户端得到的答复。消息以帧的形式在字节流中传输；用鼠标拿起一条即可丢弃、推迟或重复它，就像传输队列已满时那样，流中相邻的消息照常前进。",
  );
}

function coresText(): string {
  return say(
    "A cluster of real cores on a simulated network and simulated disks. Press play, or step from event to event. Click a member to crash or pause it, take a message with the mouse to lose or delay it, cut wires with the knife.",
    "真实的共识核心运行在模拟的网络和磁盘上。按播放，或逐个事件前进。点击成员可令其崩溃或暂停；用鼠标拖动消息可丢弃或推迟；用剪刀切断线路。",
  );
}

/** What a story of either world has to tell. */
interface ShownStory {
  readonly title: BothLanguages;
  readonly story: BothLanguages;
  readonly steps: readonly { readonly caption: BothLanguages }[];
  readonly goal: { readonly text: BothLanguages };
}

function Told({
  told,
  scenario,
}: {
  readonly told: ShownStory;
  /** The same, when it is a story of cores. */
  readonly scenario: Scenario | undefined;
}): JSX.Element {
  revision.value;
  const state = story.value;
  const steps = openSabotage.value?.steps ?? told.steps;
  const step = stepOf(state, steps.length);
  const names = shownRecording()?.names ?? new Map<string, number>();
  const isTold = shownRecording()?.isTold === true;
  const caption = steps[Math.min(step, steps.length - 1)]?.caption;
  return (
    <div class="told" data-told={isTold ? "yes" : "no"}>
      <div>
        <h2>{tell(told.title)}</h2>
        <p class="small">{tell(told.story)}</p>
        <FirstWords />
        {scenario !== undefined && <Switches scenario={scenario} />}
      </div>
      <div class="step">
        <Chapters count={steps.length} step={step} />
        <p class="caption" aria-live="polite" data-step={step}>
          {caption === undefined ? "" : fillIn(caption, language.value, names)}
        </p>
        <div class="row onwards">
          <NextStep step={step} count={steps.length} />
          <span class="quiet small">
            {say(`Step ${step + 1} of ${steps.length}`, `第 ${step + 1} 步，共 ${steps.length} 步`)}
          </span>
        </div>
        <Goal text={told.goal.text} state={state} />
      </div>
    </div>
  );
}

function stepOf(state: StoryState, count: number): number {
  return "step" in state ? Math.min(state.step, count - 1) : count - 1;
}

function Chapters({ count, step }: { readonly count: number; readonly step: number }): JSX.Element {
  const recording = shownRecording();
  return (
    <div class="chapters" role="group" aria-label={say("Steps of the story", "故事的步骤")}>
      {Array.from({ length: count }, (_, at) => {
        const begins = recording?.stepBegan(at);
        return (
          <button
            key={at}
            type="button"
            class={at < step ? "past" : at === step ? "present" : ""}
            aria-current={at === step ? "step" : undefined}
            aria-label={say(`Step ${at + 1} of ${count}`, `第 ${at + 1} 步，共 ${count} 步`)}
            disabled={begins === undefined}
            onClick={() => begins !== undefined && jumpTo(begins)}
          />
        );
      })}
    </div>
  );
}

function NextStep({ step, count }: { readonly step: number; readonly count: number }): JSX.Element {
  const recording = shownRecording();
  const next = recording?.stepEnds().find((moment) => moment > cursor.value);
  const isLast = step >= count - 1;
  return (
    <button
      type="button"
      class="primary"
      data-control="next-step"
      disabled={next === undefined}
      onClick={() => next !== undefined && playUntil(next, STEP_SECONDS)}
    >
      {isLast ? say("Play to the end ▸", "播放到结尾 ▸") : say("Next step ▸", "下一步 ▸")}
    </button>
  );
}

function Goal({
  text,
  state,
}: {
  readonly text: BothLanguages;
  readonly state: StoryState;
}): JSX.Element {
  const isReached =
    state.type === "goalReached" || (state.type === "byHand" && state.isGoalReached);
  const isMissed = state.type === "goalMissed" || state.type === "stuck";
  const sign = isReached ? "✓" : isMissed ? "✕" : "◎";
  return (
    <p
      class={`goal ${isReached ? "reached" : isMissed ? "missed" : ""}`}
      data-goal={isReached ? "reached" : isMissed ? "missed" : "open"}
    >
      <span aria-hidden="true">{sign}</span>
      <span>
        <strong>
          {isReached
            ? say("Goal reached: ", "目标达成：")
            : isMissed
              ? say("Goal missed: ", "目标未达成：")
              : say("Goal: ", "目标：")}
        </strong>
        {tell(text)}
      </span>
    </p>
  );
}

/** The same story with a rule switched off. */
function Switches({ scenario }: { readonly scenario: Scenario }): JSX.Element | null {
  const sabotages = scenario.sabotage ?? [];
  if (sabotages.length === 0) return null;
  const chosen = openSabotage.value;
  return (
    <div class="switches" style="margin-top:0.6rem">
      <h3>{say("What if a rule is switched off?", "如果关掉一条规则？")}</h3>
      <div class="row" style="margin-top:0.2rem">
        <button
          type="button"
          aria-pressed={chosen === undefined}
          onClick={() => openStory(scenario)}
        >
          {say("all rules on", "规则全开")}
        </button>
        {sabotages.map((sabotage, place) => (
          <button
            key={`${sabotage.broken}/${place}`}
            type="button"
            class="danger"
            data-switch={`${sabotage.broken}/${place}`}
            aria-pressed={chosen === sabotage}
            onClick={() => openStory(scenario, sabotage)}
          >
            {tell(SWITCHES[sabotage.broken].title)}
            {sabotage.showsHarm === true && say(": the harm", "：后果")}
          </button>
        ))}
      </div>
      {chosen !== undefined && (
        <p class="small" style="margin-top:0.35rem">
          {tell(SWITCHES[chosen.broken].text)} {tell(chosen.text)}
        </p>
      )}
    </div>
  );
}

/** The guarantee that is broken, if one is. */
function Alarm(): JSX.Element | null {
  const count = frame.value.violations;
  const violation = shownRecording()?.track.violations[0];
  if (count === 0 || violation === undefined) return null;
  return (
    <div class="alarm" role="alert" data-violation={violation.checker}>
      <strong>
        {say("A guarantee is broken: ", "一条保证被破坏：")}
        {checkerWord(violation.checker, language.value)}
      </strong>
      <pre class="mono" style="margin:0.2rem 0 0;white-space:pre-wrap">
        {violationWord(violation, language.value, openScenario.value)}
      </pre>
    </div>
  );
}
