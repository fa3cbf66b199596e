import type { JSX } from "preact";
import { say } from "../language/say.ts";

/** The few words without which no story can be understood, for those who see Raft for the first time. */
export function FirstWords(): JSX.Element {
  const words: readonly (readonly [string, string])[] = [
    [
      say("Member", "成员"),
      say(
        "one of several computers that keep the same data. Each has a log: a list of writes in order.",
        "保存同一份数据的几台计算机之一。每个成员都有一份日志：按顺序排列的写入。",
      ),
    ],
    [
      say("Leader", "领导者"),
      say(
        "the member that takes writes and sends them to the others. The crown marks it.",
        "接受写入并把它发给其他成员的成员，用皇冠标出。",
      ),
    ],
    [
      say("Term", "任期"),
      say(
        "a number that grows with every election. Each term has its colour; the higher term counts.",
        "随每次选举增长的编号。每个任期一种颜色；更高的任期说了算。",
      ),
    ],
    [
      say("Majority", "多数派"),
      say(
        "more than half of the members: three of five. Two majorities always share a member, so two sides can never both have one.",
        "超过一半的成员：五个中的三个。任何两个多数派都有共同的成员，所以分裂的两边不可能都有多数派。",
      ),
    ],
    [
      say("Committed", "已提交"),
      say(
        "a majority has the write on disk. Only then does the client hear “done”; such a write is never lost. What is not committed may still be replaced.",
        "多数派已把写入存到磁盘。此时客户端才会得到“完成”；这样的写入永不丢失。未提交的写入仍可能被替换。",
      ),
    ],
  ];
  return (
    <details class="small" data-first-words style="margin-top:0.5rem">
      <summary>{say("New to Raft? Five words first", "第一次接触 Raft？先看五个词")}</summary>
      <dl class="words">
        {words.map(([word, text]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
