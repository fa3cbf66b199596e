import type { DecisionByType, DecisionTellings } from "./decision-telling.ts";

type NotSent = DecisionByType["snapshotNotSent"];
type Ignored = DecisionByType["snapshotIgnored"];

const NOT_SENT_EN: Readonly<Record<NotSent["reason"], string>> = {
  inactive: "it was silent lately, so the snapshot would be sent in vain",
  building: "the snapshot is still being made",
};

const NOT_SENT_ZH: Readonly<Record<NotSent["reason"], string>> = {
  inactive: "对方近来没有音讯，发送也是徒劳",
  building: "快照还在生成",
};

const IGNORED_EN: Readonly<Record<Ignored["reason"], (d: Ignored) => string>> = {
  committedAlready: (d) => `everything up to index ${d.commit} is committed here already`,
  inLogAlready: (d) =>
    `its log already holds that entry, so it keeps the log and only learns that everything up to index ${d.snapshot.index} is committed (it knew so up to index ${d.commit})`,
};

const IGNORED_ZH: Readonly<Record<Ignored["reason"], (d: Ignored) => string>> = {
  committedAlready: (d) => `本地已提交到索引${d.commit}`,
  inLogAlready: (d) =>
    `日志中已有该条目，因此保留日志，只是得知到索引${d.snapshot.index}为止都已提交（此前只到索引${d.commit}）`,
};

/** Snapshots on the leader's side: offered, on their way, arrived or lost. */
export const SNAPSHOT_SENDING: DecisionTellings<
  | "snapshotNotSent"
  | "snapshotSent"
  | "replicationPaused"
  | "snapshotNoLongerNeeded"
  | "snapshotReported"
> = {
  snapshotNotSent: {
    rule: "snapshotForLaggards",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, sends ${w.member(d.to)} no snapshot yet, although it needs one: ${NOT_SENT_EN[d.reason]}`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}暂不向${w.member(d.to)}发送其所需的快照：${NOT_SENT_ZH[d.reason]}`,
  },
  snapshotSent: {
    rule: "snapshotForLaggards",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)}, the leader of term ${d.term}, sends ${w.member(d.to)} a snapshot up to ${w.position(d.snapshot)}: that member needs entries from index ${d.progress.next} on, but the leader's log begins at index ${d.firstIndex} and is committed up to index ${d.commit}`,
    zh: (d, w) =>
      `任期${d.term}的领导者${w.member(d.id)}向${w.member(d.to)}发送截至${w.position(d.snapshot)}的快照：对方需要从索引${d.progress.next}开始的条目，而领导者的日志从索引${d.firstIndex}才开始，已提交到索引${d.commit}`,
  },
  replicationPaused: {
    rule: "snapshotForLaggards",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} sends ${w.member(d.member)} no entries in term ${d.term} until the snapshot up to index ${d.progress.pendingSnapshot} has arrived; the next one will be at index ${d.progress.next}`,
    zh: (d, w) =>
      `在任期${d.term}中，截至索引${d.progress.pendingSnapshot}的快照送达之前，${w.member(d.id)}不向${w.member(d.member)}发送条目；之后从索引${d.progress.next}继续`,
  },
  snapshotNoLongerNeeded: {
    rule: "snapshotForLaggards",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} sends ${w.member(d.member)} entries again in term ${d.term}: that member holds the log up to index ${d.progress.match}, where the leader's own log can continue, so the snapshot up to index ${d.progress.pendingSnapshot} need not be awaited any more`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中恢复向${w.member(d.member)}发送条目：对方已拥有到索引${d.progress.match}为止的日志，领导者的日志可以从那里接续，不必再等截至索引${d.progress.pendingSnapshot}的快照`,
  },
  snapshotReported: {
    rule: "snapshotForLaggards",
    importance: (d) => (d.delivered ? "routine" : "warning"),
    en: (d, w) =>
      d.delivered
        ? `${w.subject(d.id)} heard in term ${d.term} that the snapshot reached ${w.member(d.member)}, and will go on with entries from index ${d.progress.next}`
        : `${w.subject(d.id)} heard in term ${d.term} that the snapshot did not reach ${w.member(d.member)}, and will try again from index ${d.progress.next}`,
    zh: (d, w) =>
      d.delivered
        ? `${w.member(d.id)}在任期${d.term}中得知快照已送达${w.member(d.member)}，将从索引${d.progress.next}继续发送条目`
        : `${w.member(d.id)}在任期${d.term}中得知快照未能送达${w.member(d.member)}，将从索引${d.progress.next}重新尝试`,
  },
};

/** Snapshots on the follower's side: taken, or why not. */
export const SNAPSHOT_RECEIVING: DecisionTellings<
  | "snapshotRestoreStarted"
  | "snapshotRestored"
  | "snapshotAccepted"
  | "snapshotIgnored"
  | "snapshotNotForUs"
  | "commitFastForwarded"
> = {
  snapshotRestoreStarted: {
    rule: "snapshotInstall",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} begins in term ${d.term} to replace its log with a snapshot up to ${w.position(d.snapshot)}; so far it has committed up to index ${d.commit} and applied up to index ${d.applied} (handed out up to ${d.applying}); of its log, ${w.count(d.tailCount, "entry", "entries")} from index ${d.tailOffset} on are not on disk yet, and those from index ${d.tailHandedOut} on are not even being written`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中开始用截至${w.position(d.snapshot)}的快照替换日志；目前提交到索引${d.commit}，应用到索引${d.applied}（已交出应用到索引${d.applying}），从索引${d.tailOffset}开始有${d.tailCount}个条目尚未落盘，其中从索引${d.tailHandedOut}开始的还没有交给磁盘写入`,
  },
  snapshotRestored: {
    rule: "snapshotInstall",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} replaced its log in term ${d.term}: it now begins after the snapshot up to ${w.position(d.snapshot)}, is committed up to index ${d.commit} and ends at ${w.position(d.last)}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中完成日志替换：日志现在从截至${w.position(d.snapshot)}的快照之后开始，已提交到索引${d.commit}，末尾为${w.position(d.last)}`,
  },
  snapshotAccepted: {
    rule: "snapshotInstall",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} took the snapshot up to ${w.position(d.snapshot)} from ${w.member(d.from)}, the leader of term ${d.term}, and is now committed up to index ${d.commit}`,
    zh: (d, w) =>
      `${w.member(d.id)}接受了任期${d.term}的领导者${w.member(d.from)}发来的截至${w.position(d.snapshot)}的快照，现在提交到索引${d.commit}`,
  },
  snapshotIgnored: {
    rule: "snapshotInstall",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} did not take the snapshot up to ${w.position(d.snapshot)} from ${w.member(d.from)} in term ${d.term}: ${IGNORED_EN[d.reason](d)}`,
    zh: (d, w) =>
      `${w.member(d.id)}在任期${d.term}中没有采用${w.member(d.from)}发来的截至${w.position(d.snapshot)}的快照：${IGNORED_ZH[d.reason](d)}`,
  },
  snapshotNotForUs: {
    rule: "snapshotInstall",
    importance: "notable",
    en: (d, w) =>
      `${w.subject(d.id)} is not listed as a member in the snapshot up to ${w.position(d.snapshot)} that ${w.member(d.from)} sent in term ${d.term}, which does not keep it from taking it: the snapshot was made before it was added, or after it was removed`,
    zh: (d, w) =>
      `${w.member(d.from)}在任期${d.term}中发来的截至${w.position(d.snapshot)}的快照，其成员名单中没有${w.member(d.id)}，但这并不妨碍它采用：快照生成于它加入之前，或者被移除之后`,
  },
  commitFastForwarded: {
    rule: "snapshotInstall",
    importance: "routine",
    en: (d, w) =>
      `${w.subject(d.id)} already holds ${w.position(d.snapshot)}, the end of the snapshot sent in term ${d.term}, so it keeps its log, which ${w.end(d.last)}, and moves its commit index from ${d.commit} to ${d.snapshot.index}`,
    zh: (d, w) =>
      `${w.member(d.id)}已拥有任期${d.term}中收到的快照的末尾${w.position(d.snapshot)}，因此保留自己的日志，日志${w.end(d.last)}，并把提交索引从${d.commit}移到${d.snapshot.index}`,
  },
};
