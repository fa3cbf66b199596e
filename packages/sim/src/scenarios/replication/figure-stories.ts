import type { Scenario } from "../scenario.ts";
import { QUIET, STORY_SETTINGS, say, write } from "../telling.ts";

/** The paper's figure 7: a leader's log and six followers that differ from it in every way there is. */
const FIGURE_7_LOGS: readonly (readonly number[])[] = [
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
  [1, 1, 1, 4, 4, 5, 5, 6, 6],
  [1, 1, 1, 4],
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  [1, 1, 1, 4, 4, 4, 4],
  [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
];

export const FIGURE_7: Scenario = {
  id: "figure-7",
  group: "replication",
  world: "cores",
  title: say("Figure 7: logs that differ", "图 7：不一致的日志"),
  story: say(
    "A new leader, member 1, and six followers whose logs differ from its own in every possible way: entries missing, extra uncommitted entries, or both. For each follower the leader finds the last entry on which they agree, jumping over whole terms at a time, and replaces the rest. Its own log is never touched.",
    "新领导者成员 1 与六个跟随者的日志以各种方式不一致：缺少条目、多出未提交的条目，或两者兼有。对每个跟随者，领导者整段任期地跳跃，找到双方一致的最后一个条目，并取代其后的内容。它自己的日志从不改动。",
  ),
  seed: 61,
  settings: {
    ...STORY_SETTINGS,
    members: 7,
    core: { preVote: false },
    preparedLogs: FIGURE_7_LOGS,
  },
  steps: [
    QUIET,
    {
      caption: say(
        "Members 2 to 7 are the followers (a) to (f) of the figure. Member 1 campaigns for term 8 and wins: the logs of a majority are no newer than its own.",
        "成员 2 至 7 是图中的跟随者 (a) 到 (f)。成员 1 竞选第 8 任期并获胜：多数成员的日志不比它新。",
      ),
      actions: [
        // It knows of term 7, as the leader of the figure does.
        { type: "campaign", member: 1 },
        { type: "campaign", member: 1 },
      ],
      until: { type: "leads", member: 1 },
    },
    {
      caption: say(
        "It finds the common beginning with each follower and replaces what follows there.",
        "它找到与每个跟随者的共同开头，并取代其后的内容。",
      ),
      until: { type: "caughtUp", who: [1, 2, 3, 4, 5, 6, 7] },
    },
  ],
  goal: {
    text: say(
      "All logs equal the leader's, and no follower needed more refusals than it has terms to skip.",
      "所有日志与领导者一致，且每个跟随者被拒绝的次数不超过需要跳过的任期数。",
    ),
    reached: (view) => {
      const refusals = new Map<number, number>();
      for (const { member } of view.decisions("appendRefused")) {
        refusals.set(member, (refusals.get(member) ?? 0) + 1);
      }
      const leader = view.member(1);
      const terms = (id: number): string =>
        (view.member(id)?.entries ?? []).map(({ term }) => term).join(" ");
      return (
        leader?.status?.role === "leader" &&
        refusals.size >= 4 &&
        [...refusals.values()].every((count) => count <= 4) &&
        [2, 3, 4, 5, 6, 7].every((id) => terms(id) === terms(1)) &&
        terms(1).includes("1 1 1 4 4 5 5 6 6 6 8")
      );
    },
  },
  keyStep: 1,
};

export const FIGURE_8: Scenario = {
  id: "figure-8",
  group: "replication",
  world: "cores",
  title: say("Figure 8: an old entry on a majority", "图 8：多数成员上的旧条目"),
  story: say(
    "An entry of an earlier term sits on a majority, and still it may be replaced: a member with a newer last term can win an election without it. So a leader never commits entries of earlier terms by counting copies; they are committed together with an entry of its own term.",
    "早先任期的条目已经在多数成员上，却仍可能被取代：最后任期更新的成员没有它也能当选。因此领导者从不靠计数提交早先任期的条目，它们随自己任期的条目一起提交。",
  ),
  seed: 62,
  settings: {
    ...STORY_SETTINGS,
    members: 5,
    // Nobody campaigns by itself here, and an append holds one entry, as in the figure.
    core: {
      preVote: false,
      checkQuorum: false,
      electionTicks: 120,
      appendBytesMax: 1,
      inflightMessagesMax: 1,
    },
  },
  steps: [
    QUIET,
    {
      caption: say("Member 1 leads.", "成员 1 是领导者。"),
      actions: [{ type: "campaign", member: 1 }],
      until: {
        type: "allOf",
        conditions: [
          { type: "leads", member: 1 },
          { type: "caughtUp", who: "all" },
        ],
      },
    },
    {
      caption: say(
        "It takes color=red. Only member 2 gets it (figure part a).",
        "它接受 color=red，只有成员 2 收到（图中 a）。",
      ),
      actions: [
        {
          type: "partition",
          groups: [
            [1, 2],
            [3, 4, 5],
          ],
        },
        write(1, "color", "red", 1, false),
      ],
      until: { type: "logged", who: [1, 2], value: "red" },
    },
    {
      caption: say(
        "Member 1 crashes. Member 5 is elected in the next term by 3 and 4, and takes color=blue, which reaches nobody (b).",
        "成员 1 宕机。成员 5 在下一任期由 3 和 4 选出，接受 color=blue，但谁也没有收到（b）。",
      ),
      actions: [
        { type: "crash", member: 1, unsynced: "kept" },
        { type: "hold", messages: { types: ["append"], from: 5 } },
        { type: "campaign", member: 5 },
      ],
      until: { type: "role", member: 5, role: "leader" },
    },
    {
      caption: say("Member 5 holds color=blue alone.", "只有成员 5 持有 color=blue。"),
      actions: [write(2, "color", "blue", 5, false)],
      until: { type: "logged", who: 5, value: "blue" },
    },
    {
      caption: say(
        "Member 5 crashes. Member 1 is back, is elected in a still newer term by 2 and 3, and goes on sending color=red, now to member 3 (c).",
        "成员 5 宕机。成员 1 回来，在更新的任期由 2 和 3 选出，继续把 color=red 发送给成员 3（c）。",
      ),
      actions: [
        { type: "crash", member: 5, unsynced: "kept" },
        { type: "dropHeld", messages: {} },
        { type: "holdNothing" },
        { type: "restart", member: 1 },
        { type: "partition", groups: [[1, 2, 3], [4], [5]] },
      ],
      forMs: 20,
    },
    {
      caption: say(
        "Two campaigns take it past the term of member 5.",
        "两次参选使它越过成员 5 的任期。",
      ),
      actions: [
        { type: "campaign", member: 1 },
        { type: "campaign", member: 1 },
      ],
      until: { type: "decided", decision: "appendAccepted", member: 3, where: { added: 1 } },
    },
    {
      caption: say(
        "Now color=red is on members 1, 2 and 3: a majority. The leader counts the copies and still withholds: the entry is not of its term.",
        "color=red 在成员 1、2、3 上：已是多数。领导者数出副本却仍不提交，因为该条目不属于它的任期。",
      ),
      actions: [{ type: "cut", from: 1, to: 3 }],
      forMs: 40,
      until: { type: "decided", decision: "commitWithheld", member: 1 },
    },
    {
      caption: say(
        "Member 1 crashes, member 5 is back. Its last term is newer than that of 3 and 4: they elect it (d).",
        "成员 1 宕机，成员 5 回来。它的最后任期比 3 和 4 的新：它们选它为领导者（d）。",
      ),
      actions: [
        { type: "crash", member: 1, unsynced: "kept" },
        { type: "restart", member: 5 },
        { type: "mendAll" },
      ],
      forMs: 20,
    },
    {
      caption: say(
        "It is elected, and replaces color=red, which three members hold, by color=blue.",
        "它当选后，用 color=blue 取代了三个成员持有的 color=red。",
      ),
      actions: [
        { type: "campaign", member: 5 },
        { type: "campaign", member: 5 },
      ],
      until: {
        type: "allOf",
        conditions: [
          { type: "leads", member: 5 },
          { type: "value", who: "all", key: "color", value: "blue" },
        ],
      },
    },
    {
      caption: say(
        "Member 1 returns. Nothing that was committed is lost, because red never was.",
        "成员 1 回来。已提交的内容没有丢失，因为 red 从未提交。",
      ),
      actions: [{ type: "restart", member: 1 }],
      until: { type: "caughtUp", who: [1, 2, 3, 4, 5] },
    },
  ],
  goal: {
    text: say(
      "The leader withheld an entry that a majority held, and it was replaced without harm.",
      "领导者没有提交多数成员持有的旧条目，它后来被取代而无害处。",
    ),
    reached: (view) =>
      view.decisions("commitWithheld").some(({ member }) => member === 1) &&
      [1, 2, 3, 4, 5].every((id) => view.timesApplied(id, "red") === 0) &&
      view.holds({ type: "value", who: [1, 2, 3, 4, 5], key: "color", value: "blue" }),
  },
  keyStep: 4,
  sabotage: [
    {
      broken: "countOldTerms",
      text: say(
        "The leader commits the old entry by counting its copies.",
        "领导者靠数副本提交了旧条目。",
      ),
      turnsRed: ["only entries of the own term are committed by counting"],
    },
    {
      broken: "countOldTerms",
      text: say(
        "A member without the entry is elected all the same, and what was committed is lost.",
        "没有该条目的成员照样当选，已提交的内容丢失。",
      ),
      showsHarm: true,
      turnsRed: ["leader completeness"],
    },
  ],
};
