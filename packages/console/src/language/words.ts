import type { PeerMessageType, Role } from "@quorate/core";
import type { MemberFrame } from "@quorate/sim";
import { language } from "../page/preferences.ts";
import { say } from "./say.ts";

export function roleWord(role: Role): string {
  switch (role) {
    case "follower":
      return say("follower", "跟随者");
    case "preCandidate":
      return say("asks for votes", "预候选人");
    case "candidate":
      return say("candidate", "候选人");
    case "leader":
      return say("leader", "领导者");
  }
}

/** A wall clock's time; with its day when that is not today. */
export function clockWord(wallClockMs: number): string {
  const time = new Date(wallClockMs);
  const where = language.value === "zh" ? "zh-CN" : "en-GB";
  const isToday = time.toDateString() === new Date().toDateString();
  const day = isToday
    ? ""
    : `${time.toLocaleDateString(where, { month: "short", day: "numeric" })} `;
  return `${day}${time.toLocaleTimeString(where)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** "leader", "down", "paused". */
export function standingWord({ power, role, membership, id }: MemberFrame): string {
  if (power === "down") return say("down", "已停止");
  if (power === "paused") return say("paused", "已暂停");
  if (role === "follower" && membership.learners.includes(id)) return say("learner", "学习者");
  return roleWord(role);
}

export function messageWord(type: PeerMessageType): string {
  switch (type) {
    case "append":
      return say("append", "追加条目");
    case "appendOk":
      return say("appended", "追加成功");
    case "appendRejected":
      return say("append refused", "拒绝追加");
    case "heartbeat":
      return say("heartbeat", "心跳");
    case "heartbeatOk":
      return say("heartbeat answer", "心跳应答");
    case "vote":
      return say("vote request", "请求投票");
    case "preVote":
      return say("pre-vote request", "请求预投票");
    case "voteReply":
      return say("vote", "投票答复");
    case "preVoteReply":
      return say("pre-vote", "预投票答复");
    case "snapshot":
      return say("snapshot", "快照");
    case "timeoutNow":
      return say("campaign now", "立即参选");
    case "forwardTransfer":
      return say("forwarded transfer", "转发的转移请求");
    case "forwardProposal":
      return say("forwarded proposal", "转发的提案");
    case "readIndex":
      return say("read request", "读请求");
    case "readIndexReply":
      return say("read answer", "读应答");
  }
}

/** Virtual time as people read it. */
export function timeWord(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
