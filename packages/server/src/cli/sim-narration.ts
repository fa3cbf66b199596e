import { explainDecision } from "@quorate/explain";
import type { ClusterEvent } from "@quorate/sim";

export type SimLanguage = "en" | "zh";

/**
 * Turns what happens into lines for people. What happens all the time is not told, nor what a member repeats at its
 * start from its own log, nor again and again that somebody cannot be reached.
 */
export class Narrator {
  readonly #language: SimLanguage;
  readonly #startedAtMs: Map<number, number> = new Map();
  readonly #told: Set<string> = new Set();

  constructor(language: SimLanguage) {
    this.#language = language;
  }

  /** A step begins: what was told once may be told once more. */
  begin(): void {
    this.#told.clear();
  }

  /** Undefined when there is nothing to tell. */
  tell(event: ClusterEvent): string | undefined {
    const language = this.#language;
    switch (event.type) {
      case "decision":
        return this.#decisionLine(event);
      case "client":
        return clientLine(event, language);
      case "started":
        this.#startedAtMs.set(event.member, event.atMs);
        return event.atMs === 0 ? undefined : memberLine("started", event.member, language);
      case "crashed":
      case "paused":
      case "resumed":
      case "wiped":
        return memberLine(event.type, event.member, language);
      case "snapshotTaken":
      case "snapshotInstalled":
        return snapshotLine(event, language);
      case "linkChanged":
      case "disk":
      case "sent":
      case "delivered":
      case "lost":
      case "durable":
      case "applied":
      case "violation":
        return undefined;
    }
  }

  #decisionLine({ decision, member, atMs }: Of<"decision">): string | undefined {
    const isStart = this.#startedAtMs.get(member) === atMs;
    if (isStart && (decision.type === "created" || decision.type === "membershipSwitched")) {
      return undefined;
    }
    if (decision.type === "memberUnreachable") {
      const key = `${member} cannot reach ${decision.member}`;
      if (this.#told.has(key)) return undefined;
      this.#told.add(key);
    }
    const told = explainDecision(decision, { language: this.#language });
    return told.importance === "routine" ? undefined : told.sentence;
  }
}

type Of<T extends ClusterEvent["type"]> = Extract<ClusterEvent, { readonly type: T }>;

function clientLine({ client, phase, member, text }: Of<"client">, language: SimLanguage): string {
  const at = member === 0 ? "" : language === "en" ? ` at member ${member}` : `（成员 ${member}）`;
  const words = PHASES[phase][language];
  return language === "en"
    ? `Client ${client} ${words}${at}: ${text}.`
    : `客户端 ${client} ${words}${at}：${text}。`;
}

const PHASES: Readonly<Record<Of<"client">["phase"], Readonly<Record<SimLanguage, string>>>> = {
  asks: { en: "asks", zh: "请求" },
  repeats: { en: "asks again", zh: "再次请求" },
  answered: { en: "is answered", zh: "得到答复" },
  answerLost: { en: "misses the answer, which is lost", zh: "没有收到丢失的答复" },
  refused: { en: "is refused, nothing was applied", zh: "被拒绝，什么也没有应用" },
  gaveUp: { en: "gives up, the outcome is unknown", zh: "放弃等待，结果未知" },
};

type MemberEvent = "started" | "crashed" | "paused" | "resumed" | "wiped";

const MEMBER_WORDS: Readonly<Record<MemberEvent, Readonly<Record<SimLanguage, string>>>> = {
  started: { en: "starts from what its disk holds", zh: "按磁盘上的内容启动" },
  crashed: { en: "crashes", zh: "宕机" },
  paused: { en: "is paused", zh: "被暂停" },
  resumed: { en: "goes on", zh: "继续运行" },
  wiped: { en: "loses its disk", zh: "丢失磁盘" },
};

function memberLine(type: MemberEvent, member: number, language: SimLanguage): string {
  const words = MEMBER_WORDS[type][language];
  return language === "en" ? `Member ${member} ${words}.` : `成员 ${member} ${words}。`;
}

function snapshotLine(
  { type, member, index }: Of<"snapshotTaken" | "snapshotInstalled">,
  language: SimLanguage,
): string {
  const takes = type === "snapshotTaken";
  if (language === "en") {
    return `Member ${member} ${takes ? "takes" : "installs"} a snapshot of everything up to ${index}.`;
  }
  return `成员 ${member} ${takes ? "制作" : "装入"}截至索引 ${index} 的快照。`;
}
