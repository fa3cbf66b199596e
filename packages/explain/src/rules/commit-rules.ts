import type { RuleTable } from "./rule.ts";
import type { CommitRuleId } from "./rule-id.ts";

export const COMMIT_RULES: RuleTable<CommitRuleId> = {
  commitByMajority: {
    name: { en: "A majority commits", zh: "多数派提交" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "An entry is committed, and will never be lost, when more than half of the voters hold it on disk. Learners do not count. In a joint membership both halves need a majority.",
      zh: "当超过半数的投票成员都把条目写入磁盘后，该条目即告提交，永远不会丢失。学习者不计入在内。处于联合成员状态时，新旧两组各自都要达到多数。",
    },
  },
  commitOwnTerm: {
    name: { en: "Only entries of the own term are counted", zh: "只对本任期条目计数提交" },
    source: "Raft",
    section: "5.4.2",
    statement: {
      en: "A leader never commits an entry of an earlier term by counting its copies, because a later leader could still replace it although a majority holds it. It commits such entries together with the first entry of its own term.",
      zh: "领导者从不通过清点副本数来提交旧任期的条目，因为即使多数派都拥有它，以后的领导者仍有可能将其替换。这类条目会随领导者本任期的第一个条目一起提交。",
    },
  },
  commitFollowsLeader: {
    name: { en: "Followers learn the commit index", zh: "跟随者从领导者得知提交位置" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "The leader tells its followers how far it has committed. A follower goes no further than the entries that it knows to be equal to the leader's.",
      zh: "领导者告知跟随者已经提交到哪里。跟随者的提交位置不会超出已确认与领导者一致的条目。",
    },
  },
  applyInOrder: {
    name: { en: "Apply in order", zh: "按顺序应用" },
    source: "Raft",
    section: "5.3",
    statement: {
      en: "Every member applies the committed entries to its state machine, each once and in the order of the log. That is why all members arrive at the same state.",
      zh: "每个成员都按照日志顺序把已提交的条目应用到自己的状态机，每个条目只应用一次。所有成员因此得到相同的状态。",
    },
  },
};
