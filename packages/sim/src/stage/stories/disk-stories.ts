import { say } from "../../scenarios/telling.ts";
import type { StageAction } from "../stage-action.ts";
import type { NodeStep, NodeStory } from "./node-story.ts";

const MEMBERS = 3;

/** Longer than one sector of a disk, so that a part of it can be there and a part not. */
const LETTER = "Dear all, this letter is long. ".repeat(50);
/** Three of these do not fit into what a log segment has left. */
const PHOTO = "light and shadow, ".repeat(110);

const ELECTION: NodeStep = {
  caption: say(
    "Three whole servers start, each with its own files on its own disk. One of them is elected.",
    "三台完整的服务器启动，各自的磁盘上有各自的文件。其中一台当选。",
  ),
  until: (view) => view.leader !== undefined,
};

type Ask = Extract<StageAction, { readonly type: "ask" }>;

function write(client: number, key: string, value: string, member?: number): Ask {
  return { type: "ask", client, operation: { type: "write", key, value }, member };
}

export const TORN_WRITE: NodeStory = {
  id: "torn-write",
  title: say("A torn write", "写了一半的数据"),
  story: say(
    "The power of one member goes in the middle of a write: some sectors reach the disk, others do not. Every batch in the log carries a checksum, so the half is recognised at the next start. Nobody was ever told that this member holds it, so it may be cut off, and the leader sends it again.",
    "一个成员在写盘途中断电：有的扇区落盘，有的没有。日志里的每一批都带校验和，下次启动时就能认出这一半。该成员从未告诉任何人它持有这些数据，所以可以截掉，由领导者重发。",
  ),
  seed: 61,
  members: MEMBERS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets door=open. Members {leader}, {victim} and {other} have it on disk.",
        "客户端设置 door=open。成员 {leader}、{victim}、{other} 的磁盘上都有它。",
      ),
      namesMembers: true,
      actions: () => [write(1, "door", "open")],
      until: (view) => view.isAnswered(1) && view.allHold("door", "open"),
    },
    {
      caption: say(
        "A client sets letter to a long text, which takes several sectors of a disk. Member {leader} writes it and sends it to the others.",
        "客户端把 letter 设为一段长文本，要占用磁盘的多个扇区。成员 {leader} 写盘并发给其他成员。",
      ),
      // In no session: opening one would be a write of its own, too short to be torn.
      actions: (who) => [{ ...write(2, "letter", LETTER, who("leader")), repeats: false }],
      until: (view) => view.of("leader").last > view.of("victim").last,
    },
    {
      caption: say(
        "The power of member {victim} goes while its disk writes: some sectors arrive, others do not.",
        "成员 {victim} 在写盘途中断电：有的扇区写上了，有的没有。",
      ),
      actions: (who) => [{ type: "diskFault", member: who("victim"), fault: "tearNextWrite" }],
      until: (view) => view.of("victim").power === "down",
    },
    {
      caption: say(
        "Members {leader} and {other} have it whole. Two of three are a majority: the client is told “done”.",
        "成员 {leader} 和 {other} 完整地保存了它。三台中的两台是多数派：客户端得到“完成”。",
      ),
      until: (view) => view.isAnswered(2),
    },
    {
      caption: say(
        "The power is back. Member {victim} reads its log, finds an incomplete batch at its end and cuts it off: it never promised to have it.",
        "电源恢复。成员 {victim} 读取日志，发现末尾有一批不完整，于是截掉：它从未承诺过持有这一批。",
      ),
      actions: (who) => [{ type: "restart", member: who("victim") }],
      until: (view) => view.times("tornTail", "victim") > 0 && view.isUp("victim"),
    },
    {
      caption: say(
        "The leader sends what is missing. All three disks hold the same again.",
        "领导者补发缺少的部分。三块磁盘又完全一致。",
      ),
      until: (view) => view.allHold("letter", LETTER),
    },
  ],
  goal: {
    text: say(
      "No half of a write was taken for a whole one, and the write that was confirmed is on every disk.",
      "没有把写了一半的数据当成完整的，已确认的写入在每块磁盘上。",
    ),
    reached: (view) =>
      view.times("tornTail", "victim") === 1 &&
      view.isAnswered(2) &&
      view.allHold("letter", LETTER),
  },
  keyStep: 3,
};

export const BIT_ROT: NodeStory = {
  id: "bit-rot",
  title: say("A bit rots", "比特腐烂"),
  story: say(
    "Disks forget. A bit in the middle of a member's log turns over while it is off. A checksum finds it at the next start. This is no torn end: the member had promised to hold these entries, and other members may have counted on it. So it may neither vote nor acknowledge as if nothing had happened; it lets the others give back what it lost first.",
    "磁盘会遗忘。成员关机期间，日志中间的一个比特翻转，下次启动时校验和发现了它。这不是写了一半的末尾：该成员承诺过持有这些条目，别人可能已经据此计票。所以它不能若无其事地投票或确认，必须先让其他成员补回丢失的部分。",
  ),
  seed: 62,
  members: MEMBERS,
  steps: [
    ELECTION,
    {
      caption: say(
        "Three clients write. Every member has all of it on disk.",
        "三个客户端写入。每个成员的磁盘上都有全部内容。",
      ),
      namesMembers: true,
      actions: () => [write(1, "red", "7"), write(2, "green", "8"), write(3, "blue", "9")],
      until: (view) =>
        [1, 2, 3].every((client) => view.isAnswered(client)) &&
        view.allHold("red", "7") &&
        view.allHold("green", "8") &&
        view.allHold("blue", "9"),
    },
    {
      caption: say(
        "Member {victim} loses power, and one bit of its log turns over. It starts again, and the checksum does not match: it asks the others instead of pretending.",
        "成员 {victim} 断电，日志中的一个比特翻转。它重新启动，校验和对不上：它向其他成员求助，而不是装作没事。",
      ),
      actions: (who) => [{ type: "diskFault", member: who("victim"), fault: "flipBit" }],
      until: (view) => view.times("refilling", "victim") > 0 && view.isUp("victim"),
    },
    {
      caption: say(
        "While member {victim} is being filled up again, a client writes. The other two are a majority without it.",
        "在补齐成员 {victim} 期间，一个客户端写入。另外两个成员不靠它也是多数派。",
      ),
      actions: (who) => [write(1, "red", "10", who("leader"))],
      until: (view) => view.isAnswered(1) && view.client(1)?.operation.key === "red",
    },
    {
      caption: say(
        "Member {victim} has everything back, the lost entries and the new one, and takes part again.",
        "成员 {victim} 找回了一切，包括丢失的条目和新的条目，重新参与。",
      ),
      until: (view) =>
        view.times("refilled", "victim") > 0 &&
        view.allHold("red", "10") &&
        view.allHold("green", "8") &&
        view.allHold("blue", "9"),
    },
  ],
  goal: {
    text: say(
      "The damage was found, nothing wrong was served, and the others gave back what was lost.",
      "损坏被发现，没有提供任何错误数据，丢失的内容由其他成员补回。",
    ),
    reached: (view) =>
      view.times("refilled", "victim") === 1 &&
      view.allHold("red", "10") &&
      view.allHold("blue", "9"),
  },
  keyStep: 2,
};

export const FULL_DISK: NodeStory = {
  id: "full-disk",
  title: say("A full disk", "磁盘已满"),
  story: say(
    "Not one more byte fits on a follower's disk. It cannot acknowledge what it cannot keep, so it stops and says why, while the other two go on: they are a majority. When somebody makes room and starts it again, it catches up.",
    "一个跟随者的磁盘再也放不下一个字节。存不下的东西就不能确认，于是它停下并说明原因，另外两个是多数派，继续工作。有人腾出空间并重新启动后，它就赶上来。",
  ),
  seed: 63,
  members: MEMBERS,
  steps: [
    ELECTION,
    {
      caption: say("A client sets stock=1 everywhere.", "客户端设置 stock=1，各成员都已持有。"),
      namesMembers: true,
      actions: () => [write(1, "stock", "1")],
      until: (view) => view.isAnswered(1) && view.allHold("stock", "1"),
    },
    {
      caption: say(
        "The disk of member {victim} is full. Two clients store photos, and there is no room for them: member {victim} stops instead of confirming what it cannot keep.",
        "成员 {victim} 的磁盘已满。两个客户端存储照片，那里放不下：成员 {victim} 停下，而不是确认它存不下的东西。",
      ),
      actions: (who) => [
        { type: "diskFault", member: who("victim"), fault: "fill" },
        write(2, "photo 1", PHOTO, who("leader")),
        write(3, "photo 2", PHOTO, who("leader")),
      ],
      until: (view) => view.times("failed", "victim") > 0,
    },
    {
      caption: say(
        "Members {leader} and {other} are a majority: both photos are confirmed all the same.",
        "成员 {leader} 和 {other} 是多数派：两张照片照样得到确认。",
      ),
      until: (view) => view.isAnswered(2) && view.isAnswered(3),
    },
    {
      caption: say(
        "Somebody makes room on the disk of member {victim} and starts it again. It takes what it missed.",
        "有人为成员 {victim} 的磁盘腾出空间并重新启动它。它补上错过的内容。",
      ),
      actions: (who) => [
        { type: "diskFault", member: who("victim"), fault: "free" },
        { type: "restart", member: who("victim") },
      ],
      until: (view) => view.allHold("photo 1", PHOTO) && view.allHold("photo 2", PHOTO),
    },
  ],
  goal: {
    text: say(
      "The write was confirmed without the full disk, and nothing was confirmed that was not kept.",
      "没有那块满盘，写入照样得到确认；没有保存的东西从未被确认。",
    ),
    reached: (view) =>
      view.times("failed", "victim") === 1 &&
      view.isAnswered(2) &&
      view.isAnswered(3) &&
      view.allHold("photo 1", PHOTO) &&
      view.allHold("photo 2", PHOTO),
  },
  keyStep: 2,
};

export const FAILED_SYNC: NodeStory = {
  id: "failed-sync",
  title: say("The disk says no", "落盘失败"),
  story: say(
    "A write is only safe when the disk has confirmed it (fsync). Once the leader's disk answers with an error. Asking again would be wrong: operating systems report the error once and forget the data, and the second time they say “fine”. So the leader stops at once. The others elect a new one, and the client, which repeats in its session, is served there, once.",
    "只有磁盘确认（fsync）之后，写入才安全。有一次，领导者的磁盘回答了错误。再问一次是错的：操作系统只报告一次错误就丢掉数据，第二次会说“没问题”。所以领导者立刻停下。其他成员选出新的领导者，客户端在会话中重试，在那里得到服务，且只执行一次。",
  ),
  seed: 64,
  members: MEMBERS,
  steps: [
    ELECTION,
    {
      caption: say("A client sets fuel=10.", "客户端设置 fuel=10。"),
      namesMembers: true,
      actions: () => [write(1, "fuel", "10")],
      until: (view) => view.isAnswered(1) && view.allHold("fuel", "10"),
    },
    {
      caption: say(
        "A client asks member {leader} to set fuel=9. The disk of member {leader} cannot make it durable: the member stops rather than guess.",
        "客户端请求成员 {leader} 设置 fuel=9。成员 {leader} 的磁盘无法让它落盘：该成员宁可停下，也不猜测。",
      ),
      actions: (who) => [
        { type: "diskFault", member: who("leader"), fault: "failNextSync" },
        write(2, "fuel", "9", who("leader")),
      ],
      until: (view) => view.of("leader").power === "down",
    },
    {
      caption: say(
        "The other two elect a leader. The client has heard nothing, asks again in its session and is answered.",
        "另外两个成员选出领导者。客户端没有得到答复，在会话中重试并得到答复。",
      ),
      until: (view) => view.isAnswered(2) && view.leader !== undefined,
    },
    {
      caption: say(
        "Member {leader} starts again from what its disk really holds, and follows.",
        "成员 {leader} 按磁盘上真实保存的内容重新启动，并跟随新领导者。",
      ),
      actions: (who) => [{ type: "restart", member: who("leader") }],
      until: (view) => view.allHold("fuel", "9"),
    },
  ],
  goal: {
    text: say(
      "The member whose disk failed confirmed nothing, and the client's write was done once.",
      "磁盘出错的成员没有确认任何东西，客户端的写入恰好执行一次。",
    ),
    reached: (view) =>
      view.times("crashed", "leader") === 1 && view.isAnswered(2) && view.allHold("fuel", "9"),
  },
  keyStep: 2,
};

export const POWER_LOSS: NodeStory = {
  id: "power-loss",
  title: say("The power goes everywhere", "全体断电"),
  story: say(
    "A client is told “done”, and in the same moment the power of all three members goes. Whatever was not durable is lost: look at the outlined blocks and the files below. But “done” is only said when a majority has the write on disk for good, so it is there when the power is back.",
    "客户端刚得到“完成”，三个成员同时断电。没有落盘的一切都丢失：看下方空心的块和文件。但只有多数派真正落盘之后才会说“完成”，所以来电之后它还在。",
  ),
  seed: 65,
  members: MEMBERS,
  steps: [
    ELECTION,
    {
      caption: say(
        "A client sets name=chen and hears “done”.",
        "客户端设置 name=chen 并得到“完成”。",
      ),
      namesMembers: true,
      actions: () => [write(1, "name", "chen")],
      until: (view) => view.isAnswered(1),
    },
    {
      caption: say(
        "In this moment the power goes everywhere. What was not durable yet is gone.",
        "就在此刻全体断电，尚未落盘的内容全部丢失。",
      ),
      actions: () => [{ type: "crashAll" }],
      until: (view) => view.members.every(({ power }) => power === "down"),
      forMs: 20,
    },
    {
      caption: say(
        "The power is back. Each member reads its log; whoever has the write can win the election, and a majority has it.",
        "来电了。各成员读取自己的日志；持有这次写入的成员才能当选，而多数成员都持有它。",
      ),
      actions: () => [{ type: "restartAll" }],
      until: (view) => view.leader !== undefined,
    },
    {
      caption: say("Another client reads name: chen.", "另一个客户端读取 name：chen。"),
      actions: () => [{ type: "ask", client: 2, operation: { type: "read", key: "name" } }],
      until: (view) => view.isAnswered(2) && view.allHold("name", "chen"),
    },
  ],
  goal: {
    text: say(
      "What a client was told is done survives the loss of all power at once.",
      "告诉过客户端“完成”的写入，在全体同时断电之后仍然存在。",
    ),
    reached: (view) =>
      view.times("crashed", "leader") === 1 &&
      view.client(2)?.answer === "chen" &&
      view.allHold("name", "chen"),
  },
  keyStep: 2,
};
