import type { Scenario, Step } from "../scenario.ts";
import {
  apart,
  ELECTION,
  named,
  nameOthers,
  read,
  STORY_SETTINGS,
  say,
  write,
} from "../telling.ts";

/** The new group grows again, one member at a time. */
function grow(member: number): readonly Step[] {
  return [
    {
      caption: say(
        `Member ${member}, empty, joins as a learner and catches up.`,
        `空白的成员 ${member} 作为学习者加入并追上。`,
      ),
      actions: [{ type: "changeMembership", steps: [{ action: "learner", member }] }],
      until: { type: "caughtUp", who: member },
    },
    {
      caption: say(`Member ${member} is promoted.`, `成员 ${member} 被提升。`),
      actions: [{ type: "changeMembership", steps: [{ action: "voter", member }] }],
      until: {
        type: "allOf",
        conditions: [
          { type: "leads", member: named("saved") },
          { type: "caughtUp", who: "all" },
        ],
      },
    },
  ];
}

export const QUORUM_LOST: Scenario = {
  id: "quorum-lost-forever",
  group: "partitions",
  world: "cores",
  title: say("A quorum lost for good", "永久失去多数派"),
  story: say(
    "The disks of three of five members are destroyed. The two that are left can never form a majority: nothing goes on by itself, and rightly so, since they cannot know what the three had decided. An operator has to say so: the survivor with the newest log becomes a new group of one, and grows again. What only the lost three held is lost, and nobody of the old group may come back into the new one. A real member asks for a confirmation and gives the new cluster a new identity.",
    "五个成员中三个的磁盘损毁。剩下的两个永远无法构成多数派：一切不会自行恢复，这是对的，因为它们无从得知那三个做过什么决定。必须由操作者明确决定：日志最新的幸存者成为只有一个成员的新集群，再逐步扩大。只存在于那三个成员上的内容就此丢失，旧集群的成员也不得回到新集群。真实成员会要求确认，并为新集群赋予新的身份。",
  ),
  seed: 36,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=kept; everybody has it.",
        "客户端设置 x=kept，所有成员都持有。",
      ),
      actions: [nameOthers("a", "b", "c", "d"), write(1, "x", "kept")],
      until: { type: "value", who: "all", key: "x", value: "kept" },
    },
    {
      caption: say(
        "Members {a} and {b} are cut off. The write y=lost is committed by the other three.",
        "成员 {a} 和 {b} 断开连接，另外三个提交了写入 y=lost。",
      ),
      actions: [apart(["old", "c", "d"]), write(2, "y", "lost", named("old"))],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "The disks of {old}, {c} and {d} are destroyed.",
        "{old}、{c}、{d} 的磁盘损毁。",
      ),
      actions: [
        { type: "wipe", member: named("old") },
        { type: "wipe", member: named("c") },
        { type: "wipe", member: named("d") },
      ],
      forMs: 40,
    },
    {
      caption: say(
        "{a} and {b} hear each other: two of five elect nobody.",
        "{a} 和 {b} 彼此相通：五个中的两个选不出领导者。",
      ),
      actions: [{ type: "mendAll" }],
      forMs: 1_200,
      promises: {
        checker: "no leader without a majority",
        text: say("Two of five elect nobody.", "五个中的两个选不出领导者。"),
        holds: {
          type: "anyOf",
          conditions: [
            { type: "not", condition: { type: "leads" } },
            { type: "leads", member: named("saved") },
          ],
        },
      },
    },
    {
      caption: say(
        "The operator stops both and gives up on the others: the survivor with the newest log begins a new group.",
        "操作者停下两者并放弃其他成员：日志最新的幸存者开始新的集群。",
      ),
      actions: [
        { type: "crash", member: named("a") },
        { type: "crash", member: named("b") },
        { type: "recoverQuorum", survivors: [named("a"), named("b")], name: "saved" },
        { type: "restart", member: named("saved") },
      ],
      until: { type: "leads", member: named("saved") },
    },
    ...grow(6),
    ...grow(7),
    {
      caption: say(
        "The old members are started. None of them is let into the new group.",
        "启动旧成员，它们都不被允许进入新集群。",
      ),
      actions: [{ type: "restartAll" }, read(3, "x")],
      until: { type: "client", client: 3, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "A group of three has x, has honestly lost y, and none of the old group but the saved one.",
      "三个成员的新集群拥有 x，如实地失去了 y，旧集群中只有被救的成员在内。",
    ),
    reached: (view) => {
      const saved = view.member(named("saved"));
      return (
        saved !== undefined &&
        view.holds({ type: "membership", who: "all", voters: [saved.id, 6, 7] }) &&
        view.members.filter(({ power }) => power === "up").length === 3 &&
        view.client(3)?.answer === "kept" &&
        saved.value("y") === null
      );
    },
  },
  keyStep: 5,
};
