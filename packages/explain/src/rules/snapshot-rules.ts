import type { RuleTable } from "./rule.ts";
import type { SnapshotRuleId } from "./rule-id.ts";

export const SNAPSHOT_RULES: RuleTable<SnapshotRuleId> = {
  snapshotForLaggards: {
    name: { en: "A snapshot for those far behind", zh: "以快照追赶落后成员" },
    source: "Raft",
    section: "7",
    statement: {
      en: "When the leader's log no longer reaches back to what a follower needs, it sends a snapshot, the whole state up to one index, and goes on with entries from there.",
      zh: "如果跟随者需要的条目在领导者的日志中已被压缩掉，领导者就发送快照，即截至某个索引的完整状态，然后从那里继续发送条目。",
    },
  },
  snapshotInstall: {
    name: { en: "Installing a snapshot", zh: "安装快照" },
    source: "Raft",
    section: "7",
    statement: {
      en: "A follower takes a snapshot only if it brings something new. If its log already holds the snapshot's last entry, it keeps its log and only learns that everything up to there is committed; otherwise the snapshot replaces the log.",
      zh: "跟随者只接受能带来新内容的快照。如果日志中已有快照的最后一个条目，就保留日志，只是得知此前的内容都已提交；否则用快照替换日志。",
    },
  },
};
