import type { BothLanguages } from "@quorate/sim";
import type { JSX } from "preact";
import { say, tell } from "../language/say.ts";
import { checkerWord } from "../language/violation-words.ts";
import { language } from "../page/preferences.ts";
import { frame, shownRecording } from "../studio/studio.ts";
import { ViewPanel } from "./view-panel.tsx";

interface Guarantee {
  readonly title: BothLanguages;
  readonly text: BothLanguages;
  /** Checkers that watch it. */
  readonly checkers: readonly string[];
}

/** What Raft promises, each with those who watch it. */
const GUARANTEES: readonly Guarantee[] = [
  {
    title: { en: "Election safety", zh: "选举安全" },
    text: { en: "at most one leader in a term", zh: "一个任期最多一个领导者" },
    checkers: ["election safety", "leaders have a quorum of durable votes"],
  },
  {
    title: { en: "Leader append-only", zh: "领导者只追加" },
    text: { en: "a leader never replaces its own entries", zh: "领导者从不替换自己的条目" },
    checkers: ["leader append-only"],
  },
  {
    title: { en: "Log matching", zh: "日志匹配" },
    text: {
      en: "same index and term: same log up to there",
      zh: "索引与任期相同，则此前的日志全部相同",
    },
    checkers: ["log matching", "acknowledged is equal to the leader's log"],
  },
  {
    title: { en: "Leader completeness", zh: "领导者完备" },
    text: { en: "a new leader has all committed entries", zh: "新领导者拥有全部已提交条目" },
    checkers: ["leader completeness"],
  },
  {
    title: { en: "State machine safety", zh: "状态机安全" },
    text: { en: "nobody applies another entry at an index", zh: "同一索引不会应用不同的条目" },
    checkers: [
      "state machine safety",
      "entries applied in order",
      "only committed entries are applied",
      "applied within commit",
    ],
  },
  {
    title: { en: "Committed stays", zh: "提交不可撤销" },
    text: { en: "a committed entry is never lost", zh: "已提交的条目永不丢失" },
    checkers: [
      "committed entries stay",
      "commit never goes back",
      "committed entries are durable on a quorum",
      "only entries of the own term are committed by counting",
      "only leaders decide what is committed",
    ],
  },
  {
    title: { en: "One vote per term", zh: "每任期一票" },
    text: { en: "across restarts too", zh: "重启之后也是如此" },
    checkers: ["one vote per term", "terms never go back", "newer terms are entered"],
  },
  {
    title: { en: "Durable before promised", zh: "先落盘后承诺" },
    text: { en: "an answer leaves after the disk has it", zh: "磁盘写完之后才发出应答" },
    checkers: ["durable before promised", "applied is durable"],
  },
  {
    title: { en: "Linearizable", zh: "可线性化" },
    text: { en: "clients see one order", zh: "客户端看到同一个顺序" },
    checkers: ["linearizability", "reads see what was committed before"],
  },
  {
    title: { en: "Exactly once", zh: "恰好一次" },
    text: { en: "a repeated command takes effect once", zh: "重试的命令只生效一次" },
    checkers: ["exactly once", "exactly-once"],
  },
  {
    title: { en: "Quorums overlap", zh: "多数派相交" },
    text: { en: "old and new members share one", zh: "新旧成员的多数派有交集" },
    checkers: ["consecutive memberships share a member in every quorum"],
  },
];

/** Each guarantee, green while it holds at the moment that is shown. */
export function Guarantees(): JSX.Element {
  const count = frame.value.violations;
  const broken = (shownRecording()?.track.violations ?? []).slice(0, count);
  const known = new Set(GUARANTEES.flatMap(({ checkers }) => checkers));
  const others = [...new Set(broken.map(({ checker }) => checker))].filter(
    (checker) => !known.has(checker),
  );
  return (
    <ViewPanel
      name="guarantees"
      title={say("Guarantees, checked after every event", "每个事件之后都检查的保证")}
    >
      <ul class="guarantees">
        {GUARANTEES.map((one) => {
          const isBroken = broken.some(({ checker }) => one.checkers.includes(checker));
          return (
            <li
              key={one.title.en}
              class={isBroken ? "broken" : ""}
              data-guarantee={isBroken ? "broken" : "holds"}
            >
              <span class="sign" aria-hidden="true">
                {isBroken ? "✕" : "✓"}
              </span>
              <span>
                {tell(one.title)}
                <span class="unseen">
                  {isBroken ? say("broken", "被破坏") : say("holds", "成立")}
                </span>
                <span class="quiet small">{tell(one.text)}</span>
              </span>
            </li>
          );
        })}
        {others.map((checker) => (
          <li key={checker} class="broken" data-guarantee="broken">
            <span class="sign" aria-hidden="true">
              ✕
            </span>
            {checkerWord(checker, language.value)}
          </li>
        ))}
      </ul>
    </ViewPanel>
  );
}
