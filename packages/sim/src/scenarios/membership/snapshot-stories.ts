import type { Scenario, Step } from "../scenario.ts";
import { apart, ELECTION, named, nameOthers, STORY_SETTINGS, say, write } from "../telling.ts";

const CLIENTS = [1, 2, 3, 4, 5];

function round(number: number): Step {
  return {
    caption: say("Five clients write; everybody applies.", "五个客户端写入，所有成员应用。"),
    actions: CLIENTS.map((client) => write(client, `k${client}`, `v${number}-${client}`)),
    until: {
      type: "allOf",
      conditions: CLIENTS.map((client) => ({
        type: "value" as const,
        who: "all" as const,
        key: `k${client}`,
        value: `v${number}-${client}`,
      })),
    },
  };
}

export const COMPACTION: Scenario = {
  id: "compaction",
  group: "membership",
  world: "cores",
  title: say("The log is kept short", "日志压缩"),
  story: say(
    "The log grows with every write. Whenever a member has applied six entries since its last snapshot, it takes a new one by itself and drops the log behind it but for two entries. Applying goes on meanwhile, and what the disk holds stays bounded.",
    "日志随每次写入增长。每个成员自上次快照以来应用满六个条目，就自行制作新快照，并丢弃其后的日志，只留两个条目。期间应用照常进行，磁盘占用保持有界。",
  ),
  seed: 71,
  settings: { ...STORY_SETTINGS, snapshotEvery: 6, keepEntries: 2 },
  steps: [ELECTION, round(1), round(2), round(3), round(4)],
  goal: {
    text: say(
      "Twenty writes are applied, every member took snapshots by itself, and no log is longer than fifteen entries.",
      "二十次写入已应用，每个成员都自行制作了快照，日志都不超过十五个条目。",
    ),
    reached: (view) =>
      view.members.every(
        ({ id, applied, entries }) =>
          applied >= 24 &&
          entries.length <= 15 &&
          view.events.filter((event) => event.type === "snapshotTaken" && event.member === id)
            .length >= 2,
      ),
  },
  keyStep: 2,
};

export const INSTALL_SNAPSHOT: Scenario = {
  id: "install-snapshot",
  group: "membership",
  world: "cores",
  title: say("Too far behind for the log", "落后到日志够不着"),
  story: say(
    "A follower was away while the leader dropped the entries it lacks. The leader sends its snapshot instead. The first attempt breaks off on the way and is made again; then the follower installs the whole snapshot at once and goes on with the log behind it. In real members the snapshot travels in checked chunks, and a broken transfer is resumed.",
    "某个跟随者离开期间，领导者已丢弃它所缺的条目。领导者改为发送快照。第一次传输中断后重新进行；随后跟随者一次性装入整个快照，再接续其后的日志。真实成员之间快照分块校验传输，中断后可续传。",
  ),
  seed: 72,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Member {b} is cut off, and three writes are committed.",
        "成员 {b} 断开连接，三次写入已提交。",
      ),
      actions: [
        nameOthers("a", "b"),
        apart(["b"]),
        ...[1, 2, 3].map((client) => write(client, `k${client}`, `v${client}`, named("old"))),
      ],
      until: {
        type: "allOf",
        conditions: [1, 2, 3].map((client) => ({
          type: "client" as const,
          client,
          belief: "answered" as const,
        })),
      },
    },
    {
      caption: say(
        "Member {old} takes a snapshot and drops its whole log.",
        "成员 {old} 制作快照并丢弃全部日志。",
      ),
      actions: [
        { type: "hold", messages: { types: ["snapshot"] } },
        { type: "snapshot", member: named("old"), keep: 0 },
      ],
      until: { type: "compacted", who: named("old"), upTo: 6 },
    },
    {
      caption: say(
        "Member {b} is back and asks for entries that are gone. A snapshot is on its way.",
        "成员 {b} 回来，索要已经丢弃的条目。快照上路了。",
      ),
      actions: [{ type: "mendAll" }],
      until: { type: "held", messages: { types: ["snapshot"] } },
    },
    {
      caption: say(
        "The transfer breaks off. The leader hears of it and sends again.",
        "传输中断。领导者得知后重新发送。",
      ),
      actions: [{ type: "dropHeld", messages: {} }, { type: "holdNothing" }],
      until: { type: "installedSnapshot", member: named("b") },
    },
    {
      caption: say(
        "The snapshot is installed; the log goes on behind it.",
        "快照已装入，日志接续其后。",
      ),
      actions: [write(4, "k4", "v4", named("old"))],
      until: { type: "value", who: "all", key: "k4", value: "v4" },
    },
  ],
  goal: {
    text: say(
      "The follower got its state by snapshot after a broken transfer, and holds everything.",
      "跟随者在一次传输中断后通过快照得到状态，并拥有全部数据。",
    ),
    reached: (view) => {
      const b = view.member(named("b"));
      const broken = view.events.some(
        (event) => event.type === "lost" && event.message.type === "snapshot",
      );
      return (
        b !== undefined &&
        broken &&
        view.hasInstalledSnapshot(b.id) &&
        [1, 2, 3, 4].every((client) => b.value(`k${client}`) === `v${client}`)
      );
    },
  },
  keyStep: 2,
};

export const NEW_MEMBER: Scenario = {
  id: "new-member",
  group: "membership",
  world: "cores",
  title: say("A new member joins", "新成员加入"),
  story: say(
    "An empty member joins a cluster that has long dropped its early log. It comes in as a learner, which counts for no majority, gets a snapshot and the entries behind it, and is made a voter only when it has caught up. The quorum never depends on a member that has nothing.",
    "空白成员加入一个早已丢弃早期日志的集群。它先作为学习者加入，不计入多数派；得到快照和其后的条目并追上之后，才成为投票成员。多数派从不依赖一个一无所有的成员。",
  ),
  seed: 73,
  settings: STORY_SETTINGS,
  steps: [
    ELECTION,
    {
      caption: say(
        "The cluster has data, and member {old} no longer has the log from the beginning.",
        "集群已有数据，成员 {old} 的日志不再从头开始。",
      ),
      actions: [nameOthers("a", "b"), write(1, "name", "chen")],
      until: { type: "client", client: 1, belief: "answered" },
    },
    {
      caption: say(
        "It takes a snapshot and drops what is behind it.",
        "它制作快照并丢弃其后的日志。",
      ),
      actions: [{ type: "snapshot", member: named("old"), keep: 0 }],
      until: { type: "compacted", who: named("old"), upTo: 4 },
    },
    {
      caption: say("Member 4 joins as a learner.", "成员 4 作为学习者加入。"),
      actions: [{ type: "changeMembership", steps: [{ action: "learner", member: 4 }] }],
      until: {
        type: "allOf",
        conditions: [
          { type: "installedSnapshot", member: 4 },
          { type: "caughtUp", who: 4 },
          {
            type: "membership",
            who: 4,
            voters: [named("old"), named("a"), named("b")],
            learners: [4],
          },
        ],
      },
    },
    {
      caption: say(
        "It has caught up and is made a voter, while a client writes.",
        "它已追上，成为投票成员，同时有客户端写入。",
      ),
      actions: [
        { type: "changeMembership", steps: [{ action: "voter", member: 4 }] },
        write(2, "city", "rome"),
      ],
      until: {
        type: "allOf",
        conditions: [
          {
            type: "membership",
            who: "all",
            voters: [named("old"), named("a"), named("b"), 4],
            learners: [],
          },
          { type: "value", who: "all", key: "city", value: "rome" },
        ],
      },
    },
  ],
  goal: {
    text: say(
      "The newcomer is one of four voters, was a learner first, and holds all data.",
      "新成员是四个投票成员之一，先做过学习者，并拥有全部数据。",
    ),
    reached: (view) =>
      view.hasInstalledSnapshot(4) &&
      view
        .decisions("membershipSwitched")
        .some(
          ({ decision }) =>
            decision.type === "membershipSwitched" && decision.membership.learners.includes(4),
        ) &&
      view.holds({ type: "membership", who: [1, 2, 3, 4], voters: [1, 2, 3, 4], learners: [] }) &&
      view.holds({ type: "value", who: [1, 2, 3, 4], key: "name", value: "chen" }) &&
      view.holds({ type: "value", who: [1, 2, 3, 4], key: "city", value: "rome" }),
  },
  keyStep: 3,
};
