import type { Scenario } from "../scenario.ts";
import { apart, ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";

export const CRASH_AFTER_REPLICATE_SOME: Scenario = {
  id: "crash-after-replicate-some",
  group: "replication",
  world: "cores",
  title: say("Some have it", "部分成员持有"),
  story: say(
    "A leader dies when only one of four followers has its entry. Both fates are possible. First the member with the entry campaigns: it wins over those without, and the entry stays. Then the same happens again, but the one with the copy is away: the others elect a leader without it, and the entry is replaced. Either way all members end up the same.",
    "领导者宕机时，四个跟随者中只有一个持有它的条目。两种结局都有可能。第一次，持有条目的成员参选：它胜过没有条目的成员，条目得以保留。第二次情形相同，但持有副本的成员不在：其他成员选出没有它的领导者，条目被取代。无论如何，所有成员最终一致。",
  ),
  seed: 56,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=kept at member {old}; only member {a} gets it.",
        "客户端在成员 {old} 处设置 x=kept，只有成员 {a} 收到。",
      ),
      actions: [
        nameOthers("a", "b", "c", "d"),
        apart(["old", "a"], ["b", "c", "d"]),
        write(1, "x", "kept", named("old"), false),
      ],
      until: { type: "logged", who: [named("old"), named("a")], value: "kept" },
    },
    {
      caption: say(
        "Member {old} crashes, and the others hear each other again.",
        "成员 {old} 宕机，其余成员重新互通。",
      ),
      actions: [{ type: "crash", member: named("old") }, { type: "mendAll" }],
      forMs: 30,
    },
    {
      caption: say(
        "Member {a} campaigns: its log is the newest, everybody may vote for it.",
        "成员 {a} 参选：它的日志最新，所有成员都可以投票给它。",
      ),
      actions: [
        ...["a", "b", "c", "d"].map((name) => ({
          type: "forgetLeader" as const,
          member: named(name),
        })),
        { type: "campaign", member: named("a") },
      ],
      until: {
        type: "allOf",
        conditions: [
          { type: "leads", member: named("a") },
          { type: "value", who: "all", key: "x", value: "kept" },
        ],
      },
    },
    {
      caption: say(
        "The entry is committed. Now member {a} takes y=gone, which only member {b} gets.",
        "条目已提交。现在成员 {a} 接受 y=gone，只有成员 {b} 收到。",
      ),
      actions: [
        { type: "restart", member: named("old") },
        apart(["a", "b"], ["c", "d", "old"]),
        write(2, "y", "gone", named("a"), false),
      ],
      until: { type: "logged", who: [named("a"), named("b")], value: "gone" },
    },
    {
      caption: say("Both crash.", "两者都宕机。"),
      actions: [
        { type: "crash", member: named("a") },
        { type: "crash", member: named("b") },
      ],
      forMs: 30,
    },
    {
      caption: say(
        "The other three elect a leader without the entry.",
        "另外三个成员选出没有该条目的领导者。",
      ),
      actions: [{ type: "mendAll" }],
      until: { type: "leads" },
    },
    {
      caption: say(
        "Members {a} and {b} are back. Their entry is replaced.",
        "成员 {a} 和 {b} 回来，它们的条目被取代。",
      ),
      actions: [{ type: "restartAll" }],
      until: { type: "caughtUp", who: [1, 2, 3, 4, 5] },
    },
  ],
  goal: {
    text: say(
      "The first entry is on all members, the second on none.",
      "第一个条目在所有成员上，第二个不在任何成员上。",
    ),
    reached: (view) =>
      view.holds({ type: "value", who: [1, 2, 3, 4, 5], key: "x", value: "kept" }) &&
      view.holds({ type: "caughtUp", who: [1, 2, 3, 4, 5] }) &&
      view.decisions("conflictFound").length > 0 &&
      [1, 2, 3, 4, 5].every(
        (id) =>
          view.timesApplied(id, "gone") === 0 &&
          !view.holds({ type: "logged", who: id, value: "gone" }),
      ),
  },
  keyStep: 2,
};
