import type { RuleTable } from "./rule.ts";
import type { ReadRuleId } from "./rule-id.ts";

export const READ_RULES: RuleTable<ReadRuleId> = {
  readIndex: {
    name: { en: "Read index", zh: "读索引" },
    source: "Ongaro",
    section: "6.4",
    statement: {
      en: "A read needs no log entry. The leader notes its commit index, makes sure by one round of heartbeats to a majority that it still leads, and lets the read be served once that index is applied. Its answer then contains every write that was finished before the read began.",
      zh: "读请求不必写日志。领导者记下当前的提交索引，通过一轮发往多数派的心跳确认自己仍是领导者，待该索引应用之后即可读取。这样读到的结果必然包含读请求发出之前已完成的全部写入。",
    },
  },
  readAfterOwnCommit: {
    name: { en: "First commit, then read", zh: "先提交，后读取" },
    source: "Raft",
    section: "8",
    statement: {
      en: "A new leader does not know which entries are committed until one of its own term is. Reads that arrive earlier wait for that entry.",
      zh: "新领导者在本任期的条目提交之前，并不知道哪些条目已经提交。在此之前到达的读请求要等待该条目提交。",
    },
  },
  followerRead: {
    name: { en: "Reads on followers", zh: "在跟随者上读取" },
    source: "Ongaro",
    section: "6.4",
    statement: {
      en: "A follower can serve reads that are never stale: it asks the leader for a read index, waits until it has applied that far, and reads from its own state.",
      zh: "跟随者也可以处理不会读到旧数据的读请求：先向领导者索取读索引，等自己应用到该位置，再从本地状态读取。",
    },
  },
  leaseRead: {
    name: { en: "Lease read", zh: "租约读" },
    source: "Ongaro",
    section: "6.4.1",
    statement: {
      en: "For almost an election time-out after a majority answered its heartbeats, nobody else can have become leader, so the leader answers reads without asking. This rests on clocks that run at nearly the same speed, and ends when a leadership transfer begins.",
      zh: "多数派应答心跳之后，在接近一个选举超时的时间内不可能有别的成员当选，因此领导者无需询问即可答复读请求。这一做法依赖于各成员的时钟快慢基本一致，并且在领导权移交开始时失效。",
    },
  },
};
