import type { Scenario } from "../scenario.ts";
import { ELECTION, named, nameOthers, read, STORY_SETTINGS, say, write } from "../telling.ts";
import { learn } from "./learn.ts";

export const UNSAFE_NAIVE_CHANGE: Scenario = {
  id: "unsafe-naive-change",
  group: "membership",
  world: "cores",
  title: say("From three to five at once", "一步从三个变成五个"),
  story: say(
    "Two members are added to three. Members switch at different moments: were the change made at once, two of the old three and three of the new five could each be a majority, and both would commit. With the joint state both the old and the new majority are needed, so the two sides of a partition cannot both go on.",
    "给三个成员的集群加入两个成员。各成员切换的时刻不同：如果一步完成，旧的三个中的两个与新的五个中的三个可以各自成为多数派，各自提交。有了联合阶段，新旧两个多数派都需要，分区的两边不可能同时前进。",
  ),
  seed: 74,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} does not hear the leader. Member {old} adds 4 and 5, and is the first to know that the change is committed.",
        "成员 {b} 听不到领导者。成员 {old} 加入 4 和 5，并最先得知变更已提交。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "cut", from: named("old"), to: named("b") },
        {
          type: "changeMembership",
          joint: true,
          steps: [
            { action: "voter", member: 4 },
            { action: "voter", member: 5 },
          ],
        },
      ],
      until: {
        type: "membership",
        who: named("old"),
        voters: [named("old"), named("a"), named("b"), 4, 5],
      },
    },
    {
      caption: say(
        "In this moment the network splits: {a} and {b} here, {old}, 4 and 5 there. A client writes at {old}.",
        "就在此刻网络分裂：{a} 和 {b} 在一边，{old}、4、5 在另一边。客户端在 {old} 处写入。",
      ),
      actions: [
        {
          type: "partition",
          groups: [
            [named("a"), named("b")],
            [named("old"), 4, 5],
          ],
        },
        write(1, "x", "there", named("old"), false),
      ],
      forMs: 900,
    },
    {
      caption: say(
        "A client writes on the other side, too. Neither side can commit alone.",
        "另一边也有客户端写入。任何一边都不能独自提交。",
      ),
      actions: [write(2, "x", "here", named("a"), false)],
      forMs: 500,
      promises: {
        checker: "two majorities",
        text: say("The two sides do not both commit.", "两边不会都提交。"),
        holds: {
          type: "not",
          condition: {
            type: "allOf",
            conditions: [
              { type: "client", client: 1, belief: "answered" },
              { type: "client", client: 2, belief: "answered" },
            ],
          },
        },
      },
    },
    {
      caption: say("The network heals, and the change is completed.", "网络恢复，变更完成。"),
      actions: [{ type: "mendAll" }],
      until: {
        type: "allOf",
        conditions: [
          { type: "membership", who: "all", voters: [1, 2, 3, 4, 5], isJoint: false },
          { type: "caughtUp", who: "all" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "Five voters, by way of a joint state, and one history.",
      "经过联合阶段得到五个投票成员，只有一个历史。",
    ),
    reached: (view) =>
      view
        .decisions("membershipSwitched")
        .some(
          ({ decision }) =>
            decision.type === "membershipSwitched" && decision.membership.outgoing.length === 3,
        ) &&
      view.holds({ type: "membership", who: [1, 2, 3, 4, 5], voters: [1, 2, 3, 4, 5] }) &&
      view.holds({ type: "caughtUp", who: [1, 2, 3, 4, 5] }),
  },
  keyStep: 1,
  sabotage: [
    {
      broken: "oneStepMembership",
      text: say(
        "The leader logs the second change before the first is in force.",
        "第一个变更尚未生效，领导者就写入了第二个。",
      ),
      turnsRed: ["one change of membership at a time"],
    },
    {
      broken: "oneStepMembership",
      showsHarm: true,
      text: say(
        "Both sides have a majority of the membership they know: a leader is elected that lacks what the other side committed.",
        "两边都有各自所知成员关系的多数派：当选的领导者缺少另一边已提交的内容。",
      ),
      turnsRed: ["leader completeness", "committed entries stay"],
    },
  ],
};

export const JOINT_CONSENSUS: Scenario = {
  id: "joint-consensus",
  group: "membership",
  world: "cores",
  title: say("Joint consensus", "联合共识"),
  story: say(
    "Two of three members, the leader among them, are replaced in one change. In between both the old and the new majority must agree to everything. When the joint state ends the leader belongs to neither half any more, and steps down.",
    "一次变更替换三个成员中的两个，其中包括领导者。过渡期间，任何决定都需要新旧两个多数派同意。联合阶段结束后，领导者不再属于集群，于是退位。",
  ),
  seed: 75,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say("The cluster has data.", "集群已有数据。"),
      actions: [nameOthers("a", "b"), write(1, "name", "chen")],
      until: { type: "client", client: 1, belief: "answered" },
    },
    learn(4),
    learn(5),
    {
      caption: say(
        "One change: 4 and 5 in, {old} and {a} out. Until it is left, the joint state needs two of {old}, {a}, {b} and two of {b}, 4, 5.",
        "一次变更：4 和 5 加入，{old} 和 {a} 退出。联合阶段期间，需要 {old}、{a}、{b} 中的两个以及 {b}、4、5 中的两个。",
      ),
      actions: [
        {
          type: "changeMembership",
          joint: true,
          steps: [
            { action: "voter", member: 4 },
            { action: "voter", member: 5 },
            { action: "remove", member: named("old") },
            { action: "remove", member: named("a") },
          ],
        },
      ],
      until: {
        type: "allOf",
        conditions: [
          { type: "membership", who: named("b"), voters: [named("b"), 4, 5], isJoint: false },
          { type: "leads", except: named("old") },
        ],
      },
    },
    {
      caption: say("The new members serve.", "新成员提供服务。"),
      actions: [read(2, "name")],
      until: { type: "client", client: 2, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "The joint state was in force, the removed leader stepped down, and the new members hold the data.",
      "联合阶段曾经生效，被移除的领导者退位，新成员拥有数据。",
    ),
    reached: (view) =>
      view
        .decisions("membershipSwitched")
        .some(
          ({ decision }) =>
            decision.type === "membershipSwitched" && decision.membership.outgoing.length > 0,
        ) &&
      view.decisions("removedLeaderSteppedDown").length > 0 &&
      view.client(2)?.answer === "chen" &&
      view.holds({ type: "leads", except: named("old") }),
  },
  keyStep: 4,
};

export const REMOVE_LEADER: Scenario = {
  id: "remove-leader",
  group: "membership",
  world: "cores",
  title: say("The leader removes itself", "领导者移除自己"),
  story: say(
    "The leader proposes that it be removed. It manages the change to the end without counting its own vote, and steps down when the change is committed. The others elect a new leader.",
    "领导者提议移除自己。它主持变更直到完成，期间不计自己的一票；变更提交后它退位，其他成员选出新领导者。",
  ),
  seed: 76,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say("Member {old} leads, and removes itself.", "成员 {old} 是领导者，它移除自己。"),
      actions: [
        nameOthers("a", "b"),
        { type: "changeMembership", steps: [{ action: "remove", member: named("old") }] },
      ],
      until: { type: "decided", decision: "removedLeaderSteppedDown", member: named("old") },
    },
    {
      caption: say("The other two elect one of them.", "另外两个成员选出其中一个。"),
      until: {
        type: "allOf",
        conditions: [
          { type: "leads", except: named("old") },
          {
            type: "membership",
            who: [named("a"), named("b")],
            voters: [named("a"), named("b")],
          },
        ],
      },
    },
    {
      caption: say("A client writes.", "客户端写入。"),
      actions: [write(1, "x", "one")],
      until: { type: "value", who: [named("a"), named("b")], key: "x", value: "one" },
    },
  ],
  goal: {
    text: say(
      "The former leader is no member any more, and the others serve.",
      "原领导者不再是成员，其他成员继续服务。",
    ),
    reached: (view) =>
      view.decisions("removedLeaderSteppedDown").length === 1 &&
      view.holds({ type: "value", who: [named("a"), named("b")], key: "x", value: "one" }) &&
      view.holds({
        type: "membership",
        who: [named("a"), named("b")],
        voters: [named("a"), named("b")],
      }),
  },
  keyStep: 1,
};
