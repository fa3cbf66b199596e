import type { Action } from "../../plan/action.ts";
import type { Scenario } from "../scenario.ts";
import { ELECTION, named, nameOthers, STORY_SETTINGS, say } from "../telling.ts";

const VALUES = ["v1", "v2", "v3", "v4", "v5", "v6"];

const COMMANDS: readonly Action[] = VALUES.map((value) => ({
  type: "ask",
  client: 1,
  operation: { type: "write", key: "x", value },
  member: named("old"),
  isPipelined: true,
}));

export const PIPELINED_CLIENT: Scenario = {
  id: "pipelined-client",
  group: "clients",
  world: "cores",
  title: say("Many commands in flight", "多条命令同时在途"),
  story: say(
    "A client does not wait for each answer: six commands on the same key are under way at once. Messages between members overtake each other and come twice. The log has one order, and the session's numbers keep it: every member applies the six in the order in which they were asked, once each.",
    "客户端不等每条命令的答复：针对同一个键的六条命令同时在途。成员之间的消息互相超越，还会重复到达。日志只有一个顺序，会话编号保持这个顺序：每个成员都按请求的先后应用这六条命令，各一次。",
  ),
  seed: 86,
  settings: {
    ...STORY_SETTINGS,
    clientRetryMs: 1_500,
    weather: {
      delayMinMs: 1,
      delayMaxMs: 20,
      lossRate: 0,
      duplicateRate: 0.3,
      lateRate: 0.1,
      lateMaxMs: 60,
    },
  },
  steps: [
    ELECTION,
    {
      caption: say(
        "Client 1 sends six commands to member {old} without waiting.",
        "客户端 1 不等答复，向成员 {old} 连发六条命令。",
      ),
      actions: [nameOthers("a", "b"), ...COMMANDS],
      until: { type: "value", who: "all", key: "x", value: "v6" },
      withinMs: 10_000,
    },
  ],
  goal: {
    text: say(
      "Six commands were in flight before the first answer, and every member applied them in order, once each.",
      "第一个答复之前已有六条命令在途，每个成员都按顺序各应用一次。",
    ),
    reached: (view) => {
      const client = view.events.filter((event) => event.type === "client");
      const first = client.findIndex((event) => event.phase === "answered");
      const asked = client.slice(0, first).filter((event) => event.phase === "asks").length;
      return (
        asked === VALUES.length &&
        view.clients.every(({ belief }) => belief === "answered") &&
        [1, 2, 3].every((id) => view.valuesApplied(id).join() === VALUES.join())
      );
    },
  },
  keyStep: 1,
};
