import type { Scenario } from "../scenario.ts";
import { apart, ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";

export const SPLIT_BRAIN: Scenario = {
  id: "split-brain",
  group: "partitions",
  world: "cores",
  title: say("Split brain", "脑裂"),
  story: say(
    "Five members are split: the old leader keeps one companion, the other three elect a leader of their own. Clients write on both sides. The old leader needs three copies and has two, so it can never commit; the other side commits. When the network heals there is one history, and the old leader follows it.",
    "五个成员被网络分成两半：旧领导者只剩一个同伴，另外三个成员选出自己的领导者。客户端在两边都写入。旧领导者需要三份副本而只有两份，永远无法提交；另一边则可以提交。网络恢复后只有一个历史，旧领导者跟随它。",
  ),
  seed: 31,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say(
        "The network splits: {old} and {a} on one side, {b}, {c} and {d} on the other. A client sets name=chen at the old leader.",
        "网络分裂：{old} 和 {a} 在一边，{b}、{c}、{d} 在另一边。客户端在旧领导者处设置 name=chen。",
      ),
      actions: [
        nameOthers("a", "b", "c", "d"),
        apart(["old", "a"], ["b", "c", "d"]),
        write(1, "name", "chen", named("old"), false),
      ],
      until: { type: "logged", who: [named("old"), named("a")], value: "chen" },
    },
    {
      caption: say(
        "Two copies of five are no majority: the write waits. The other three elect a leader.",
        "五份中的两份不是多数，写入只能等待。另外三个成员选出领导者。",
      ),
      until: {
        type: "anyOf",
        conditions: ["b", "c", "d"].map((name) => ({
          type: "leads" as const,
          member: named(name),
        })),
      },
    },
    {
      caption: say(
        "A client sets name=tttt on the side of the majority. Three copies: committed.",
        "客户端在多数派一边设置 name=tttt。三份副本：已提交。",
      ),
      actions: [
        { type: "name", member: "leader", name: "new" },
        write(2, "name", "tttt", named("new")),
      ],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "The first client hears nothing from its leader and is told that the outcome is unknown. The old leader has noticed that it has no majority and stepped down.",
        "第一个客户端得不到领导者的答复，被告知结果未知。旧领导者发现自己没有多数派，已经退位。",
      ),
      until: {
        type: "allOf",
        conditions: [
          { type: "client", client: 1, belief: "unknown" },
          { type: "not", condition: { type: "role", member: named("old"), role: "leader" } },
        ],
      },
    },
    {
      caption: say(
        "The network heals. The old leader hears the newer term, drops its uncommitted entry and follows.",
        "网络恢复。旧领导者得知更新的任期，丢弃未提交的条目并跟随。",
      ),
      actions: [{ type: "mendAll" }],
      until: {
        type: "allOf",
        conditions: [
          { type: "follows", who: "all" },
          { type: "value", who: "all", key: "name", value: "tttt" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "Only the majority's write was committed; every member holds it, and nobody holds the other.",
      "只有多数派一边的写入被提交；每个成员都持有它，没有成员持有另一个。",
    ),
    reached: (view) =>
      view.holds({ type: "follows", who: "all" }) &&
      view.holds({ type: "value", who: [1, 2, 3, 4, 5], key: "name", value: "tttt" }) &&
      view.elections.length > 1 &&
      view.client(1)?.belief !== "answered" &&
      view.client(2)?.belief === "answered" &&
      [1, 2, 3, 4, 5].every((id) => view.timesApplied(id, "chen") === 0),
  },
  keyStep: 1,
};
