import type { Scenario, Step, StoryPromise } from "../scenario.ts";
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

const UNDISTURBED: StoryPromise = {
  checker: "stability",
  text: say("Member {old} still leads.", "成员 {old} 仍是领导者。"),
  holds: { type: "role", member: named("old"), role: "leader" },
};

export const FIVE_WAY_SPLIT: Scenario = {
  id: "five-way-split",
  group: "partitions",
  world: "cores",
  title: say("No majority anywhere", "哪里都没有多数派"),
  story: say(
    "Five members fall into pieces of two, two and one. No piece has three. Nobody can commit a write or confirm a read, and so nobody gives a wrong answer: clients wait, and in the end are told that the outcome is unknown. As soon as three hear each other again, the cluster goes on by itself.",
    "五个成员碎成两个、两个和一个三块，没有一块够三个。没有成员能提交写入或确认读取，因此也没有错误的答复：客户端等待，最后被告知结果未知。一旦有三个成员重新互通，集群便自行恢复。",
  ),
  seed: 32,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say("A client sets x=before.", "客户端设置 x=before。"),
      actions: [nameOthers("a", "b", "c", "d"), write(1, "x", "before")],
      until: { type: "value", who: "all", key: "x", value: "before" },
    },
    {
      caption: say(
        "The network breaks into {old} and {a}, {b} and {c}, and {d} alone. Clients write and read at {old}.",
        "网络碎成三块：{old} 和 {a}、{b} 和 {c}、单独的 {d}。客户端在 {old} 处写入和读取。",
      ),
      actions: [
        apart(["old", "a"], ["b", "c"], ["d"]),
        write(2, "y", "after", named("old"), false),
        read(3, "x", named("old"), false),
      ],
      forMs: 1_800,
      promises: {
        checker: "no answers without a majority",
        text: say(
          "Nobody is elected and no client is answered while there is no majority.",
          "没有多数派期间，没有成员当选，也没有客户端得到答复。",
        ),
        holds: {
          type: "not",
          condition: { type: "client", client: 2, belief: "answered" },
        },
      },
    },
    {
      caption: say("The clients are told that the outcome is unknown.", "客户端被告知结果未知。"),
      until: {
        type: "allOf",
        conditions: [
          { type: "client", client: 2, belief: "unknown" },
          { type: "client", client: 3, belief: "unknown" },
        ],
      },
    },
    {
      caption: say(
        "{old}, {a}, {b} and {c} hear each other again: a majority. They elect a leader and serve.",
        "{old}、{a}、{b}、{c} 重新互通：已是多数。它们选出领导者并恢复服务。",
      ),
      actions: [apart(["old", "a", "b", "c"], ["d"])],
      until: { type: "leads" },
    },
    {
      caption: say("A client reads x.", "客户端读取 x。"),
      actions: [read(4, "x")],
      until: { type: "client", client: 4, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "Nothing was answered during the split, and afterwards the earlier write is read.",
      "分裂期间没有任何答复，之后读到了先前的写入。",
    ),
    reached: (view) =>
      view.client(2)?.belief === "unknown" &&
      view.client(3)?.belief === "unknown" &&
      view.client(4)?.answer === "before" &&
      view.holds({ type: "leads" }),
  },
  keyStep: 2,
};

export const ONE_WAY_LINK: Scenario = {
  id: "one-way-link",
  group: "partitions",
  world: "cores",
  title: say("A link that works one way", "单向链路"),
  story: say(
    "A follower no longer hears the leader, but the leader and everyone else hear the follower. Its time-out passes again and again, and it asks whether it could win. The others have just heard from the leader and ignore it, and its term stays: no endless elections.",
    "某个跟随者听不到领导者，但领导者和其他成员都听得到它。它一次又一次超时，询问自己能否获胜。其他成员刚刚听到过领导者，不予理会，它的任期也不变：不会有没完没了的选举。",
  ),
  seed: 33,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} does not hear the leader, member {old}, any more.",
        "成员 {b} 再也听不到领导者成员 {old}。",
      ),
      actions: [nameOthers("a", "b"), { type: "cut", from: named("old"), to: named("b") }],
      forMs: 1_500,
      promises: UNDISTURBED,
    },
    {
      caption: say("Clients are served meanwhile.", "其间客户端照常得到服务。"),
      actions: [write(1, "x", "one")],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say(
        "The link is mended. Member {b} follows and catches up.",
        "链路恢复，成员 {b} 跟随并追上。",
      ),
      actions: [{ type: "mendAll" }],
      until: {
        type: "allOf",
        conditions: [
          { type: "follows", who: "all", leader: named("old") },
          { type: "caughtUp", who: "all" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "The member asked several times in vain, there was one election, and it has caught up.",
      "该成员多次询问无果，选举只有一次，它最终追上。",
    ),
    reached: (view) => {
      const b = view.member(named("b"))?.id;
      const asked = view.decisions("becamePreCandidate").filter(({ member }) => member === b);
      return (
        asked.length >= 3 &&
        view.elections.length === 1 &&
        view.client(1)?.belief === "answered" &&
        view.holds({ type: "caughtUp", who: [1, 2, 3] })
      );
    },
  },
  keyStep: 1,
};

export const BRIDGE: Scenario = {
  id: "bridge",
  group: "partitions",
  world: "cores",
  title: say("Two halves and a bridge", "两半与一座桥"),
  story: say(
    "Two pairs of members cannot hear each other, but a fifth hears both. The leader's half and the bridge are three of five, so writes go on. The other half misses the leader, but the bridge, which hears it, lends them no vote. There is one leader all the time.",
    "两对成员互相听不到，第五个成员两边都听得到。领导者一边加上桥是五个中的三个，写入照常进行。另一边听不到领导者，但听得到领导者的桥不会把票给它们。自始至终只有一个领导者。",
  ),
  seed: 34,
  settings: { ...STORY_SETTINGS, members: 5 },
  steps: [
    ELECTION,
    {
      caption: say(
        "{old} and {a} do not hear {c} and {d}. Member {b} hears everybody.",
        "{old} 和 {a} 与 {c} 和 {d} 互不相通，成员 {b} 与大家都通。",
      ),
      actions: [
        nameOthers("a", "b", "c", "d"),
        ...["old", "a"].flatMap((one) =>
          ["c", "d"].flatMap((other) => [
            { type: "cut" as const, from: named(one), to: named(other) },
            { type: "cut" as const, from: named(other), to: named(one) },
          ]),
        ),
      ],
      forMs: 1_200,
      promises: UNDISTURBED,
    },
    {
      caption: say("A client writes: three copies of five.", "客户端写入：五份中的三份。"),
      actions: [write(1, "x", "one", named("old"))],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say("The halves hear each other again.", "两半重新互通。"),
      actions: [{ type: "mendAll" }],
      until: { type: "value", who: "all", key: "x", value: "one" },
    },
  ],
  goal: {
    text: say(
      "The group made progress under one leader, although four members could not all hear each other.",
      "尽管四个成员不能全部互通，集群仍在同一个领导者之下前进。",
    ),
    reached: (view) => {
      const c = view.member(named("c"))?.id;
      const d = view.member(named("d"))?.id;
      const asked = view
        .decisions("becamePreCandidate")
        .filter(({ member }) => member === c || member === d);
      return (
        asked.length >= 2 &&
        view.elections.length === 1 &&
        view.holds({ type: "value", who: [1, 2, 3, 4, 5], key: "x", value: "one" })
      );
    },
  },
  keyStep: 1,
};

const FLAPS: readonly Step[] = Array.from({ length: 8 }, (_, round): readonly Step[] => {
  const name = round % 2 === 0 ? "a" : "b";
  return [
    {
      caption: say(
        `The link between {old} and {${name}} is down.`,
        `{old} 与 {${name}} 之间的链路断开。`,
      ),
      actions: [
        { type: "cut", from: named("old"), to: named(name) },
        { type: "cut", from: named(name), to: named("old") },
      ],
      forMs: 100,
    },
    {
      caption: say("It is up again.", "链路恢复。"),
      actions: [{ type: "mendAll" }],
      forMs: 60,
    },
  ];
}).flat();

export const FLAPPING: Scenario = {
  id: "flapping",
  group: "partitions",
  world: "cores",
  title: say("Flapping links", "链路抖动"),
  story: say(
    "The links between the leader and its followers go down and up, faster than an election takes. With pre-vote and the check of the quorum the leader stays, terms do not pile up, and clients are served.",
    "领导者与跟随者之间的链路时断时通，比一次选举还快。有预投票和多数派检查，领导者保持不变，任期不会堆高，客户端得到服务。",
  ),
  seed: 35,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {old} leads, and a client writes while its links begin to flap.",
        "成员 {old} 是领导者，链路开始抖动时有客户端写入。",
      ),
      actions: [nameOthers("a", "b"), write(1, "x", "one")],
    },
    ...FLAPS,
    {
      caption: say("The links are calm. A client reads.", "链路平静下来，客户端读取。"),
      actions: [read(2, "x")],
      until: { type: "client", client: 2, belief: "answered" },
    },
  ],
  goal: {
    text: say(
      "Links changed more than thirty times, there were at most two elections, and the write is read.",
      "链路变化三十多次，选举至多两次，写入可以读到。",
    ),
    reached: (view) =>
      view.events.filter(({ type }) => type === "linkChanged").length > 30 &&
      view.elections.length <= 2 &&
      view.client(2)?.answer === "one",
  },
  keyStep: 1,
};
