import type { Scenario } from "../scenario.ts";
import { apart, ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";

export const SPLIT_BRAIN: Scenario = {
  id: "split-brain",
  group: "partitions",
  world: "cores",
  title: say("Split brain", "脑裂"),
  story: say(
    "The network splits five members in two: the old leader with one companion, and three others who elect a leader of their own. A client writes on each side. A write counts only once a majority, three of the five, has it on disk. The old leader reaches two, so it may not say “done”: if it did, both sides would accept different values under one name. The other side has three and accepts its write. When the network heals, the old leader learns of the newer term, throws its entry away, and there is one history.",
    "网络把五个成员分成两边：旧领导者带着一个同伴，另外三个选出自己的领导者。两边各有一个客户端写入。一次写入只有在多数派（五个中的三个）都存到磁盘之后才算数。旧领导者只能凑到两份，因此不能说“完成”：否则两边就会在同一个名字下接受不同的值。另一边有三份，写入被接受。网络恢复后，旧领导者得知更新的任期，丢弃自己的条目，历史只剩一个。",
  ),
  seed: 31,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say(
        "The network splits: {old} and {a} on one side, {b}, {c} and {d} on the other. A client asks the old leader {old} to set name=chen. It writes that into its log and sends it to everybody, but only {a} can hear it.",
        "网络分裂：{old} 和 {a} 在一边，{b}、{c}、{d} 在另一边。客户端请旧领导者 {old} 设置 name=chen。它把写入记进日志并发给所有成员，但只有 {a} 听得到。",
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
        "Two copies of five are no majority, so the write must wait: {old} cannot know what the others do meanwhile. They miss their leader, and three of five are enough to elect a new one, in a higher term.",
        "五份中的两份不是多数，写入只能等待：{old} 无从知道其他成员在做什么。它们发现领导者失联，而五个中的三个足以在更高的任期选出新的领导者。",
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
        "Another client sets name=tttt at the new leader {new}. Three copies of five are a majority: the write is committed, and the client hears “done”.",
        "另一个客户端在新领导者 {new} 处设置 name=tttt。五份中的三份是多数：写入已提交，客户端得到“完成”。",
      ),
      actions: [
        { type: "name", member: "leader", name: "new" },
        write(2, "name", "tttt", named("new")),
      ],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "The first client is still not told “done”, because its write never got a third copy. In the end it hears that the outcome is unknown: it must not count on name=chen. The old leader notices that it hears no majority, and steps down.",
        "第一个客户端始终得不到“完成”，因为它的写入没有第三份副本。最后它被告知结果未知：不能指望 name=chen 生效。旧领导者发现自己听不到多数派，于是退位。",
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
        "The network heals. {old} hears of the newer term and follows its leader. Its own entry name=chen was never committed, so it is replaced: the write is refused for good, and name=tttt is the one history.",
        "网络恢复。{old} 得知更新的任期并跟随其领导者。它自己的条目 name=chen 从未提交，因此被替换：这次写入最终被拒绝，name=tttt 成为唯一的历史。",
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
