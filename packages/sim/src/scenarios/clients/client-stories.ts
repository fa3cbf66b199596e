import type { Scenario } from "../scenario.ts";
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

export const REDIRECT: Scenario = {
  id: "redirect",
  group: "clients",
  world: "cores",
  title: say("Asking the wrong member", "问错了成员"),
  story: say(
    "A client asks whoever it happens to know. A follower cannot write; it says who leads, and the client asks there. A read it can serve itself: it gets a read index from the leader, waits until it has applied that far, and answers.",
    "客户端向它碰巧认识的成员请求。跟随者不能写入，它告知谁是领导者，客户端转而请求领导者。读取它可以自己提供：向领导者取得读索引，等自己应用到那里，然后答复。",
  ),
  seed: 81,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sends x=one to member {a}, which follows {old}. It is told who leads, and asks there.",
        "客户端把 x=one 发给跟随 {old} 的成员 {a}。它被告知谁是领导者，于是转去请求。",
      ),
      actions: [nameOthers("a", "b"), write(1, "x", "one", named("a"))],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say("Another client reads x at member {b}.", "另一个客户端在成员 {b} 处读取 x。"),
      actions: [read(2, "x", named("b"))],
      until: { type: "client", client: 2, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "The write was refused by the follower and done by the leader; the read was answered by a follower.",
      "写入被跟随者拒绝、由领导者完成；读取由跟随者答复。",
    ),
    reached: (view) => {
      const b = view.member(named("b"))?.id;
      const served = view.events.some(
        (event) =>
          event.type === "client" &&
          event.client === 2 &&
          event.phase === "answered" &&
          event.member === b,
      );
      return (
        view.decisions("proposalRefused").length > 0 &&
        (view.client(1)?.attempts ?? 0) > 1 &&
        served &&
        view.client(2)?.answer === "one"
      );
    },
  },
  keyStep: 1,
};

export const READ_INDEX: Scenario = {
  id: "read-index",
  group: "clients",
  world: "cores",
  title: say("Reading without writing", "不写日志的读取"),
  story: say(
    "A linearizable read needs no log entry. The leader notes its commit index and sends one round of heartbeats. When a majority has answered, nobody else can have led in the meantime, and whoever asked may answer as soon as it has applied up to that index.",
    "线性一致的读取不需要日志条目。领导者记下提交索引，发出一轮心跳。多数成员应答后，就可以确定期间没有别的领导者，请求者应用到该索引后即可答复。",
  ),
  seed: 82,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say("A client sets name=chen.", "客户端设置 name=chen。"),
      actions: [nameOthers("a", "b"), write(1, "name", "chen")],
      until: { type: "value", who: "all", key: "name", value: "chen" },
    },
    {
      caption: say(
        "One client reads at the leader, one at member {b}. A round of heartbeats confirms both.",
        "一个客户端在领导者处读取，另一个在成员 {b} 处读取。一轮心跳确认两者。",
      ),
      actions: [read(2, "name", named("old")), read(3, "name", named("b"))],
      until: {
        type: "allOf",
        conditions: [
          { type: "client", client: 2, belief: "answered" },
          { type: "client", client: 3, belief: "answered" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "Both reads gave the value, confirmed by a majority, and no entry was written for them.",
      "两次读取都得到该值，经多数派确认，且没有为此写入任何条目。",
    ),
    reached: (view) =>
      view.client(2)?.answer === "chen" &&
      view.client(3)?.answer === "chen" &&
      view
        .decisions("readConfirmed")
        .some(({ decision }) => decision.type === "readConfirmed" && decision.by === "quorum") &&
      view.decisions("entriesProposed").length === 1,
  },
  keyStep: 2,
};

export const LEASE_READ: Scenario = {
  id: "lease-read",
  group: "clients",
  world: "cores",
  title: say("Reading under a lease", "租约读取"),
  story: say(
    "A leader whose heartbeats a majority has just answered knows that nobody else can be elected for a while: it may answer reads at once, with no round trip. The lease ends with a handover. It rests on clocks that run at about the same speed, so a real member steps down when its own clock stalls.",
    "刚刚得到多数派心跳应答的领导者知道，一段时间内不可能有别的成员当选：它可以立即答复读取，无需往返。移交领导权时租约终止。租约依赖各时钟快慢相近，所以真实成员在自己的时钟停顿时会退位。",
  ),
  seed: 83,
  settings: { ...STORY_SETTINGS, core: { readMode: "lease", checkQuorum: true } },
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets name=chen; heartbeats go round.",
        "客户端设置 name=chen，心跳往返进行。",
      ),
      actions: [nameOthers("a", "b"), write(1, "name", "chen")],
      forMs: 100,
      until: { type: "value", who: "all", key: "name", value: "chen" },
    },
    {
      caption: say(
        "A client reads at member {old}: answered in the same moment.",
        "客户端在成员 {old} 处读取：即刻答复。",
      ),
      actions: [read(2, "name", named("old"))],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "Member {old} hands over to {a}. Its lease is over.",
        "成员 {old} 把领导权移交给 {a}，它的租约终止。",
      ),
      actions: [{ type: "transfer", to: named("a") }],
      until: { type: "leads", member: named("a") },
    },
    {
      caption: say(
        "The next read at {old} goes to the new leader.",
        "之后在 {old} 处的读取要询问新领导者。",
      ),
      actions: [read(3, "name", named("old"))],
      until: { type: "client", client: 3, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "The first read took no time, and after the handover the old leader asked the new one.",
      "第一次读取没有耗时，移交之后旧领导者要询问新领导者。",
    ),
    reached: (view) => {
      const old = view.member(named("old"))?.id;
      const confirmed = view.decisions("readConfirmed");
      const byLease = confirmed.some(
        ({ member, decision }) =>
          decision.type === "readConfirmed" && decision.by === "lease" && member === old,
      );
      const asked = view.events.find(
        (event) => event.type === "client" && event.client === 2 && event.phase === "asks",
      );
      const answered = view.events.find(
        (event) => event.type === "client" && event.client === 2 && event.phase === "answered",
      );
      return (
        byLease &&
        asked?.atMs === answered?.atMs &&
        view.client(3)?.answer === "chen" &&
        confirmed.some(
          ({ member, decision }) =>
            decision.type === "readConfirmed" && decision.by === "leaderReply" && member === old,
        )
      );
    },
  },
  keyStep: 2,
};

export const STALE_LEADER_READ: Scenario = {
  id: "stale-leader-read",
  group: "clients",
  world: "cores",
  title: say("Asking a deposed leader", "询问已被取代的领导者"),
  story: say(
    "A leader is cut off and does not know yet that another one has been elected and a newer value written. A client reads at it. To answer it would need a round of heartbeats from a majority, which never comes: it gives no answer rather than an old one.",
    "领导者断开后，尚不知道已有新领导者当选并写入了更新的值。客户端在它那里读取。要答复就需要多数派应答一轮心跳，而那不会到来：它宁可不答，也不返回旧值。",
  ),
  seed: 84,
  settings: { ...STORY_SETTINGS, core: { checkQuorum: false } },
  steps: [
    ELECTION,
    {
      caption: say("A client sets x=before.", "客户端设置 x=before。"),
      actions: [nameOthers("a", "b"), write(1, "x", "before")],
      until: { type: "value", who: "all", key: "x", value: "before" },
    },
    {
      caption: say(
        "Member {old} is cut off; the others elect a leader.",
        "成员 {old} 断开连接，其他成员选出领导者。",
      ),
      actions: [apart(["old"])],
      until: {
        type: "anyOf",
        conditions: [
          { type: "leads", member: named("a") },
          { type: "leads", member: named("b") },
        ],
      },
    },
    {
      caption: say("It commits x=after.", "新领导者提交 x=after。"),
      actions: [
        { type: "name", member: "leader", name: "new" },
        write(2, "x", "after", named("new")),
      ],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "A client reads x at member {old}, which still takes itself for the leader.",
        "客户端在仍自认为是领导者的成员 {old} 处读取 x。",
      ),
      actions: [read(3, "x", named("old"), false)],
      until: { type: "not", condition: { type: "client", client: 3, belief: "waiting" } },
    },
  ],
  goal: {
    text: say(
      "The deposed leader still believes it leads, and gave no answer.",
      "已被取代的领导者仍自认为是领导者，但没有给出答复。",
    ),
    reached: (view) =>
      view.client(3)?.belief === "unknown" &&
      view.holds({ type: "role", member: named("old"), role: "leader" }) &&
      view.holds({ type: "value", who: named("new"), key: "x", value: "after" }),
  },
  keyStep: 2,
  sabotage: [
    {
      broken: "readWithoutQuorum",
      text: say(
        "The deposed leader reads at an index that is older than what was committed before.",
        "已被取代的领导者在比已提交内容更旧的索引处读取。",
      ),
      turnsRed: ["reads see what was committed before"],
    },
    {
      broken: "readWithoutQuorum",
      text: say(
        "The client gets the old value after the new one was acknowledged: no order of the operations explains it.",
        "新值已被确认之后客户端却读到旧值：没有任何操作顺序能解释。",
      ),
      showsHarm: true,
      turnsRed: ["linearizability"],
    },
  ],
};

export const EXACTLY_ONCE: Scenario = {
  id: "exactly-once",
  group: "clients",
  world: "cores",
  title: say("Exactly once", "恰好一次"),
  story: say(
    "A client sets x=one; the answer is lost. Others read one and set x=two. Then the leader changes, and the first client repeats its command. Executed again, it would bring the old value back. The state machine knows the session and the number of the command, and gives the first result.",
    "客户端设置 x=one，答复丢失。另一个客户端读到 one 并设置 x=two。随后领导者更换，第一个客户端重复命令。如果再次执行，旧值就会回来。状态机认得会话和命令编号，返回第一次的结果。",
  ),
  seed: 85,
  settings: { ...STORY_SETTINGS, clientRetryMs: 600, clientGivesUpMs: 4_000 },
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=one. It is done, but the answer is lost.",
        "客户端设置 x=one，已完成，但答复丢失。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "loseAnswer", client: 1 },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "value", who: "all", key: "x", value: "one" },
    },
    {
      caption: say("Another client reads one.", "另一个客户端读到 one。"),
      actions: [read(2, "x", named("old"))],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say("A third one sets x=two.", "第三个客户端设置 x=two。"),
      actions: [write(3, "x", "two", named("old"))],
      until: { type: "value", who: "all", key: "x", value: "two" },
    },
    {
      caption: say("Now x reads two.", "现在读到的 x 是 two。"),
      actions: [read(2, "x", named("old"))],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "Member {old} crashes, and another member leads.",
        "成员 {old} 宕机，另一个成员成为领导者。",
      ),
      actions: [{ type: "crash", member: named("old") }],
      until: { type: "leads" },
    },
    {
      caption: say(
        "The first client, still without an answer, repeats its command there.",
        "仍未得到答复的第一个客户端在那里重复命令。",
      ),
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say("And x is?", "那么 x 是？"),
      actions: [read(2, "x")],
      until: { type: "client", client: 2, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "The repeated command was recognised, and x is still two.",
      "重复的命令被认出，x 仍是 two。",
    ),
    reached: (view) =>
      view.events.some((event) => event.type === "applied" && event.isRepeat) &&
      view.client(1)?.belief === "answered" &&
      view.client(2)?.answer === "two",
  },
  keyStep: 1,
  sabotage: [
    {
      broken: "forgetSessions",
      text: say(
        "The command is executed twice, and the value that was replaced is back.",
        "命令执行了两次，被取代的旧值又回来了。",
      ),
      turnsRed: ["linearizability"],
    },
  ],
};
