import { type Explanation, explainDecision } from "@quorate/explain";
import { type ClusterEvent, commandOf, type Violation } from "@quorate/sim";
import { describeAction } from "../control/describe-action.ts";
import { operationText, operationWords } from "../language/operation-words.ts";
import { memberName, say } from "../language/say.ts";
import { checkerWord, violationWord } from "../language/violation-words.ts";
import { messageWord } from "../language/words.ts";
import { language } from "../page/preferences.ts";
import type { RunAction } from "../recording/run.ts";
import { openScenario } from "./stories.ts";

export type LineTone = "routine" | "notable" | "warning" | "violation" | "action" | "client";

/** One sentence of what happened, and the rule behind it where there is one. */
export interface TellingLine {
  readonly text: string;
  readonly tone: LineTone;
  readonly rule: Pick<Explanation, "rule" | "ruleName" | "section"> | undefined;
}

export function lineOfAction(action: RunAction, names: ReadonlyMap<string, number>): TellingLine {
  return { text: ended(describeAction(action, names)), tone: "action", rule: undefined };
}

export function lineOf(event: ClusterEvent): TellingLine {
  if (event.type === "decision") {
    const told = explainDecision(event.decision, { language: language.value });
    return { text: told.statement, tone: told.importance, rule: told };
  }
  const text = sentenceOf(event);
  return {
    text: ended(text.charAt(0).toUpperCase() + text.slice(1)),
    tone: toneOf(event),
    rule: undefined,
  };
}

/** What was shortened at its end needs no full stop; between a number and Han characters stands a space. */
function ended(sentence: string): string {
  return sentence.replace(/…[.。]$/, "…").replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");
}

type Plain = Exclude<ClusterEvent, { readonly type: "decision" }>;

function toneOf(event: Plain): LineTone {
  switch (event.type) {
    case "violation":
      return "violation";
    case "client":
      return "client";
    case "crashed":
    case "wiped":
      return "warning";
    case "disk":
      return event.finding === "refilled" || event.finding === "freed" ? "notable" : "warning";
    case "sent":
    case "delivered":
    case "durable":
    case "applied":
    case "lost":
      return "routine";
    default:
      return "notable";
  }
}

function sentenceOf(event: Plain): string {
  switch (event.type) {
    case "sent":
      return messageSentence(event.message, say("is sent", "已发出"));
    case "delivered":
      return messageSentence(event.message, say("arrives", "到达"));
    case "lost":
      return messageSentence(event.message, lossWord(event.reason));
    case "durable":
      return say(
        `The disk of ${memberName(event.member)} holds its log up to ${event.last} for good.`,
        `${memberName(event.member)}的磁盘已持久保存日志到 ${event.last}。`,
      );
    case "applied":
      return appliedSentence(event);
    case "client":
      return clientSentence(event);
    case "violation":
      return violationSentence(event.violation);
    case "linkChanged":
      return linkSentence(event);
    case "disk":
      return findingSentence(event);
    default:
      return memberSentence(event);
  }
}

function violationSentence(violation: Violation): string {
  const checker = checkerWord(violation.checker, language.value);
  const message = violationWord(violation, language.value, openScenario.value).replace(
    /[.。]$/,
    "",
  );
  return say(
    `A guarantee is broken: ${checker}. ${message}.`,
    `保证被破坏：${checker}。${message}。`,
  );
}

function messageSentence(
  { type, from, to }: Extract<Plain, { readonly type: "sent" }>["message"],
  what: string,
): string {
  return say(
    `The ${messageWord(type)} from ${memberName(from)} to ${memberName(to)} ${what}.`,
    `${memberName(from)}发给${memberName(to)}的“${messageWord(type)}”${what}。`,
  );
}

function lossWord(reason: Extract<Plain, { readonly type: "lost" }>["reason"]): string {
  switch (reason) {
    case "cut":
      return say("is lost: the wire is cut", "丢失：线路已切断");
    case "lost":
      return say("is lost on the way", "在途中丢失");
    case "receiverDown":
      return say("finds nobody: the receiver is down", "无人接收：接收者已停止");
    case "senderDown":
      return say("is lost with its sender", "随发送者一起丢失");
  }
}

function appliedSentence({ member, entry }: Extract<Plain, { readonly type: "applied" }>): string {
  const command = commandOf(entry);
  const what =
    command === undefined
      ? entry.kind === "noop"
        ? say("an empty entry", "空条目")
        : say("a change of the members", "成员变更")
      : operationWords(command.operation);
  return say(
    `${memberName(member)} applies entry ${entry.index}: ${what}.`,
    `${memberName(member)}应用条目 ${entry.index}：${what}。`,
  );
}

function clientSentence({
  client,
  phase,
  member,
  text: said,
}: Extract<Plain, { readonly type: "client" }>): string {
  const text = operationText(said);
  const who = say(`Client ${client}`, `客户端 ${client}`);
  const whom = memberName(member);
  switch (phase) {
    case "asks":
      return say(`${who} asks ${whom}: ${text}.`, `${who}向${whom}请求：${text}。`);
    case "repeats":
      return say(`${who} asks again, at ${whom}: ${text}.`, `${who}改向${whom}重试：${text}。`);
    case "answered":
      return say(`${whom} answers ${who.toLowerCase()}: ${text}.`, `${whom}答复${who}：${text}。`);
    case "answerLost":
      return say(
        `The answer of ${whom} to ${who.toLowerCase()} is lost: ${text}.`,
        `${whom}给${who}的答复丢失：${text}。`,
      );
    case "refused":
      return say(
        `${whom} refuses ${who.toLowerCase()}: ${text}. It was not applied.`,
        `${whom}拒绝${who}：${text}。该操作没有执行。`,
      );
    case "gaveUp":
      return say(
        `${who} has waited long enough: ${text}. The outcome is unknown to it.`,
        `${who}等待超时：${text}。它不知道结果如何。`,
      );
  }
}

function linkSentence({
  from,
  to,
  isCut,
}: Extract<Plain, { readonly type: "linkChanged" }>): string {
  return isCut
    ? say(
        `${memberName(to)} no longer hears ${memberName(from)}.`,
        `${memberName(to)}再也听不到${memberName(from)}。`,
      )
    : say(
        `${memberName(to)} hears ${memberName(from)} again.`,
        `${memberName(to)}又能听到${memberName(from)}了。`,
      );
}

function findingSentence({ member, finding }: Extract<Plain, { readonly type: "disk" }>): string {
  const who = memberName(member);
  switch (finding) {
    case "tornTail":
      return say(
        `${who} finds half a write at the end of its log and cuts it off: it never said that it has it.`,
        `${who}发现日志末尾有一次只写了一半的写入，将其截掉：它从未说过自己持有它。`,
      );
    case "refilling":
      return say(
        `${who} finds its log damaged: it asks the others for what is missing, and does not vote until it has it.`,
        `${who}发现日志损坏：它向其他成员索取缺少的部分，补齐之前不参与投票。`,
      );
    case "refilled":
      return say(
        `${who} has back everything that its disk had lost, and counts like any other again.`,
        `${who}找回了磁盘丢失的全部内容，重新与其他成员同等计票。`,
      );
    case "full":
      return say(
        `The disk of ${who} has no room for the next write.`,
        `${who}的磁盘放不下下一次写入。`,
      );
    case "freed":
      return say(`The disk of ${who} has room again.`, `${who}的磁盘又有空间了。`);
    case "failed":
      return say(
        `${who} cannot keep what it is given, so it confirms nothing and ends.`,
        `${who}无法保存收到的内容，因此不确认任何东西并退出。`,
      );
  }
}

function memberSentence(
  event: Extract<
    Plain,
    {
      readonly type:
        | "started"
        | "crashed"
        | "paused"
        | "resumed"
        | "wiped"
        | "snapshotTaken"
        | "snapshotInstalled";
    }
  >,
): string {
  const who = memberName(event.member);
  switch (event.type) {
    case "started":
      return say(`${who} starts from what its disk holds.`, `${who}按磁盘上的内容启动。`);
    case "crashed":
      return say(
        `${who} stops; what was not on its disk is gone.`,
        `${who}停止运行；未写入磁盘的内容全部丢失。`,
      );
    case "paused":
      return say(`${who} is paused.`, `${who}被暂停。`);
    case "resumed":
      return say(`${who} goes on.`, `${who}恢复运行。`);
    case "wiped":
      return say(`The disk of ${who} is empty now.`, `${who}的磁盘已被清空。`);
    case "snapshotTaken":
      return say(
        `${who} has a snapshot of everything up to ${event.index}.`,
        `${who}对 ${event.index} 之前的全部内容做了快照。`,
      );
    case "snapshotInstalled":
      return say(
        `${who} installs a snapshot of everything up to ${event.index}.`,
        `${who}安装了截至 ${event.index} 的快照。`,
      );
  }
}
