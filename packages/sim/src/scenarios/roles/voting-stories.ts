import type { Scenario } from "../scenario.ts";
import {
  apart,
  ELECTION,
  named,
  nameOthers,
  QUIET,
  STORY_SETTINGS,
  say,
  write,
} from "../telling.ts";

export const STALE_CANDIDATE: Scenario = {
  id: "stale-candidate",
  group: "roles",
  world: "cores",
  title: say("A candidate with an old log", "日志过旧的候选人"),
  story: say(
    "One member was cut off while a write was committed. The leader dies, the cut-off member is back and campaigns at once. Voters compare logs, first the last term, then the last index: its log is older, so nobody who holds the write votes for it.",
    "某个成员在一次写入提交期间与大家断开。领导者宕机后，这个成员恢复连接并立即参选。投票者比较日志：先比最后的任期，再比最后的索引。它的日志较旧，持有该写入的成员都不会投票给它。",
  ),
  seed: 21,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} is cut off. The write city=rome is committed without it.",
        "成员 {b} 断开连接，写入 city=rome 在没有它的情况下提交。",
      ),
      actions: [nameOthers("a", "b"), apart(["b"]), write(1, "city", "rome")],
      until: { type: "value", who: [named("old"), named("a")], key: "city", value: "rome" },
    },
    {
      caption: say(
        "Member {old} dies, and member {b} is connected again.",
        "成员 {old} 宕机，成员 {b} 恢复连接。",
      ),
      actions: [{ type: "crash", member: named("old") }, { type: "mendAll" }],
      forMs: 30,
    },
    {
      caption: say(
        "Member {b} campaigns; member {a} finds its log older than its own and refuses.",
        "成员 {b} 参选；成员 {a} 发现对方的日志比自己的旧，予以拒绝。",
      ),
      actions: [
        { type: "forgetLeader", member: named("a") },
        { type: "campaign", member: named("b") },
      ],
      until: {
        type: "anyOf",
        conditions: [
          {
            type: "decided",
            decision: "voteRefused",
            member: named("a"),
            where: { reason: "logBehind" },
          },
          { type: "role", member: named("b"), role: "leader" },
        ],
      },
    },
    {
      caption: say(
        "Only member {a} can win: it holds what was committed.",
        "只有成员 {a} 能够当选：它持有已提交的内容。",
      ),
      until: { type: "leads", except: named("old") },
    },
  ],
  goal: {
    text: say(
      "The candidate without the write was refused, and the member that holds it leads.",
      "没有该写入的候选人被拒绝，持有它的成员成为领导者。",
    ),
    reached: (view) =>
      view.decisions("voteRefused").some(({ decision }) => {
        return decision.type === "voteRefused" && decision.reason === "logBehind";
      }) &&
      view.holds({ type: "leads", member: named("a") }) &&
      view.holds({ type: "value", who: named("a"), key: "city", value: "rome" }),
  },
  keyStep: 1,
  sabotage: [
    {
      broken: "voteWithoutLogCheck",
      text: say(
        "The member without the write wins, and the committed write is missing from the new leader's log.",
        "没有该写入的成员当选，新领导者的日志缺少已提交的写入。",
      ),
      turnsRed: ["leader completeness"],
    },
  ],
};

export const VOTE_ONCE: Scenario = {
  id: "vote-once",
  group: "roles",
  world: "cores",
  title: say("One vote per term", "每个任期只有一票"),
  story: say(
    "Members 1 and 2 campaign in the same term, and member 3 decides. It votes for member 1, and its vote is on its disk before the answer leaves. Then it crashes and starts again, and the request of member 2 arrives. It remembers its vote and refuses.",
    "成员 1 与 2 在同一任期参选，由成员 3 决定胜负。它投给了 1，选票在应答发出前已经落盘。随后它宕机重启，这时成员 2 的请求到达。它记得自己的选票，予以拒绝。",
  ),
  seed: 22,
  settings: { ...STORY_SETTINGS, core: { preVote: false } },
  steps: [
    QUIET,
    {
      caption: say(
        "Member 1 campaigns. Its requests are still on the way.",
        "成员 1 参选，它的请求还在路上。",
      ),
      actions: [
        { type: "hold", messages: { types: ["vote", "voteReply"] } },
        { type: "campaign", member: 1 },
      ],
      until: { type: "held", messages: { types: ["vote"] }, atLeast: 2 },
    },
    {
      caption: say(
        "The request of member 1 arrives. Member 3 votes for it; the answer leaves only when the vote is on the disk.",
        "成员 1 的请求到达，成员 3 投票给它；选票落盘后应答才发出。",
      ),
      actions: [{ type: "release", messages: { types: ["vote"], from: 1, to: 3 } }],
      until: { type: "held", messages: { types: ["voteReply"], from: 3, to: 1 } },
    },
    {
      caption: say(
        "Member 3 loses its power and starts again. Meanwhile member 2, which has heard of nothing, campaigns in the same term.",
        "成员 3 断电后重新启动。与此同时，对此一无所知的成员 2 在同一任期参选。",
      ),
      actions: [
        { type: "crash", member: 3, unsynced: "lost" },
        { type: "restart", member: 3 },
        { type: "campaign", member: 2 },
      ],
      until: { type: "held", messages: { types: ["vote"], from: 2, to: 3 } },
    },
    {
      caption: say(
        "The request of member 2 arrives at member 3, for the same term.",
        "成员 2 的请求到达成员 3，任期相同。",
      ),
      actions: [{ type: "release", messages: { types: ["vote"], from: 2, to: 3 } }],
      until: { type: "held", messages: { types: ["voteReply"], from: 3, to: 2 } },
    },
    {
      caption: say(
        "All answers arrive. The term has one leader at most.",
        "所有应答到达。这个任期最多只有一个领导者。",
      ),
      actions: [{ type: "holdNothing" }, { type: "release", messages: {} }],
      until: { type: "leads" },
    },
  ],
  goal: {
    text: say(
      "Member 3 gave one vote in the term, before and after its restart, and somebody leads.",
      "成员 3 在该任期只投出一票，重启前后一致，并且有成员当选。",
    ),
    reached: (view) => {
      const given = view.decisions("voteGranted").filter(({ member }) => member === 3);
      const refused = view.decisions("voteRefused").some(({ member, decision }) => {
        const isOther =
          decision.type === "voteRefused" &&
          decision.reason === "votedForOther" &&
          decision.candidate === 2;
        return member === 3 && isOther;
      });
      const terms = given.map(({ decision }) => decision.term);
      return refused && new Set(terms).size === terms.length && view.holds({ type: "leads" });
    },
  },
  keyStep: 2,
  sabotage: [
    {
      broken: "forgetVote",
      text: say(
        "Member 3 forgets its vote with the restart and gives a second one in the same term.",
        "成员 3 重启后忘记了自己的选票，在同一任期又投了一票。",
      ),
      turnsRed: ["one vote per term"],
    },
    {
      broken: "forgetVote",
      text: say(
        "With two votes of member 3, members 1 and 2 both lead the same term.",
        "凭借成员 3 的两张选票，成员 1 和 2 在同一任期都成了领导者。",
      ),
      showsHarm: true,
      turnsRed: ["election safety"],
    },
  ],
};
