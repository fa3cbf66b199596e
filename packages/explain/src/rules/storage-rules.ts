import type { RuleTable } from "./rule.ts";
import type { StorageRuleId } from "./rule-id.ts";

export const STORAGE_RULES: RuleTable<StorageRuleId> = {
  durableFirst: {
    name: { en: "First the disk, then the answer", zh: "先落盘，后应答" },
    source: "Ongaro",
    section: "3.8",
    statement: {
      en: "Term, vote and entries are on disk before any answer that relies on them leaves. An acknowledgement of a write counts only while the log still holds the entries that were written.",
      zh: "任期、选票和条目必须先写入磁盘，依赖它们的应答才能发出。只有当日志中仍是当时写入的那些条目时，写盘完成的通知才算数。",
    },
  },
  parallelWrite: {
    name: { en: "The leader writes in parallel", zh: "领导者并行写盘" },
    source: "Ongaro",
    section: "10.2.1",
    statement: {
      en: "The leader sends entries to its followers while its own disk is still writing them. Its own copy counts towards the majority only once it is on disk.",
      zh: "领导者一边写入自己的磁盘，一边向跟随者发送条目。它自己的副本只有在落盘之后才计入多数派。",
    },
  },
  restart: {
    name: { en: "Restart from disk", zh: "从磁盘恢复" },
    source: "Ongaro",
    section: "3.8",
    statement: {
      en: "After a restart a member goes on with the term, vote and log that it wrote to disk. It begins as a follower, whatever it was before.",
      zh: "重启之后，成员沿用写入磁盘的任期、选票和日志继续工作，并且不论此前是什么角色，一律从跟随者开始。",
    },
  },
  checkedInput: {
    name: { en: "Input is checked", zh: "检查输入" },
    source: "Raft",
    section: "2",
    statement: {
      en: "Raft assumes that members fail but do not lie. A message that contradicts itself or the protocol comes from a defect or from outside, so it is dropped whole and changes nothing.",
      zh: "Raft 假定成员可能出故障，但不会说谎。自相矛盾或违反协议的消息必然源于缺陷或外来干扰，因此整条丢弃，不改变任何状态。",
    },
  },
  invariants: {
    name: { en: "A broken promise stops the member", zh: "违背不变式即停止" },
    source: "Raft",
    section: "5.4.3",
    statement: {
      en: "The proof that Raft is safe rests on conditions that must hold after every step. A member that finds one of them broken does nothing more in this group: a stopped member is harmless, a wrong one is not.",
      zh: "Raft 的安全性证明依赖于每一步之后都必须成立的条件。成员一旦发现某个条件被破坏，就不再参与该组的任何工作：停下来的成员无害，出错的成员却有害。",
    },
  },
};
