import type { Scenario, Step } from "../scenario.ts";
import { ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";

const OLD_RETURNS: Step = {
  caption: say(
    "Member {old} starts again and follows. All logs become equal.",
    "成员 {old} 重新启动并成为跟随者，所有日志变得一致。",
  ),
  actions: [{ type: "mendAll" }, { type: "restart", member: named("old") }],
  until: {
    type: "allOf",
    conditions: [
      { type: "follows", who: "all" },
      { type: "caughtUp", who: [1, 2, 3] },
    ],
  },
};

export const CRASH_BEFORE_RECEIVE: Scenario = {
  id: "crash-before-receive",
  group: "replication",
  world: "cores",
  title: say("The leader dies before it hears the command", "命令到达之前领导者宕机"),
  story: say(
    "The leader dies before the client's command reaches it. The client gets no answer, and nothing is anywhere. It asks again, is told who leads, and the command is executed once.",
    "客户端的命令到达之前领导者就宕机了。客户端得不到答复，命令不在任何地方。它再次请求，找到新的领导者，命令恰好执行一次。",
  ),
  seed: 51,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {old} crashes, and a client that does not know it sends x=one there.",
        "成员 {old} 宕机，而不知情的客户端仍向它发送 x=one。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "crash", member: named("old") },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "leads", except: named("old") },
    },
    {
      caption: say(
        "The client asks again and reaches the new leader.",
        "客户端再次请求，联系上新的领导者。",
      ),
      until: { type: "client", client: 1, belief: "answered" },
    },
    OLD_RETURNS,
  ],
  goal: {
    text: say(
      "The client had to ask more than once, and the command was executed once on every member.",
      "客户端请求了不止一次，命令在每个成员上恰好执行一次。",
    ),
    reached: (view) =>
      (view.client(1)?.attempts ?? 0) > 1 &&
      view.client(1)?.belief === "answered" &&
      [1, 2, 3].every((id) => view.timesApplied(id, "one") === 1),
  },
  keyStep: 1,
};

export const CRASH_BEFORE_REPLICATE: Scenario = {
  id: "crash-before-replicate",
  group: "replication",
  world: "cores",
  title: say("The leader dies with the only copy", "领导者带着唯一副本宕机"),
  story: say(
    "The leader has the entry in its own log, and dies before anybody else gets it. The next leader knows nothing of it. When the old leader returns, the entry disappears from its log; the client, which was never answered, has asked again in the meantime.",
    "领导者自己的日志里有这个条目，但在其他成员得到它之前宕机。下一个领导者对此一无所知。旧领导者回来后，这个条目从它的日志中消失；而从未得到答复的客户端早已再次请求。",
  ),
  seed: 52,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=one at member {old}. It is on its disk and nowhere else.",
        "客户端在成员 {old} 处设置 x=one。条目只在它的磁盘上。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "hold", messages: { types: ["append"], from: named("old"), withEntries: true } },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "logged", who: named("old"), value: "one" },
    },
    {
      caption: say(
        "It crashes; what it was sending never arrives.",
        "它宕机了，正要发送的内容永远不会到达。",
      ),
      actions: [
        { type: "crash", member: named("old") },
        { type: "dropHeld", messages: {} },
        { type: "holdNothing" },
      ],
      until: { type: "leads", except: named("old") },
    },
    {
      caption: say("The client asks again, and is answered.", "客户端再次请求，得到答复。"),
      until: { type: "client", client: 1, belief: "answered" },
    },
    OLD_RETURNS,
  ],
  goal: {
    text: say(
      "The lonely entry was replaced, and the command was executed once on every member.",
      "唯一的副本被取代，命令在每个成员上恰好执行一次。",
    ),
    reached: (view) => {
      const old = view.member(named("old"))?.id;
      const replaced = view.decisions("conflictFound").some(({ member }) => member === old);
      return (
        replaced &&
        view.client(1)?.belief === "answered" &&
        [1, 2, 3].every((id) => view.timesApplied(id, "one") === 1)
      );
    },
  },
  keyStep: 1,
};

export const CRASH_AFTER_REPLICATE_ALL: Scenario = {
  id: "crash-after-replicate-all",
  group: "replication",
  world: "cores",
  title: say("Everybody has it, nobody knows", "人人持有，却无人知晓"),
  story: say(
    "All followers hold the entry, but the leader dies before it counts their acknowledgements. The new leader has the entry and commits it together with its own first one. The client asks again; the state machine recognises the command and gives its first result.",
    "所有跟随者都持有该条目，但领导者在统计确认之前宕机。新领导者持有它，并连同自己的第一个条目一起提交。客户端再次请求；状态机认出这条命令，返回第一次的结果。",
  ),
  seed: 53,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=one. All followers store it; their acknowledgements are on the way.",
        "客户端设置 x=one。所有跟随者都已存盘，确认还在路上。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "hold", messages: { types: ["appendOk"], to: named("old") } },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "logged", who: [named("a"), named("b")], value: "one" },
    },
    {
      caption: say("Member {old} crashes before it counts them.", "成员 {old} 在统计之前宕机。"),
      actions: [
        { type: "crash", member: named("old") },
        { type: "dropHeld", messages: {} },
        { type: "holdNothing" },
      ],
      until: { type: "leads", except: named("old") },
    },
    {
      caption: say(
        "The new leader commits it with its own first entry. The client repeats its command and is answered.",
        "新领导者把它和自己的第一个条目一起提交。客户端重复命令，得到答复。",
      ),
      until: { type: "client", client: 1, belief: "answered" },
    },
    OLD_RETURNS,
  ],
  goal: {
    text: say(
      "The entry of the dead leader was committed, and the repeated command was recognised.",
      "宕机领导者的条目被提交，重复的命令被认出。",
    ),
    reached: (view) =>
      view.events.some((event) => event.type === "applied" && event.isRepeat) &&
      view.client(1)?.belief === "answered" &&
      [1, 2, 3].every((id) => view.timesApplied(id, "one") === 1),
  },
  keyStep: 2,
};

export const CRASH_BEFORE_NOTIFY: Scenario = {
  id: "crash-before-notify",
  group: "replication",
  world: "cores",
  title: say("Committed, and the followers do not know", "已提交，但跟随者尚不知情"),
  story: say(
    "The leader commits an entry, answers the client and dies before the followers learn of it. They hold the entry, and only a member that holds it can win: so it stays committed in every later term.",
    "领导者提交条目并答复了客户端，在跟随者得知之前宕机。跟随者持有该条目，而且只有持有它的成员才能当选：因此它在以后的每个任期都保持已提交。",
  ),
  seed: 54,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=one. Members {a} and {b} store it.",
        "客户端设置 x=one，成员 {a} 和 {b} 存盘。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "hold", messages: { types: ["appendOk"], to: named("old") } },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "logged", who: [named("a"), named("b")], value: "one" },
    },
    {
      caption: say(
        "Member {old} commits it and answers the client. What it says to the followers from now on is lost.",
        "成员 {old} 提交并答复客户端。此后它发给跟随者的消息都丢失了。",
      ),
      actions: [
        { type: "cut", from: named("old"), to: named("a") },
        { type: "cut", from: named("old"), to: named("b") },
        { type: "holdNothing" },
        { type: "release", messages: {} },
      ],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say(
        "Member {old} crashes. Nobody else knows that the entry is committed.",
        "成员 {old} 宕机。没有别的成员知道该条目已提交。",
      ),
      actions: [{ type: "crash", member: named("old") }],
      until: { type: "leads", except: named("old") },
    },
    OLD_RETURNS,
  ],
  goal: {
    text: say(
      "The followers applied the entry only under the new leader, and every member has it.",
      "跟随者在新领导者之下才应用该条目，而每个成员都持有它。",
    ),
    reached: (view) => {
      const old = view.member(named("old"))?.id;
      const crashed = view.events.findIndex(
        (event) => event.type === "crashed" && event.member === old,
      );
      const early = view.events.some(
        (event, at) =>
          at < crashed &&
          event.type === "applied" &&
          event.entry.kind === "command" &&
          event.member !== old,
      );
      return (
        crashed > 0 &&
        !early &&
        view.holds({ type: "value", who: [1, 2, 3], key: "x", value: "one" })
      );
    },
  },
  keyStep: 3,
};

export const CRASH_BEFORE_REPLY: Scenario = {
  id: "crash-before-reply",
  group: "replication",
  world: "cores",
  title: say("Done, but the answer is lost", "已完成，但答复丢失"),
  story: say(
    "Everything is committed and applied, and the leader dies with the answer on its lips. The client cannot tell this from a command that never arrived. It repeats the command in its session, and the new leader gives it the first result instead of executing it again.",
    "一切都已提交并应用，领导者却在答复送达之前宕机。客户端无法区分这与命令从未到达。它在会话中重复该命令，新领导者返回第一次的结果，而不是再执行一遍。",
  ),
  seed: 55,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets x=one. It is applied everywhere; the answer is lost.",
        "客户端设置 x=one，各处都已应用，答复却丢失了。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "loseAnswer", client: 1 },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "value", who: [named("old"), named("a"), named("b")], key: "x", value: "one" },
    },
    {
      caption: say("Member {old} crashes.", "成员 {old} 宕机。"),
      actions: [{ type: "crash", member: named("old") }],
      until: { type: "leads", except: named("old") },
    },
    {
      caption: say("The client repeats its command.", "客户端重复命令。"),
      until: { type: "client", client: 1, belief: "answered" },
    },
    OLD_RETURNS,
  ],
  goal: {
    text: say(
      "The client has its answer from another leader, and the command was executed once.",
      "客户端从另一个领导者得到答复，命令只执行了一次。",
    ),
    reached: (view) =>
      view.events.some((event) => event.type === "client" && event.phase === "answerLost") &&
      view.events.some((event) => event.type === "applied" && event.isRepeat) &&
      view.client(1)?.belief === "answered" &&
      [1, 2, 3].every((id) => view.timesApplied(id, "one") === 1),
  },
  keyStep: 1,
};
