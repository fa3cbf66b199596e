import type { Scenario } from "../scenario.ts";
import { apart, ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";

export const WRITE_HAPPY_PATH: Scenario = {
  id: "write-happy-path",
  group: "replication",
  world: "cores",
  title: say("One write, step by step", "一次写入的全过程"),
  story: say(
    "A client asks the leader to write. The leader puts the entry into its log and sends it to the followers. Each stores it and acknowledges. As soon as a majority has it on disk it is committed; the leader applies it, answers the client, and tells the followers with the next message.",
    "客户端请求领导者写入。领导者把条目放进日志并发送给跟随者，各跟随者存盘后确认。一旦多数成员的磁盘上都有它，条目就已提交；领导者应用它、答复客户端，并在下一条消息中告知跟随者。",
  ),
  seed: 41,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets name=chen at the leader, member {old}. It is in the leader's log, uncommitted.",
        "客户端在领导者成员 {old} 处设置 name=chen。条目进入领导者的日志，尚未提交。",
      ),
      actions: [nameOthers("a", "b"), write(1, "name", "chen", named("old"))],
      until: { type: "decided", decision: "entriesProposed", member: named("old") },
    },
    {
      caption: say("The followers store it and acknowledge.", "跟随者存盘并确认。"),
      until: {
        type: "anyOf",
        conditions: [
          { type: "logged", who: named("a"), value: "chen" },
          { type: "logged", who: named("b"), value: "chen" },
        ],
      },
    },
    {
      caption: say(
        "A majority holds it on disk: member {old} commits it.",
        "多数成员的磁盘上都有它：成员 {old} 将其提交。",
      ),
      until: { type: "committed", who: named("old"), value: "chen" },
    },
    {
      caption: say("It is applied, and the client is answered.", "条目被应用，客户端得到答复。"),
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say(
        "The followers learn that it is committed and apply it too.",
        "跟随者得知它已提交，也将其应用。",
      ),
      until: { type: "value", who: "all", key: "name", value: "chen" },
    },
  ],
  goal: {
    text: say(
      "The client was answered after a majority had the entry on disk, and every member applied it once.",
      "多数成员存盘之后客户端才得到答复，且每个成员恰好应用一次。",
    ),
    reached: (view) => {
      const answered = view.events.findIndex(
        (event) => event.type === "client" && event.phase === "answered",
      );
      const acknowledged = view.events.findIndex(
        (event) =>
          event.type === "delivered" &&
          event.message.type === "appendOk" &&
          event.message.match > 4,
      );
      return (
        answered > acknowledged &&
        acknowledged > 0 &&
        [1, 2, 3].every((id) => view.timesApplied(id, "chen") === 1)
      );
    },
  },
  keyStep: 1,
};

export const UNCONFIRMED_ERROR: Scenario = {
  id: "unconfirmed-error",
  group: "replication",
  world: "cores",
  title: say("Unknown is not failed", "“未知”不等于“失败”"),
  story: say(
    "A leader that can reach no majority takes a write and cannot commit it. Its client must be told that the outcome is unknown: the entry may still be committed later, or never. A follower that refuses a write can say more: nothing was applied.",
    "无法联系多数派的领导者接受了写入却不能提交。客户端只能被告知结果未知：该条目以后可能提交，也可能永远不会。而拒绝写入的跟随者可以给出更确定的答复：什么也没有应用。",
  ),
  seed: 42,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {old} is cut off. One client writes at it, another at member {a}, which is a follower.",
        "成员 {old} 断开连接。一个客户端在它那里写入，另一个在跟随者成员 {a} 那里写入。",
      ),
      actions: [
        nameOthers("a", "b"),
        apart(["old"]),
        write(1, "x", "one", named("old"), false),
        write(2, "y", "two", named("a"), false),
      ],
      until: { type: "client", client: 2, belief: "notApplied" },
    },
    {
      caption: say(
        "The follower's client knows that nothing happened. The leader's client waits, and in the end does not know.",
        "跟随者的客户端知道什么也没发生。领导者的客户端一直等待，最后只能得到“未知”。",
      ),
      until: { type: "client", client: 1, belief: "unknown" },
    },
    {
      caption: say(
        "The links are mended. The entry is replaced, but the client could not have known that.",
        "链路恢复，该条目被取代，而客户端当时无从得知。",
      ),
      actions: [{ type: "mendAll" }],
      until: { type: "caughtUp", who: "all" },
    },
  ],
  goal: {
    text: say(
      "One client was told “unknown”, the other “not applied”, and nobody applied the refused write.",
      "一个客户端被告知“未知”，另一个被告知“未应用”，被拒绝的写入没有任何成员应用。",
    ),
    reached: (view) =>
      view.client(1)?.belief === "unknown" &&
      view.client(2)?.belief === "notApplied" &&
      [1, 2, 3].every((id) => view.timesApplied(id, "two") === 0) &&
      view.holds({ type: "caughtUp", who: "all" }),
  },
  keyStep: 1,
};

export const OVERLAPPING_APPENDS: Scenario = {
  id: "overlapping-appends",
  group: "replication",
  world: "cores",
  title: say("Answers out of order", "应答乱序"),
  story: say(
    "Two append requests are under way to the same follower, and the answer to the second arrives first. What the leader knows about the follower only grows: the late answer to the first changes nothing, and nothing is lost.",
    "发往同一跟随者的两个追加请求都在途中，第二个的应答先到。领导者对该跟随者的了解只会增长：第一个请求迟到的应答不会改变什么，也不会丢失什么。",
  ),
  seed: 43,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} is down, so member {a} must acknowledge. The answer to the write x=one is slow.",
        "成员 {b} 已停机，所以必须由成员 {a} 确认。写入 x=one 的应答很慢。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "crash", member: named("b") },
        { type: "slowLink", from: named("a"), to: named("old"), extraMs: 80 },
        write(1, "x", "one", named("old")),
      ],
      until: { type: "logged", who: named("a"), value: "one" },
    },
    {
      caption: say(
        "The write y=two follows, and its answer is fast. It acknowledges both.",
        "接着写入 y=two，它的应答很快，同时确认了两个条目。",
      ),
      actions: [
        { type: "slowLink", from: named("a"), to: named("old"), extraMs: 0 },
        write(2, "y", "two", named("old")),
      ],
      until: { type: "client", client: 2, belief: "answered" },
    },
    {
      caption: say(
        "The late answer arrives and moves nothing back.",
        "迟到的应答到达，不会使任何东西倒退。",
      ),
      forMs: 120,
      until: { type: "caughtUp", who: "all" },
    },
  ],
  goal: {
    text: say(
      "An older acknowledgement arrived after a newer one, and what the leader knows only grew.",
      "较旧的确认晚于较新的到达，而领导者所知的进度只增不减。",
    ),
    reached: (view) => {
      const matches = view.events.flatMap((event) =>
        event.type === "delivered" && event.message.type === "appendOk" ? [event.message] : [],
      );
      const late = matches.some(
        ({ match, from }, at) =>
          match > 3 && matches.slice(0, at).some((one) => one.from === from && one.match > match),
      );
      const advances = view.decisions("progressAdvanced");
      const grows = advances.every(
        ({ decision }) => decision.type === "progressAdvanced" && decision.match > decision.from,
      );
      return late && grows && view.holds({ type: "value", who: "all", key: "x", value: "one" });
    },
  },
  keyStep: 1,
};

export const FOLLOWER_PERSISTS_FIRST: Scenario = {
  id: "follower-persists-first",
  group: "replication",
  world: "cores",
  title: say("Disk first, then the answer", "先落盘，后应答"),
  story: say(
    "A follower acknowledges an entry only when its disk has it. So the power may fail for everybody right after the client's answer: the write is on a majority of disks, and whoever leads next has it.",
    "跟随者只有在磁盘上有了条目之后才予以确认。所以即使客户端刚得到答复，全体就断电，写入也已在多数成员的磁盘上，下一个领导者必定持有它。",
  ),
  seed: 44,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} is down, the disk of member {a} is slow. A client sets name=chen; its answer waits for that disk.",
        "成员 {b} 已停机，成员 {a} 的磁盘很慢。客户端设置 name=chen，答复要等这块磁盘。",
      ),
      actions: [
        nameOthers("a", "b"),
        { type: "crash", member: named("b") },
        { type: "slowDisk", member: named("a"), extraMs: 60 },
        write(1, "name", "chen", named("old")),
      ],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say(
        "The power fails everywhere in this very moment. Whatever is not on a disk is lost.",
        "就在此刻全体断电，凡不在磁盘上的都丢失。",
      ),
      actions: [
        { type: "crash", member: named("old"), unsynced: "lost" },
        { type: "crash", member: named("a"), unsynced: "lost" },
        { type: "slowDisk", member: named("a"), extraMs: 0 },
      ],
      forMs: 100,
    },
    {
      caption: say(
        "Member {old} stays away. Members {a} and {b} start and elect a leader: only {a} can win.",
        "成员 {old} 没有回来。成员 {a} 和 {b} 启动并选举：只有 {a} 能当选。",
      ),
      actions: [
        { type: "restart", member: named("a") },
        { type: "restart", member: named("b") },
      ],
      until: { type: "leads" },
    },
    {
      caption: say("The write is there.", "写入仍在。"),
      forMs: 50,
      until: { type: "caughtUp", who: "all" },
    },
  ],
  goal: {
    text: say(
      "The acknowledged write survived a power cut of everybody, without the leader that took it.",
      "被确认的写入经受住了全体断电，且接受它的领导者并未归来。",
    ),
    reached: (view) =>
      view.client(1)?.belief === "answered" &&
      view.holds({ type: "power", member: named("old"), power: "down" }) &&
      view.holds({ type: "value", who: [named("a"), named("b")], key: "name", value: "chen" }),
  },
  keyStep: 1,
  sabotage: [
    {
      broken: "answerBeforeSync",
      text: say(
        "The follower acknowledges what its disk does not have yet.",
        "跟随者确认了磁盘上还没有的内容。",
      ),
      turnsRed: ["durable before promised"],
    },
    {
      broken: "answerBeforeSync",
      text: say(
        "After the power cut nobody has the write that the client was told is done.",
        "断电之后，没有成员持有客户端已被告知完成的写入。",
      ),
      showsHarm: true,
      turnsRed: ["leader completeness", "committed entries stay", "commit never goes back"],
    },
  ],
};

export const COMMIT_FOLLOWS_LEADER: Scenario = {
  id: "commit-follows-leader",
  group: "replication",
  world: "cores",
  title: say("A follower's commit index", "跟随者的提交索引"),
  story: say(
    "A follower was away while the group committed several writes. When it is back the entries come one by one, and each message names a commit index far ahead. The follower takes only the smaller of that and the last new entry: what it has not compared with the leader's log, it must not apply.",
    "某个跟随者离开期间，集群提交了若干写入。它回来后条目逐个到达，每条消息所带的提交索引都远远领先。跟随者只取它与最后一个新条目中较小的那个：没有与领导者日志核对过的内容，不得应用。",
  ),
  seed: 45,
  settings: { ...STORY_SETTINGS, core: { appendBytesMax: 1, inflightMessagesMax: 1 } },
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} is cut off. Four writes are committed without it.",
        "成员 {b} 断开连接，四次写入在没有它的情况下提交。",
      ),
      actions: [
        nameOthers("a", "b"),
        apart(["b"]),
        ...[1, 2, 3, 4].map((client) => write(client, `k${client}`, `v${client}`, named("old"))),
      ],
      until: {
        type: "allOf",
        conditions: [1, 2, 3, 4].map((client) => ({
          type: "client" as const,
          client,
          belief: "answered" as const,
        })),
      },
    },
    {
      caption: say(
        "It is back. The entries come one at a time, and its commit index follows them, not the leader's.",
        "它回来了。条目逐个到达，它的提交索引跟随条目，而不是直接跟随领导者的提交索引。",
      ),
      actions: [{ type: "mendAll" }],
      until: { type: "caughtUp", who: "all" },
    },
  ],
  goal: {
    text: say(
      "The follower's commit index rose entry by entry and never beyond what it had just received.",
      "跟随者的提交索引逐条上升，从未超过刚刚收到的条目。",
    ),
    reached: (view) => {
      const b = view.member(named("b"))?.id;
      const steps = view
        .decisions("commitAdvanced")
        .flatMap(({ member, decision }) =>
          member === b && decision.type === "commitAdvanced" && decision.by === "append"
            ? [decision]
            : [],
        );
      const known = new Set(
        view
          .decisions("appendAccepted")
          .flatMap(({ member, decision }) =>
            member === b && decision.type === "appendAccepted" ? [decision.last] : [],
          ),
      );
      return (
        steps.filter(({ to, from }) => to === from + 1).length >= 3 &&
        steps.every(({ to }) => known.has(to)) &&
        view.holds({ type: "caughtUp", who: [1, 2, 3] })
      );
    },
  },
  keyStep: 1,
};
