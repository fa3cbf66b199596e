import type { BothLanguages, Scenario, Violation } from "@quorate/sim";

/** The names of checkers in Chinese; in English a checker's name says itself what must hold. */
const CHECKERS: Readonly<Record<string, string>> = {
  "acknowledged is equal to the leader's log": "应答过的内容与领导者的日志一致",
  "answers fit their questions": "答复与请求相符",
  "applied is durable": "应用过的内容已经落盘",
  "applied within commit": "应用不超过提交",
  "commit never goes back": "提交位置不后退",
  "commit within the log": "提交不超过日志",
  "committed entries are durable on a quorum": "已提交的条目在多数派上落盘",
  "committed entries stay": "已提交的条目永远保留",
  "consecutive memberships share a member in every quorum": "相邻成员配置的多数派有交集",
  convergence: "最终一致",
  "durable before promised": "先落盘，后承诺",
  "election safety": "选举安全",
  "entries applied in order": "按顺序应用条目",
  "equal memberships": "成员配置一致",
  "errors have a code": "错误都有代码",
  "exactly once": "恰好一次",
  "leader append-only": "领导者只追加",
  "leader completeness": "领导者完备",
  "leaders have a quorum of durable votes": "领导者拥有多数派已落盘的选票",
  linearizability: "可线性化",
  liveness: "活性",
  "log matching": "日志匹配",
  "members without their data elect nobody": "丢失数据的成员不参与选举",
  "messages of honest members are sound": "正常成员的消息都合理",
  "newer terms are entered": "进入更新的任期",
  "no answers without a majority": "没有多数派就没有答复",
  "no gaps": "日志没有空洞",
  "no leader without a majority": "没有多数派就没有领导者",
  "nodes come to rest": "节点会静止下来",
  "one change of membership at a time": "一次只变更一次成员",
  "one vote per term": "每任期一票",
  "only committed entries are applied": "只应用已提交的条目",
  "only entries of the own term are committed by counting": "只有本任期的条目靠计数提交",
  "only leaders decide what is committed": "只有领导者决定提交",
  "reads see what was committed before": "读取能看到此前的提交",
  "snapshots hold only what is committed": "快照只包含已提交的内容",
  stability: "稳定",
  "state machine safety": "状态机安全",
  "terms never go back": "任期不后退",
  "two majorities": "两个多数派",
  "what was durable is there after a restart": "落盘的内容重启后仍在",
};

type Told = (...parts: string[]) => string;

/** What checkers say, by its form. What is not here is shown as it was said. */
const MESSAGES: readonly (readonly [RegExp, Told])[] = [
  [
    /^member (\d+) leads term (\d+) without the entry committed at (\d+)$/,
    (member, term, index) => `成员 ${member} 领导任期 ${term}，却没有在 ${index} 处已提交的条目`,
  ],
  [
    /^member (\d+) voted for (\d+) and for (\d+) in term (\d+)$/,
    (member, one, other, term) =>
      `成员 ${member} 在任期 ${term} 中既投给成员 ${one}，又投给成员 ${other}`,
  ],
  [
    /^members (\d+) and (\d+) both lead term (\d+)$/,
    (one, other, term) => `成员 ${one} 和成员 ${other} 同时领导任期 ${term}`,
  ],
  [
    /^member (\d+) commits (\d+) of term (\d+) in term (\d+)$/,
    (member, index, term, now) =>
      `成员 ${member} 在任期 ${now} 中靠计数提交了任期 ${term} 的条目 ${index}`,
  ],
  [
    /^member (\d+) grants (\d+) term (\d+), its disk says term (\d+), vote (\d+)$/,
    (member, to, term, old, vote) =>
      `成员 ${member} 在任期 ${term} 投票给成员 ${to}，而它的磁盘上是任期 ${old}、投票 ${vote === "0" ? "无" : vote}`,
  ],
  [
    /^leader (\d+) logs a change at (\d+) while the one at (\d+) is not applied; it has applied (\d+)$/,
    (leader, index, before, applied) =>
      `领导者 ${leader} 在 ${index} 处记录成员变更，而 ${before} 处的变更还没有应用；它只应用到 ${applied}`,
  ],
  [
    /^member (\d+) refuses (\{.*\})$/,
    (member, message) => `成员 ${member} 拒绝了一条消息：${message}`,
  ],
  [
    /^member (\d+) may read at (\d+), but (\d+) was committed when it asked$/,
    (member, at, committed) =>
      `成员 ${member} 被允许在 ${at} 处读取，而它请求时 ${committed} 已经提交`,
  ],
  [
    /^not linearizable \(register\) at (.+): no order fits after (\d+) operations((?:\n.*)*)$/,
    (key, count, history = "") =>
      `键 ${key} 不可线性化：${count} 个操作之后就找不到合适的顺序${history.replaceAll("client", "客户端")}`,
  ],
];

/** What a checker watches, in words. */
export function checkerWord(checker: string, language: keyof BothLanguages): string {
  return language === "zh" ? (CHECKERS[checker] ?? checker) : checker;
}

/** What a checker found. `scenario` is the story that is told: its own promises have texts in both languages. */
export function violationWord(
  { checker, message }: Violation,
  language: keyof BothLanguages,
  scenario?: Scenario | undefined,
): string {
  if (language === "en") return message;
  for (const [form, told] of MESSAGES) {
    const parts = form.exec(message);
    if (parts !== null) return told(...parts.slice(1));
  }
  return promiseWord(checker, message, scenario) ?? message;
}

/** The numbers that the English text has in the places of the members' names belong into the Chinese one. */
function promiseWord(
  checker: string,
  message: string,
  scenario: Scenario | undefined,
): string | undefined {
  const all = [
    scenario?.steps ?? [],
    ...(scenario?.sabotage ?? []).map(({ steps }) => steps ?? []),
  ];
  for (const { promises } of all.flat()) {
    if (promises?.checker !== checker) continue;
    const names = [...promises.text.en.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
    const form = promises.text.en
      .split(/\{\w+\}/)
      .map(escaped)
      .join("(\\d+)");
    const numbers = new RegExp(`^${form}$`).exec(message);
    if (numbers === null) continue;
    return promises.text.zh.replace(/\{(\w+)\}/g, (whole, name: string) => {
      return numbers[names.indexOf(name) + 1] ?? whole;
    });
  }
  return undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
