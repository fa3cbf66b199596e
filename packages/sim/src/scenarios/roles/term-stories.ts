import type { Scenario } from "../scenario.ts";
import {
  apart,
  ELECTION,
  named,
  nameOthers,
  STORY_SETTINGS,
  say,
  slowLinks,
  write,
} from "../telling.ts";

export const HIGHER_TERM: Scenario = {
  id: "higher-term",
  group: "roles",
  world: "cores",
  title: say("A higher term wins", "更高的任期优先"),
  story: say(
    "A member was alone for a while and, without pre-vote, started one term after the other. When it is back, its high term is news for everybody: whoever hears of a higher term enters it and follows, even a leader. The next leader leads a term above it.",
    "某个成员孤立了一段时间；没有预投票，它不断开启新的任期。恢复连接后，它的高任期对所有成员都是新消息：凡听到更高任期者都进入该任期并成为跟随者，领导者也不例外。下一个领导者的任期比它更高。",
  ),
  seed: 23,
  settings: { ...STORY_SETTINGS, core: { preVote: false, checkQuorum: false } },
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} hears nobody. Its term grows with every attempt to be elected.",
        "成员 {b} 听不到任何成员，每次参选都使它的任期增长。",
      ),
      actions: [nameOthers("a", "b"), apart(["b"])],
      until: { type: "decided", decision: "becameCandidate", member: named("b"), atLeast: 3 },
    },
    {
      caption: say(
        "The links are mended. Member {old} hears the higher term and steps down.",
        "链路恢复。成员 {old} 听到更高的任期，退位。",
      ),
      actions: [{ type: "mendAll" }],
      until: { type: "decided", decision: "higherTermSeen", member: named("old") },
    },
    {
      caption: say("A leader of a still higher term is elected.", "更高任期的领导者当选。"),
      until: {
        type: "allOf",
        conditions: [{ type: "leads" }, { type: "follows", who: "all" }],
      },
    },
  ],
  goal: {
    text: say(
      "The leader of the lower term entered the higher one, and all members are in the same term.",
      "低任期的领导者进入了更高的任期，所有成员处于同一任期。",
    ),
    reached: (view) => {
      const first = view.elections[0];
      const adopted = view
        .decisions("higherTermSeen")
        .some(
          ({ member, decision }) =>
            decision.type === "higherTermSeen" &&
            member === first?.member &&
            decision.term === first.term &&
            decision.messageTerm > first.term + 1,
        );
      return adopted && view.holds({ type: "follows", who: "all" });
    },
  },
  keyStep: 1,
};

export const RETURNING_LEADER: Scenario = {
  id: "returning-leader",
  group: "roles",
  world: "cores",
  title: say("The old leader comes back", "旧领导者归来"),
  story: say(
    "A leader is cut off and still takes a write that reaches nobody. The others elect a new leader and commit another write. When the old leader is back it hears the newer term, becomes a follower, and its uncommitted tail is replaced by what the group committed.",
    "领导者与大家断开后仍接受了一次写入，但谁也没有收到。其他成员选出新领导者并提交了另一次写入。旧领导者回来后得知更新的任期，成为跟随者，它未提交的尾部被集群已提交的内容取代。",
  ),
  seed: 24,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {old} is cut off. A client sets color=red there; nobody else hears of it.",
        "成员 {old} 与其他成员断开。客户端在那里设置 color=red，其他成员都不知道。",
      ),
      actions: [
        nameOthers("a", "b"),
        apart(["old"]),
        write(1, "color", "red", named("old"), false),
      ],
      until: {
        type: "allOf",
        conditions: [
          { type: "logged", who: named("old"), value: "red" },
          {
            type: "anyOf",
            conditions: [
              { type: "leads", member: named("a") },
              { type: "leads", member: named("b") },
            ],
          },
        ],
      },
    },
    {
      caption: say(
        "The others have a leader of a newer term, and color=blue is committed there.",
        "其他成员有了更新任期的领导者，color=blue 在那里提交。",
      ),
      actions: [
        { type: "name", member: "leader", name: "new" },
        write(2, "color", "blue", named("new")),
      ],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "Member {old} is back. Its entry is replaced; it follows.",
        "成员 {old} 回来了，它的条目被取代，它成为跟随者。",
      ),
      actions: [{ type: "mendAll" }],
      until: {
        type: "allOf",
        conditions: [
          { type: "follows", who: "all" },
          { type: "value", who: "all", key: "color", value: "blue" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "The old leader follows, and its uncommitted entry is gone everywhere.",
      "旧领导者成为跟随者，它未提交的条目在各处都已消失。",
    ),
    reached: (view) =>
      view.holds({ type: "role", member: named("old"), role: "follower" }) &&
      view
        .decisions("conflictFound")
        .some(({ member }) => member === view.member(named("old"))?.id) &&
      !view.holds({ type: "logged", who: named("old"), value: "red" }) &&
      view.holds({ type: "value", who: [1, 2, 3], key: "color", value: "blue" }),
  },
  keyStep: 1,
};

export const TIMING_RULE: Scenario = {
  id: "timing-rule",
  group: "roles",
  world: "cores",
  title: say("The timing rule", "时间规则"),
  story: say(
    "Raft needs messages to be much faster than the election time-out, and the time-out much shorter than the time between failures. Here every message takes longer than the time-out: before the votes are back, the candidate has given up and begun anew. A real member measures its round trips and its disk at start and warns when a setting breaks the rule.",
    "Raft 要求消息往返远快于选举超时，而选举超时又远短于故障间隔。这里每条消息都比选举超时更慢：选票还没回来，候选人已经放弃并重新开始。真实成员会在启动时测量往返时间和磁盘时间，如果设置违反规则就发出警告。",
  ),
  seed: 25,
  settings: { ...STORY_SETTINGS, core: { preVote: false } },
  steps: [
    ELECTION,
    {
      caption: say(
        "All links become slower than the election time-out, and the leader, member {old}, crashes.",
        "所有链路变得比选举超时还慢，而领导者成员 {old} 宕机。",
      ),
      actions: [
        nameOthers("a", "b"),
        ...slowLinks(3, 400),
        { type: "crash", member: named("old") },
      ],
      forMs: 500,
    },
    {
      caption: say(
        "Members {a} and {b} campaign again and again. The answers always come too late.",
        "成员 {a} 和 {b} 反复参选，应答总是来得太晚。",
      ),
      forMs: 2_500,
    },
    {
      caption: say(
        "The links are fast again. The next election succeeds.",
        "链路恢复速度，下一次选举成功。",
      ),
      actions: slowLinks(3, 0),
      until: { type: "leads" },
    },
  ],
  goal: {
    text: say(
      "Many campaigns failed while messages were slow, and one succeeded when they were fast again.",
      "消息慢时多次参选失败，恢复速度后有一次成功。",
    ),
    reached: (view) => {
      const [first, second] = view.decisions("becameLeader");
      if (first === undefined || second === undefined) return false;
      const failed = view
        .decisions("becameCandidate")
        .filter(({ atMs }) => atMs > first.atMs && atMs < second.atMs);
      return failed.length >= 6 && view.holds({ type: "leads", except: named("old") });
    },
  },
  keyStep: 1,
};
