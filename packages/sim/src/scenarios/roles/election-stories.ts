import type { Scenario } from "../scenario.ts";
import {
  ELECTION,
  named,
  nameOthers,
  QUIET,
  read,
  STORY_SETTINGS,
  say,
  write,
} from "../telling.ts";

export const COLD_START: Scenario = {
  id: "roles-cold-start",
  group: "roles",
  world: "cores",
  title: say("Cold start", "冷启动"),
  story: say(
    "Three members are switched on. All start as followers and wait. Each has drawn its own election time-out; the first to pass campaigns, gets the votes of a majority and leads. Its first act is an empty entry of its own term, which tells everybody what is committed.",
    "三个成员同时启动，起初都是跟随者，都在等待。每个成员各自抽取一个选举超时时间；最先超时的成员参选，得到多数票后成为领导者。它做的第一件事是写入一条属于自己任期的空条目，让大家知道哪些内容已经提交。",
  ),
  seed: 11,
  settings: STORY_SETTINGS,
  steps: [
    {
      caption: say("Three members, all switched off.", "三个成员，全部关机。"),
      actions: [{ type: "crashAll" }],
      forMs: 50,
    },
    {
      caption: say(
        "They are switched on. Nobody leads; everyone waits for a heartbeat that does not come.",
        "成员启动。没有领导者，大家等待着不会到来的心跳。",
      ),
      actions: [{ type: "restartAll" }],
      until: { type: "leads" },
    },
    {
      caption: say(
        "Member {old} leads. The others follow it, and its empty entry is committed everywhere.",
        "成员 {old} 成为领导者，其余成员跟随它，它的空条目在各处提交。",
      ),
      actions: [nameOthers("a", "b")],
      until: {
        type: "allOf",
        conditions: [
          { type: "follows", who: "all" },
          { type: "caughtUp", who: "all" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "Exactly one member leads, the others follow it, and its first entry is applied by everyone.",
      "恰有一个领导者，其余成员跟随它，它的第一条条目已被所有成员应用。",
    ),
    reached: (view) => {
      const terms = view.elections.map(({ term }) => term);
      return (
        view.members.length === 3 &&
        view.members.every(({ power }) => power === "up") &&
        new Set(terms).size === terms.length &&
        view.holds({ type: "follows", who: "all" }) &&
        view.holds({ type: "caughtUp", who: [1, 2, 3] })
      );
    },
  },
  keyStep: 1,
};

export const LEADER_TIMEOUT: Scenario = {
  id: "leader-timeout",
  group: "roles",
  world: "cores",
  title: say("The leader falls silent", "领导者失联"),
  story: say(
    "A leader has committed a write and dies. Its heartbeats stop. A follower's election time-out passes; it first asks whether it could win, then campaigns in a higher term and leads. Its log holds everything that was committed.",
    "领导者提交了一次写入后宕机，心跳随之停止。某个跟随者选举超时，先询问自己能否获胜，再在更高的任期参选并当选。它的日志包含所有已提交的内容。",
  ),
  seed: 12,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets name=chen. Member {old} commits it.",
        "客户端设置 name=chen，成员 {old} 将其提交。",
      ),
      actions: [nameOthers("a", "b"), write(1, "name", "chen")],
      until: { type: "value", who: "all", key: "name", value: "chen" },
    },
    {
      caption: say(
        "Member {old} crashes. No heartbeat comes any more.",
        "成员 {old} 宕机，心跳停止。",
      ),
      actions: [{ type: "crash", member: named("old") }],
      until: { type: "leads", except: named("old") },
    },
    {
      caption: say(
        "There is a new leader. A client reads the name from it.",
        "新的领导者产生，客户端向它读取 name。",
      ),
      actions: [read(2, "name")],
      until: { type: "client", client: 2, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "Another member leads in a higher term, and the committed write is still there.",
      "另一个成员在更高的任期领导，已提交的写入仍然存在。",
    ),
    reached: (view) => {
      const terms = view.elections.map(({ term }) => term);
      return (
        view.holds({ type: "leads", except: named("old") }) &&
        (terms.at(-1) ?? 0) > (terms[0] ?? 0) &&
        view.client(2)?.answer === "chen"
      );
    },
  },
  keyStep: 2,
};

export const SPLIT_VOTE: Scenario = {
  id: "split-vote",
  group: "roles",
  world: "cores",
  title: say("Split vote", "选票瓜分"),
  story: say(
    "Two of four members campaign in the same term, and each is heard by one voter only. Two votes each: three are needed, so the term ends without a leader. Each draws a new time-out; the luckier one asks first in the next term and wins.",
    "四个成员中有两个在同一任期参选，各自只被一个投票者听到。双方各得两票，而当选需要三票，于是这个任期没有领导者。双方重新抽取超时时间，先超时的成员在下一个任期率先参选并获胜。",
  ),
  seed: 13,
  settings: { ...STORY_SETTINGS, members: 4, core: { preVote: false } },
  steps: [
    QUIET,
    {
      caption: say(
        "Members 1 and 2 campaign at the same moment. Member 3 hears only 1, member 4 hears only 2.",
        "成员 1 与 2 同时参选。成员 3 只听得到 1，成员 4 只听得到 2。",
      ),
      actions: [
        { type: "cut", from: 1, to: 4 },
        { type: "cut", from: 2, to: 3 },
        { type: "campaign", member: 1 },
        { type: "campaign", member: 2 },
      ],
      until: {
        type: "allOf",
        conditions: [
          {
            type: "decided",
            decision: "voteCounted",
            member: 1,
            where: { granted: true, from: 3 },
          },
          {
            type: "decided",
            decision: "voteCounted",
            member: 2,
            where: { granted: true, from: 4 },
          },
        ],
      },
    },
    {
      caption: say(
        "Two votes each, and three are needed. The links are mended, but this term has no leader any more.",
        "双方各得两票，而当选需要三票。链路恢复了，但这个任期不会再有领导者。",
      ),
      actions: [{ type: "mendAll" }],
      until: { type: "leads" },
    },
    {
      caption: say(
        "Somebody's new time-out passed first: a later term has a leader, and everyone follows it.",
        "有成员的新超时先到：后面的任期产生了领导者，所有成员跟随它。",
      ),
      until: { type: "follows", who: "all" },
    },
  ],
  goal: {
    text: say(
      "A term with two candidates ended without a leader, and a later term has one.",
      "有两个候选人的任期没有产生领导者，而后面的任期产生了。",
    ),
    reached: (view) => {
      const candidates = view.decisions("becameCandidate");
      const tied = candidates.find(({ member, decision }) =>
        candidates.some(
          (other) => other.member !== member && other.decision.term === decision.term,
        ),
      )?.decision.term;
      return (
        tied !== undefined &&
        view.elections.every(({ term }) => term !== tied) &&
        view.holds({ type: "follows", who: "all" })
      );
    },
  },
  keyStep: 1,
};

export const CANDIDATE_STEPS_DOWN: Scenario = {
  id: "candidate-steps-down",
  group: "roles",
  world: "cores",
  title: say("A candidate hears the leader", "候选人听到领导者"),
  story: say(
    "Two members campaign in the same term. One gets the votes first. The other is still a candidate when the first message of the new leader arrives: the term has a leader, so it becomes a follower.",
    "两个成员在同一任期参选，其中一个先得到选票。另一个还是候选人时收到了新领导者的第一条消息：这个任期已有领导者，于是它成为跟随者。",
  ),
  seed: 14,
  settings: { ...STORY_SETTINGS, core: { preVote: false } },
  steps: [
    QUIET,
    {
      caption: say(
        "Members 1 and 2 both campaign. The requests of member 2 are slow.",
        "成员 1 与 2 都参选，成员 2 的请求迟迟未到。",
      ),
      actions: [
        { type: "hold", messages: { types: ["vote"], from: 2 } },
        { type: "campaign", member: 1 },
        { type: "campaign", member: 2 },
      ],
      until: { type: "leads", member: 1 },
    },
    {
      caption: say(
        "Member 1 has the votes and leads. Member 2 hears it and follows.",
        "成员 1 得到选票成为领导者，成员 2 听到后转为跟随者。",
      ),
      actions: [{ type: "holdNothing" }, { type: "release", messages: {} }],
      until: { type: "follows", who: "all", leader: 1 },
    },
  ],
  goal: {
    text: say(
      "The candidate of the term follows the leader of the same term.",
      "该任期的候选人转而跟随同一任期的领导者。",
    ),
    reached: (view) =>
      view
        .decisions("becameFollower")
        .some(
          ({ member, decision }) =>
            decision.type === "becameFollower" &&
            member === 2 &&
            decision.previous === "candidate" &&
            decision.leader === 1,
        ) && view.holds({ type: "follows", who: "all", leader: 1 }),
  },
  keyStep: 1,
};
