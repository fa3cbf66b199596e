import type { Scenario, Step } from "../scenario.ts";
import { apart, ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";
import { learn } from "./learn.ts";

export const WIPED_MEMBER: Scenario = {
  id: "wiped-member",
  group: "membership",
  world: "cores",
  title: say("Back with an empty disk", "带着空磁盘回来"),
  story: say(
    "A write is on two of three disks, and one of the two is lost. Were that member let back under its old number, it would vote as if it had never held the write, and a leader without it could be elected. So it is not let back: it comes in again under a new number, as a learner, and is promoted when it holds everything.",
    "某次写入在三块磁盘中的两块上，其中一块丢失了。如果让那个成员以原编号回来，它会像从未持有过这次写入一样投票，没有该写入的成员就可能当选。因此不允许它这样回来：它以新编号作为学习者重新加入，拥有全部数据后才被提升。",
  ),
  seed: 77,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {a} is cut off. The write x=one is on the disks of {old} and {b}.",
        "成员 {a} 断开连接，写入 x=one 在 {old} 和 {b} 的磁盘上。",
      ),
      actions: [nameOthers("a", "b"), apart(["a"]), write(1, "x", "one")],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say(
        "Member {b} loses its disk and is started again. Its number is known and its disk is empty: it is not let in.",
        "成员 {b} 丢失磁盘后重新启动。它的编号已知而磁盘为空：不允许它加入。",
      ),
      actions: [
        { type: "wipe", member: named("b") },
        { type: "restart", member: named("b") },
      ],
      forMs: 30,
    },
    {
      caption: say(
        "Member {old} crashes, member {a} is connected again. Alone it elects nobody: one of three.",
        "成员 {old} 宕机，成员 {a} 恢复连接。它独自选不出领导者：三个中只有一个。",
      ),
      actions: [{ type: "crash", member: named("old") }, { type: "mendAll" }],
      forMs: 900,
    },
    {
      caption: say(
        "Member {old} is back. With {a} it is a majority, and the lost member is removed.",
        "成员 {old} 回来，与 {a} 构成多数派，丢失的成员被移除。",
      ),
      actions: [{ type: "restart", member: named("old") }],
      until: {
        type: "allOf",
        conditions: [{ type: "leads" }, { type: "caughtUp", who: "all" }],
      },
    },
    {
      caption: say("Member {b} is taken off the list.", "成员 {b} 从名单中移除。"),
      actions: [{ type: "changeMembership", steps: [{ action: "remove", member: named("b") }] }],
      until: { type: "membership", who: "all", voters: [named("old"), named("a")] },
    },
    learn(4),
    {
      caption: say(
        "The same machine, as member 4, is promoted.",
        "同一台机器以成员 4 的身份被提升。",
      ),
      actions: [{ type: "changeMembership", steps: [{ action: "voter", member: 4 }] }],
      until: {
        type: "membership",
        who: "all",
        voters: [named("old"), named("a"), 4],
        learners: [],
      },
    },
  ],
  goal: {
    text: say(
      "The wiped member never came back under its old number, and the write is on all three voters.",
      "被清空的成员从未以原编号回来，该写入在三个投票成员上。",
    ),
    reached: (view) =>
      view.member(named("b"))?.power === "down" &&
      view.member(named("b"))?.wasWiped === true &&
      view.holds({
        type: "value",
        who: [named("old"), named("a"), 4],
        key: "x",
        value: "one",
      }) &&
      view.holds({ type: "membership", who: "all", voters: [named("old"), named("a"), 4] }),
  },
  keyStep: 2,
  sabotage: [
    {
      broken: "trustWipedMember",
      text: say(
        "The leader counts on entries that the wiped member once acknowledged and no longer has.",
        "领导者仍指望被清空的成员曾经确认、如今已不存在的条目。",
      ),
      turnsRed: ["messages of honest members are sound"],
    },
    {
      broken: "trustWipedMember",
      showsHarm: true,
      text: say(
        "The wiped member votes for a candidate that lacks the write, and the write is lost.",
        "被清空的成员投票给没有该写入的候选人，写入丢失。",
      ),
      turnsRed: ["leader completeness"],
    },
  ],
};

/** One member in, one out, while a client writes. */
function replace(newcomer: number, leaving: string, client: number): readonly Step[] {
  return [
    learn(newcomer),
    {
      caption: say(
        `Member ${newcomer} takes the place of {${leaving}}, while a client writes.`,
        `成员 ${newcomer} 取代 {${leaving}}，同时有客户端写入。`,
      ),
      actions: [
        {
          type: "changeMembership",
          joint: true,
          steps: [
            { action: "voter", member: newcomer },
            { action: "remove", member: named(leaving) },
          ],
        },
        write(client, `k${client}`, `v${client}`),
      ],
      until: {
        type: "allOf",
        conditions: [
          { type: "client", client, belief: "answered" },
          { type: "leads" },
          { type: "value", who: newcomer, key: `k${client}`, value: `v${client}` },
        ],
      },
    },
    {
      caption: say(`Member {${leaving}} is switched off.`, `成员 {${leaving}} 关机。`),
      actions: [{ type: "crash", member: named(leaving) }],
      forMs: 400,
      until: { type: "leads" },
    },
  ];
}

export const REPLACE_ALL: Scenario = {
  id: "replace-all",
  group: "membership",
  world: "cores",
  title: say("Every member replaced", "逐个替换全部成员"),
  story: say(
    "A cluster moves to new machines without stopping: one after the other a newcomer learns, takes a voter's place in one joint change, and the old member is switched off; the leader comes last. Clients write all the time, and nothing is lost.",
    "集群在不停机的情况下迁移到新机器：新成员逐个学习，经一次联合变更取代一个投票成员，旧成员随后关机；领导者最后替换。客户端一直在写入，没有任何丢失。",
  ),
  seed: 78,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say("The cluster has data.", "集群已有数据。"),
      actions: [nameOthers("a", "b"), write(1, "k1", "v1")],
      until: { type: "client", client: 1, belief: "answered" },
    },
    ...replace(4, "a", 2),
    ...replace(5, "b", 3),
    ...replace(6, "old", 4),
    {
      caption: say("Only new machines are left.", "只剩下新机器。"),
      until: {
        type: "allOf",
        conditions: [
          { type: "membership", who: [4, 5, 6], voters: [4, 5, 6], isJoint: false },
          { type: "caughtUp", who: [4, 5, 6] },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "The cluster consists of the three newcomers, and every write is there.",
      "集群由三个新成员组成，每次写入都在。",
    ),
    reached: (view) =>
      view.holds({ type: "membership", who: [4, 5, 6], voters: [4, 5, 6], isJoint: false }) &&
      [1, 2, 3, 4].every((client) =>
        view.holds({ type: "value", who: [4, 5, 6], key: `k${client}`, value: `v${client}` }),
      ),
  },
  keyStep: 3,
};
