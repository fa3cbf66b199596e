import type { Scenario, StoryPromise } from "../scenario.ts";
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

/** The leader that everyone hears is not disturbed. */
const UNDISTURBED: StoryPromise = {
  checker: "stability",
  text: say("Member {old} still leads.", "成员 {old} 仍是领导者。"),
  holds: { type: "role", member: named("old"), role: "leader" },
};

export const PRE_VOTE: Scenario = {
  id: "pre-vote",
  group: "roles",
  world: "cores",
  title: say("Pre-vote", "预投票"),
  story: say(
    "A member is cut off and its election time-out passes again and again. With pre-vote it first asks whether it could win; nobody answers, so its term stays. When it is back, nothing happens: it just follows. Without pre-vote it would come back with a high term and depose a healthy leader.",
    "某个成员断开连接，选举超时一次又一次到来。有了预投票，它先询问自己能否获胜；无人应答，任期便不变。恢复连接后什么也不会发生：它直接成为跟随者。没有预投票，它会带着很高的任期回来，使健康的领导者下台。",
  ),
  seed: 26,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} is cut off. Its election time-out passes again and again.",
        "成员 {b} 断开连接，选举超时一次又一次到来。",
      ),
      actions: [nameOthers("a", "b"), apart(["b"])],
      forMs: 2_000,
      promises: UNDISTURBED,
    },
    {
      caption: say(
        "It is back. Member {old} goes on leading, in the same term.",
        "它恢复了连接。成员 {old} 在同一任期继续领导。",
      ),
      actions: [{ type: "mendAll" }],
      forMs: 1_000,
      until: { type: "follows", who: "all", leader: named("old") },
    },
  ],
  goal: {
    text: say(
      "The member asked several times whether it could win, and on its return the leader and the term are the same.",
      "该成员多次询问能否获胜；它回来后，领导者和任期都没有变。",
    ),
    reached: (view) => {
      const b = view.member(named("b"));
      const asked = view.decisions("becamePreCandidate").filter(({ member }) => member === b?.id);
      const elected = view.elections.at(-1);
      return (
        asked.length >= 3 &&
        elected?.member === view.member(named("old"))?.id &&
        b?.status?.term === elected?.term &&
        view.holds({ type: "follows", who: "all", leader: named("old") })
      );
    },
  },
  keyStep: 1,
  sabotage: [
    {
      broken: "noPreVote",
      text: say(
        "The member comes back with a high term, and the healthy leader has to step down.",
        "该成员带着很高的任期回来，健康的领导者不得不退位。",
      ),
      turnsRed: ["stability"],
    },
  ],
};

export const LEADER_STICKINESS: Scenario = {
  id: "leader-stickiness",
  group: "roles",
  world: "cores",
  title: say("Loyal to a live leader", "忠于在任领导者"),
  story: say(
    "Somebody asks for votes although the leader is alive. Whoever heard from the leader within the last election time-out does not even answer. The one who asked hears the leader's next heartbeat and follows again.",
    "领导者还在，却有成员请求投票。凡是在一个选举超时之内听到过领导者的成员，连应答都不会给。请求者收到领导者的下一次心跳后重新跟随。",
  ),
  seed: 27,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say("Everybody follows member {old}.", "所有成员跟随成员 {old}。"),
      actions: [nameOthers("a", "b")],
      until: { type: "follows", who: "all", leader: named("old") },
      promises: UNDISTURBED,
    },
    {
      caption: say(
        "Member {b} is told to campaign. Member {a} heard from the leader a moment ago and ignores the request.",
        "成员 {b} 被要求参选。成员 {a} 刚刚听到过领导者，不理会请求。",
      ),
      actions: [{ type: "campaign", member: named("b") }],
      until: { type: "decided", decision: "voteIgnored", member: named("a") },
    },
    {
      caption: say(
        "The next heartbeat comes, and member {b} follows again.",
        "下一次心跳到来，成员 {b} 重新跟随。",
      ),
      forMs: 600,
      until: { type: "follows", who: "all", leader: named("old") },
    },
  ],
  goal: {
    text: say(
      "The request for votes was ignored, and the same leader leads in the same term.",
      "投票请求被忽略，同一个领导者在同一任期继续领导。",
    ),
    reached: (view) =>
      view.decisions("voteIgnored").length > 0 &&
      view.elections.length === 1 &&
      view.holds({ type: "follows", who: "all", leader: named("old") }),
  },
  keyStep: 2,
};

export const CHECK_QUORUM: Scenario = {
  id: "check-quorum",
  group: "roles",
  world: "cores",
  title: say("A leader without a majority", "失去多数派的领导者"),
  story: say(
    "A leader is cut off from everybody. It notices that within an election time-out no majority answered it, and steps down by itself, so that its clients do not wait at a leader that can do nothing. The others have elected a new one by then, or soon will.",
    "领导者与所有成员断开。它发现在一个选举超时之内没有得到多数派的应答，于是主动退位，以免客户端在一个无能为力的领导者那里空等。其他成员此时已经或即将选出新的领导者。",
  ),
  seed: 28,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say("Member {old} is cut off from everybody.", "成员 {old} 与所有成员断开。"),
      actions: [nameOthers("a", "b", "c", "d"), apart(["old"])],
      forMs: 700,
      until: { type: "leads", except: named("old") },
    },
    {
      caption: say(
        "By now member {old} must have noticed and given up leadership, though nobody could tell it.",
        "此时成员 {old} 应当已经察觉并放弃领导权，尽管没有谁能通知它。",
      ),
      forMs: 300,
      promises: {
        checker: "no leader without a majority",
        text: say(
          "Member {old} does not take itself for the leader.",
          "成员 {old} 不再自认为是领导者。",
        ),
        holds: {
          type: "not",
          condition: { type: "role", member: named("old"), role: "leader" },
        },
      },
    },
  ],
  goal: {
    text: say(
      "The cut-off leader stepped down because it heard no majority, within two election time-outs.",
      "被断开的领导者因听不到多数派，在两个选举超时之内退位。",
    ),
    reached: (view) => {
      const old = view.member(named("old"))?.id;
      const lost = view.decisions("quorumLost").find(({ member }) => member === old);
      const cut = view.events.find((event) => event.type === "linkChanged");
      return (
        lost !== undefined &&
        cut !== undefined &&
        lost.atMs - cut.atMs < 2 * 10 * 2 * 15 &&
        view.holds({ type: "leads", except: named("old") })
      );
    },
  },
  keyStep: 1,
  sabotage: [
    {
      broken: "noCheckQuorum",
      text: say(
        "The cut-off member goes on taking itself for the leader, and whoever asks it waits in vain.",
        "被断开的成员仍自认为是领导者，向它请求的客户端只能空等。",
      ),
      turnsRed: ["no leader without a majority"],
    },
  ],
};

export const TRANSFER: Scenario = {
  id: "transfer",
  group: "roles",
  world: "cores",
  title: say("Handing over", "移交领导权"),
  story: say(
    "A leader is asked to hand over to another member. It takes no new proposals, brings the target up to date and tells it to campaign at once. No write is lost: a client that asks meanwhile is answered by the new leader. A second handover, to a member that cannot be reached, is given up after an election time-out.",
    "领导者应要求把领导权移交给另一个成员。它暂停接受新提案，让目标追上日志，再让它立即参选。写入不会丢失：期间提出请求的客户端由新领导者答复。第二次移交的目标无法联系，在一个选举超时后放弃。",
  ),
  seed: 29,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {old} hands over to member {a}, while a client writes.",
        "成员 {old} 把领导权移交给成员 {a}，同时有客户端写入。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "transfer", to: named("a") },
        write(1, "city", "oslo", named("old")),
      ],
      until: {
        type: "allOf",
        conditions: [
          { type: "leads", member: named("a") },
          { type: "client", client: 1, belief: "answered" },
        ],
      },
    },
    {
      caption: say(
        "Now member {b} is cut off, and member {a} shall hand over to it. After an election time-out it gives up and takes proposals again.",
        "现在成员 {b} 断开，成员 {a} 要移交给它。一个选举超时后它放弃移交，重新接受提案。",
      ),
      actions: [apart(["b"]), { type: "transfer", to: named("b") }],
      until: {
        type: "decided",
        decision: "transferAborted",
        member: named("a"),
        where: { reason: "timedOut" },
      },
    },
    {
      caption: say("Member {a} leads and answers.", "成员 {a} 仍在领导并应答。"),
      actions: [read(2, "city", named("a"))],
      until: { type: "client", client: 2, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "The target leads in the next term, the write is there, and the impossible handover was given up.",
      "目标在下一任期成为领导者，写入仍在，不可能的移交被放弃。",
    ),
    reached: (view) =>
      view.decisions("timeoutNowSent").length > 0 &&
      view.decisions("transferAborted").length > 0 &&
      view.client(2)?.answer === "oslo" &&
      view.holds({ type: "leads", member: named("a") }),
  },
  keyStep: 1,
};
