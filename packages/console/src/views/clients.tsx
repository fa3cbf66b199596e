import { computed, type ReadonlySignal } from "@preact/signals";
import {
  checkLinearizability,
  type LinearizabilityVerdict,
  type RegisterInput,
  type RegisterOutput,
  registerModel,
  renderSvg,
} from "@quorate/sim";
import type { JSX } from "preact";
import { operationWords, shortened } from "../language/operation-words.ts";
import { memberName, say } from "../language/say.ts";
import { timeWord } from "../language/words.ts";
import { type ClientAct, stateOf } from "../recording/operation-log.ts";
import { cursor, frame, jumpTo, revision, shownRecording, shownRun } from "../studio/studio.ts";
import { actColour } from "./space-time.tsx";
import { ViewPanel } from "./view-panel.tsx";

type Verdict = LinearizabilityVerdict<RegisterInput, RegisterOutput>;

/** Enough for what a person clicks together; a verdict never keeps the page waiting. */
const STEPS_MAX = 40_000;
const SHOWN_MAX = 14;

/** Operations so far, in one number: the verdict is only looked for anew when it grows. */
const historyKey: ReadonlySignal<string> = computed(() => {
  revision.value;
  const track = shownRecording()?.track;
  if (track === undefined) return "";
  const acts = track.operations.at(cursor.value);
  const ended = acts.filter(({ ending }) => ending !== undefined).length;
  return `${shownRun.value?.number}/${acts.length}/${ended}`;
});

const verdict: ReadonlySignal<Verdict | undefined> = computed(() => {
  historyKey.value;
  const track = shownRun.peek()?.recording.track;
  if (track === undefined) return undefined;
  const history = track.operations.historyAt(cursor.peek());
  return checkLinearizability(registerModel, history, { stepsMax: STEPS_MAX });
});

/** What clients asked and heard, and whether it fits one order. */
export function Clients(): JSX.Element {
  historyKey.value;
  const acts = shownRecording()?.track.operations.at(cursor.value) ?? [];
  return (
    <ViewPanel
      name="clients"
      title={say("Clients", "客户端")}
      hint={say(
        "What each client asked for, and what it was told.",
        "每个客户端的请求以及它得到的答复。",
      )}
    >
      <VerdictLine count={acts.length} />
      <div class="acts">
        {acts
          .slice(-SHOWN_MAX)
          .reverse()
          .map((act) => (
            <Act key={`${act.client}/${act.askedAt}`} act={act} />
          ))}
      </div>
      <Values />
    </ViewPanel>
  );
}

function VerdictLine({ count }: { readonly count: number }): JSX.Element {
  const found = verdict.value;
  if (count === 0 || found === undefined) {
    return (
      <p class="quiet small">{say("Nobody has asked for anything yet.", "还没有任何请求。")}</p>
    );
  }
  switch (found.verdict) {
    case "linearizable":
      return (
        <p class="verdict" data-verdict="linearizable">
          ✓{" "}
          {say(
            "Linearizable: all answers fit one order in which each operation takes effect between its call and its answer.",
            "可线性化：所有答复都符合同一个顺序，每个操作都在请求与答复之间生效。",
          )}
        </p>
      );
    case "violated":
      return (
        <div class="verdict red" data-verdict="violated">
          ✕{" "}
          {say(
            "Not linearizable: there is no single order in which these answers can all be true.",
            "不可线性化：不存在能让这些答复全部成立的顺序。",
          )}
          <div class="scrolls">
            <img
              alt={say("The answers that contradict each other", "互相矛盾的答复")}
              src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(renderSvg(registerModel, found.counterexample))}`}
            />
          </div>
        </div>
      );
    case "undecided":
      return (
        <p class="verdict" data-verdict="undecided">
          {say(
            "Nothing contradictory found yet; the search was stopped.",
            "尚未发现矛盾；搜索已停止。",
          )}
        </p>
      );
  }
}

function Act({ act }: { readonly act: ClientAct }): JSX.Element {
  const colour = actColour(act);
  return (
    <div class="act" data-act={stateOf(act)}>
      <button type="button" class="plain when" onClick={() => jumpTo(act.askedAt)}>
        {timeWord(act.askedMs)}
      </button>
      <span>
        {say(`client ${act.client}`, `客户端 ${act.client}`)}:{" "}
        <code class="mono">{operationWords(act.operation)}</code>
      </span>
      <span style={`color:${colour}`}>{outcomeWords(act)}</span>
      {act.attempts.length > 1 && (
        <span class="quiet small">
          {say(`${act.attempts.length} attempts`, `${act.attempts.length} 次尝试`)}
        </span>
      )}
    </div>
  );
}

function outcomeWords(act: ClientAct): string {
  const { ending } = act;
  const by = ending === undefined || ending.by === 0 ? "" : memberName(ending.by);
  switch (stateOf(act)) {
    case "waiting":
      return say("waits for an answer …", "等待答复……");
    case "answered":
      return act.operation.type === "read"
        ? say(`→ ${ending?.answer ?? "nothing"} (${by})`, `→ ${ending?.answer ?? "空"}（${by}）`)
        : say(`✓ ${ending?.answer ?? ""} (${by})`, `✓ 已完成（${by}）`);
    case "refused":
      return say("✕ refused: certainly not applied", "✕ 被拒绝：确定没有执行");
    case "unknown":
      return say(
        "? no answer in time: may or may not have happened",
        "？超时无答复：可能执行了，也可能没有",
      );
  }
}

/** The state machines' contents, which is what it is all about. */
function Values(): JSX.Element | null {
  const { members } = frame.value;
  const keys = [...new Set(members.flatMap(({ values }) => [...values.keys()]))].sort();
  if (keys.length === 0) return null;
  return (
    <div class="scrolls" style="margin-top:0.5rem">
      <table class="facts">
        <thead>
          <tr>
            <th>{say("value applied on member", "成员上已应用的值")}</th>
            {members.map(({ id }) => (
              <th key={id} aria-label={memberName(id)}>
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key}>
              <td class="mono">{key}</td>
              {members.map(({ id, values }) => (
                <td key={id} class="mono">
                  {shortened(values.get(key) ?? "–")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
