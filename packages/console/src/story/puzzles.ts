import type { Entry } from "@quorate/core";
import type { BothLanguages, ClusterSettings, MemberFrame } from "@quorate/sim";
import { CALM_WEATHER } from "@quorate/sim";
import type { Track } from "../recording/track.ts";

/** Something to bring about by hand. */
export interface Puzzle {
  readonly id: string;
  readonly title: BothLanguages;
  readonly task: BothLanguages;
  readonly hint: BothLanguages;
  readonly seed: number;
  readonly settings: Partial<ClusterSettings>;
  /** Is it solved at this moment? Looks at recorded data only. */
  solved(track: Track, moment: number): boolean;
}

const CALM: Partial<ClusterSettings> = {
  tickMs: 10,
  weather: { ...CALM_WEATHER, delayMinMs: 3, delayMaxMs: 8 },
  core: { electionTicks: 10, heartbeatTicks: 3 },
};

/** Entries that a member holds and its leader does not, by their terms. */
function extraTerms(
  track: Track,
  moment: number,
  member: MemberFrame,
  leader: MemberFrame,
): number {
  const terms = new Set<number>();
  for (let index = member.first; index <= member.last; index += 1) {
    const here = track.entryAt(member, index, moment);
    const there: Entry | undefined = track.entryAt(leader, index, moment);
    if (here !== undefined && here.term !== there?.term) terms.add(here.term);
  }
  return terms.size;
}

/** A term is over in which two members asked for votes, and nobody came to lead it. */
function termPassedWithoutLeader(track: Track, moment: number): boolean {
  const candidates = new Map<number, Set<number>>();
  const led = new Set<number>();
  for (const mark of track.marksBetween(-1, track.atMs(moment))) {
    if (mark.kind !== "role" || mark.moment > moment) continue;
    if (mark.role === "leader") led.add(mark.term);
    if (mark.role !== "candidate") continue;
    candidates.set(mark.term, (candidates.get(mark.term) ?? new Set()).add(mark.member));
  }
  const newest = Math.max(...track.frame(moment).members.map(({ term }) => term));
  for (const [term, asked] of candidates) {
    if (asked.size > 1 && term < newest && !led.has(term)) return true;
  }
  return false;
}

export const PUZZLES: readonly Puzzle[] = [
  {
    id: "two-leaders",
    title: { en: "Two leaders at once", zh: "同时有两个领导者" },
    task: {
      en: "Bring it about that two members lead at the same moment, in two different terms. Raft allows that: only one of them can commit.",
      zh: "让两个成员在同一时刻、不同任期担任领导者。Raft 允许这种情况：只有其中一个能够提交。",
    },
    hint: {
      en: "A leader that hears nobody goes on for a while. Isolate it, and the others will choose another.",
      zh: "听不到别人的领导者还会继续一阵子。隔离它，其他成员会另选一个。",
    },
    seed: 21,
    settings: { ...CALM, members: 5 },
    solved: (track, moment) => {
      const leaders = track
        .frame(moment)
        .members.filter(({ role, power }) => role === "leader" && power === "up");
      return new Set(leaders.map(({ term }) => term)).size > 1;
    },
  },
  {
    id: "like-f",
    title: { en: "Make a follower look like (f)", zh: "让跟随者变成图 7 的 (f)" },
    task: {
      en: "Figure 7 of the paper shows a follower (f) that holds entries of two terms its leader has never seen. Make one: lead, write, be cut off, twice in a row.",
      zh: "论文图 7 的跟随者 (f) 持有两个任期的条目，而它的领导者从未见过。请造出一个：当选、写入、断网，连续两次。",
    },
    hint: {
      en: "Cut a leader off and let a client write to it. Then kill the process, heal the network while the others are paused, let it lead again and repeat. Choosing the member and pressing “campaign” helps.",
      zh: "隔离领导者并让客户端向它写入。然后借助“参选”按钮让同一个成员再次当选，在其他成员收到条目之前再次隔离并写入。",
    },
    seed: 22,
    settings: { ...CALM, members: 5 },
    solved: (track, moment) => {
      const { members } = track.frame(moment);
      const leader = members.find(({ role, power }) => role === "leader" && power === "up");
      if (leader === undefined) return false;
      return members.some(
        (member) =>
          member.id !== leader.id &&
          member.role !== "leader" &&
          extraTerms(track, moment, member, leader) >= 2,
      );
    },
  },
  {
    id: "no-leader-term",
    title: { en: "A term without a leader", zh: "没有领导者的任期" },
    task: {
      en: "Let a term pass in which two members ask for votes and nobody wins.",
      zh: "让一个任期过去：两个成员都请求投票，却无人当选。",
    },
    hint: {
      en: "Stop the leader, then make two of the others campaign at the same moment. With four voters left, two and two is a tie.",
      zh: "停掉领导者，然后让另外两个成员在同一时刻参选。剩下四票，二比二就是平局。",
    },
    seed: 23,
    settings: { ...CALM, members: 5, core: { ...CALM.core, preVote: false } },
    solved: termPassedWithoutLeader,
  },
  {
    id: "lose-a-write",
    title: { en: "Lose a write", zh: "丢失一次写入" },
    task: {
      en: "In this cluster members answer before their disk has written. Make an acknowledged write disappear: a guarantee must turn red.",
      zh: "在这个集群里，成员在写盘之前就应答。请让一次已确认的写入消失：必须有一条保证变红。",
    },
    hint: {
      en: "Slow the disks down, let a client write, and pull the plug of the majority right after the answer. Then start them again and write something else.",
      zh: "把磁盘调慢，让客户端写入，在答复之后立刻拔掉多数成员的电源。再启动它们，写入别的内容。",
    },
    seed: 24,
    settings: {
      ...CALM,
      members: 3,
      brokenRules: ["answerBeforeSync"],
      silentCheckers: [
        "durable before promised",
        "committed entries are durable on a quorum",
        "applied is durable",
        "leaders have a quorum of durable votes",
      ],
    },
    solved: (track, moment) => track.frame(moment).violations > 0,
  },
];
