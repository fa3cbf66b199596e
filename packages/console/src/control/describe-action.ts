import type { Action, DiskFault, MemberRef, MessageFilter } from "@quorate/sim";
import { operationWords } from "../language/operation-words.ts";
import { memberName, say } from "../language/say.ts";
import { messageWord } from "../language/words.ts";
import type { RunAction } from "../recording/run.ts";

type Names = ReadonlyMap<string, number>;

/** What was done to the cluster from outside, as a sentence. */
export function describeAction(action: RunAction, names: Names): string {
  const who = (ref: MemberRef): string => refName(ref, names);
  switch (action.type) {
    case "partition":
      return partitionSentence(action.groups, who);
    case "ask":
      return say(
        `Client ${action.client} wants: ${operationWords(action.operation)}.`,
        `客户端 ${action.client} 请求：${operationWords(action.operation)}。`,
      );
    case "recoverQuorum":
      return say(
        "The lost quorum is given up: one survivor begins a new group.",
        "放弃已丢失的多数派：由一个幸存者开始新的集群。",
      );
    case "loseAnswer":
      return say(
        `The next answer to client ${action.client} will be lost.`,
        `给客户端 ${action.client} 的下一个答复将会丢失。`,
      );
    case "changeMembership":
      return say("A change of the members is proposed.", "提议变更成员。");
    case "name":
    case "nameAll":
      return say("The story gives the members names.", "故事为成员起名。");
    case "hold":
      return say(
        `From now on these messages are held back: ${filterWords(action.messages, who)}.`,
        `从现在起扣留这些消息：${filterWords(action.messages, who)}。`,
      );
    case "release":
      return say("Held messages go on their way.", "放行被扣留的消息。");
    case "dropHeld":
      return say("Held messages are lost.", "丢弃被扣留的消息。");
    case "holdNothing":
      return say("No more messages are held back.", "不再扣留消息。");
    case "mendAll":
      return say("All wires are whole again.", "所有线路恢复。");
    case "crashAll":
      return say("All members are stopped at once.", "所有成员同时停止。");
    case "restartAll":
      return say("All members start again.", "所有成员重新启动。");
    case "ring":
      return say("Everyone hears only its two neighbours.", "每个成员只能听到左右两个邻居。");
    case "dropMessage":
      return say("A message is taken off the wire.", "一条消息被丢弃。");
    case "delayMessage":
      return say(
        `A message comes ${action.extraMs} ms later.`,
        `一条消息推迟 ${action.extraMs} 毫秒。`,
      );
    case "duplicateMessage":
      return say("A message comes twice.", "一条消息被重复。");
    case "cut":
      return say(
        `The wire from ${who(action.from)} to ${who(action.to)} is cut.`,
        `切断从${who(action.from)}到${who(action.to)}的线路。`,
      );
    case "mend":
      return say(
        `The wire from ${who(action.from)} to ${who(action.to)} is mended.`,
        `修复从${who(action.from)}到${who(action.to)}的线路。`,
      );
    case "slowLink":
      return say(
        `The wire from ${who(action.from)} to ${who(action.to)} takes ${action.extraMs} ms more.`,
        `从${who(action.from)}到${who(action.to)}的线路增加 ${action.extraMs} 毫秒延迟。`,
      );
    case "diskFault":
      return diskSentence(action.fault, who(action.member));
    default:
      return memberSentence(action, who);
  }
}

function diskSentence(fault: DiskFault, name: string): string {
  switch (fault) {
    case "tearNextWrite":
      return say(
        `The power of ${name} will go in the middle of its next durable write.`,
        `${name}将在下一次落盘写入的中途断电。`,
      );
    case "failNextWrite":
      return say(
        `The next write of ${name} will be refused by its disk.`,
        `${name}的下一次写入将被磁盘拒绝。`,
      );
    case "failNextSync":
      return say(
        `The disk of ${name} will fail to make its next write durable.`,
        `${name}的磁盘将无法让下一次写入落盘。`,
      );
    case "flipBit":
      return say(
        `${name} loses power, one bit of its log changes, and it starts again.`,
        `${name}断电，日志中的一个比特翻转，然后重新启动。`,
      );
    case "fill":
      return say(`The disk of ${name} is full.`, `${name}的磁盘已满。`);
    case "free":
      return say(`The disk of ${name} has room again.`, `${name}的磁盘又有空间了。`);
  }
}

type MemberActionType =
  | "crash"
  | "restart"
  | "wipe"
  | "pause"
  | "resume"
  | "clockRate"
  | "slowDisk"
  | "campaign"
  | "forgetLeader"
  | "transfer"
  | "snapshot"
  | "addMember";

function memberSentence(
  action: Extract<Action, { readonly type: MemberActionType }>,
  who: (ref: MemberRef) => string,
): string {
  const name = who(action.type === "transfer" ? action.to : action.member);
  switch (action.type) {
    case "crash":
      return action.unsynced === "lost"
        ? say(`The plug of ${name} is pulled.`, `拔掉${name}的电源。`)
        : say(`The process of ${name} is killed.`, `杀死${name}的进程。`);
    case "restart":
      return say(`${name} is started again.`, `重新启动${name}。`);
    case "wipe":
      return say(`The disk of ${name} is wiped.`, `清空${name}的磁盘。`);
    case "pause":
      return say(`${name} is paused.`, `暂停${name}。`);
    case "resume":
      return say(`${name} goes on.`, `恢复${name}。`);
    case "clockRate":
      return say(
        `The clock of ${name} runs ${action.rate} times as fast.`,
        `${name}的时钟以 ${action.rate} 倍速运行。`,
      );
    case "slowDisk":
      return say(
        `Each write of ${name} takes ${action.extraMs} ms more.`,
        `${name}每次写盘多花 ${action.extraMs} 毫秒。`,
      );
    case "campaign":
      return say(`${name} is told to ask for votes.`, `让${name}参选。`);
    case "forgetLeader":
      return say(`${name} is told to forget its leader.`, `让${name}忘记领导者。`);
    case "transfer":
      return say(`Leadership is to go to ${name}.`, `要求把领导权转移给${name}。`);
    case "snapshot":
      return say(`${name} is told to take a snapshot.`, `让${name}做快照。`);
    case "addMember":
      return say(`${name} is started, empty.`, `启动空的${name}。`);
  }
}

function partitionSentence(
  groups: readonly (readonly MemberRef[])[],
  who: (ref: MemberRef) => string,
): string {
  const told = groups.map((group) => group.map(who).join(say(", ", "、"))).join(" | ");
  return say(`The network splits: ${told}.`, `网络分裂：${told}。`);
}

function filterWords(filter: MessageFilter, who: (ref: MemberRef) => string): string {
  const parts = [
    filter.types?.map(messageWord).join(say(", ", "、")) ?? say("all", "全部"),
    filter.from === undefined ? "" : say(`from ${who(filter.from)}`, `来自${who(filter.from)}`),
    filter.to === undefined ? "" : say(`to ${who(filter.to)}`, `发给${who(filter.to)}`),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function refName(ref: MemberRef, names: Names): string {
  if (typeof ref === "number") return memberName(ref);
  if (ref === "leader") return say("the leader", "领导者");
  if (ref === "follower") return say("a follower", "一个跟随者");
  const id = names.get(ref.named);
  return id === undefined ? ref.named : memberName(id);
}
