import type { MembershipChange } from "@quorate/core";
import { type Configuration, NO_BUDGETS, PLAIN } from "./configuration.ts";

const CONTEXT: Uint8Array = new Uint8Array(0);

function change(
  transition: MembershipChange["transition"],
  ...steps: MembershipChange["steps"]
): MembershipChange {
  return { transition, steps, context: CONTEXT };
}

function of(name: string, story: string, rest: Partial<Configuration>): Configuration {
  return { ...PLAIN, name, story, ...rest };
}

/** Logs as two leaders left them who never got an entry to a majority. */
const DIVERGED: Partial<Configuration> = {
  symmetric: [],
  termMax: 6,
  appendBytesMax: 1,
  beginnings: {
    1: { terms: [2, 4], term: 4, vote: 0, commit: 1 },
    2: { terms: [2, 3, 3], term: 4, vote: 0, commit: 1 },
    3: { terms: [2], term: 4, vote: 0, commit: 1 },
  },
};

/** Small clusters, each with another rule in the middle. Terms begin at 1, so `termMax: 4` leaves two to be led. */
export const CONFIGURATIONS: readonly Configuration[] = [
  of(
    "election",
    "Three members, three campaigns in two terms, a crash that loses what is not durable, any order of messages.",
    {
      termMax: 4,
      slowDisk: true,
      delivers: ["vote", "voteReply"],
      budgets: { ...NO_BUDGETS, campaigns: 3, restarts: 1, duplicates: 1 },
    },
  ),
  of("replication", "Three members, two terms, one command, any order of messages.", {
    termMax: 4,
    inflightMessagesMax: 1,
    budgets: { ...NO_BUDGETS, campaigns: 2, proposals: 1 },
  }),
  of("restart", "Three members, one term, one command, one restart, any order of messages.", {
    termMax: 3,
    inflightMessagesMax: 1,
    budgets: { ...NO_BUDGETS, campaigns: 1, proposals: 1, restarts: 1 },
  }),
  of(
    "replication with a restart",
    "Three members, two terms, one command, one restart, any order of messages.",
    {
      isLarge: true,
      termMax: 4,
      budgets: { ...NO_BUDGETS, campaigns: 2, proposals: 1, restarts: 1 },
    },
  ),
  of(
    "slow disk",
    "Writes of one command take their time on every member, and one of them crashes.",
    {
      termMax: 3,
      slowDisk: true,
      budgets: { ...NO_BUDGETS, campaigns: 1, proposals: 1, restarts: 1 },
    },
  ),
  of(
    "figure 8",
    "From the middle of the paper's Figure 8: an entry of an old term reaches a majority, and somebody may still win without it.",
    {
      symmetric: [],
      termMax: 7,
      appendBytesMax: 1,
      beginnings: {
        1: { terms: [2], term: 4, vote: 0, commit: 1 },
        2: { terms: [], term: 4, vote: 0, commit: 1 },
        3: { terms: [3], term: 4, vote: 0, commit: 1 },
      },
      budgets: { ...NO_BUDGETS, campaigns: 2 },
    },
  ),
  of(
    "diverged logs",
    "Followers hold entries that nobody committed; entries are sent one by one, and messages come twice.",
    { ...DIVERGED, budgets: { ...NO_BUDGETS, campaigns: 1, duplicates: 1 } },
  ),
  of("diverged logs, heartbeats", "The same with a heartbeat that overtakes what it tells about.", {
    ...DIVERGED,
    isLarge: true,
    budgets: { ...NO_BUDGETS, campaigns: 1, heartbeats: 1, duplicates: 1 },
  }),
  of("four voters", "An even number of members: half of them is no majority.", {
    voters: 4,
    symmetric: [1, 2, 3, 4],
    termMax: 3,
    budgets: { ...NO_BUDGETS, campaigns: 2 },
  }),
  of("pre-vote", "Asking first: two members time out, one of them crashes.", {
    preVote: true,
    termMax: 3,
    delivers: ["preVote", "preVoteReply", "vote", "voteReply"],
    budgets: { ...NO_BUDGETS, campaigns: 2, restarts: 1, duplicates: 1 },
  }),
  of("heartbeats", "A leader's heartbeats overtake its appends, and tell what is committed.", {
    voters: 2,
    learners: [3],
    symmetric: [1, 2],
    termMax: 3,
    budgets: { ...NO_BUDGETS, campaigns: 1, proposals: 1, heartbeats: 1 },
  }),
  of("heartbeats, three voters", "The same, with a majority that need not be everybody.", {
    isLarge: true,
    termMax: 3,
    budgets: { ...NO_BUDGETS, campaigns: 1, proposals: 1, heartbeats: 1 },
  }),
  of("read-index", "A read is asked for while leadership changes.", {
    termMax: 4,
    delivers: [
      "vote",
      "voteReply",
      "append",
      "appendOk",
      "heartbeat",
      "heartbeatOk",
      "readIndex",
      "readIndexReply",
    ],
    budgets: { ...NO_BUDGETS, campaigns: 2, reads: 1 },
  }),
  of(
    "snapshot",
    "A member compacts its log, and a newcomer can be caught up by the snapshot only.",
    {
      voters: 2,
      symmetric: [],
      newcomers: [3],
      changes: [change("auto", { action: "learner", member: 3 })],
      termMax: 3,
      budgets: { ...NO_BUDGETS, campaigns: 1, changes: 1, snapshots: 1 },
    },
  ),
  of(
    "single change",
    "A voter is added and another removed, one at a time, while leadership changes.",
    {
      voters: 3,
      symmetric: [],
      newcomers: [4],
      changes: [
        change("auto", { action: "voter", member: 4 }),
        change("auto", { action: "remove", member: 1 }),
      ],
      termMax: 3,
      budgets: { ...NO_BUDGETS, campaigns: 1, changes: 1 },
    },
  ),
  of(
    "joint change",
    "One voter is replaced by another in one change, through a joint membership.",
    {
      voters: 2,
      symmetric: [],
      newcomers: [3],
      changes: [
        change("implicit", { action: "voter", member: 3 }, { action: "remove", member: 2 }),
      ],
      termMax: 3,
      budgets: { ...NO_BUDGETS, campaigns: 1, changes: 1 },
    },
  ),
  of("learner", "A learner's acknowledgement and vote count for nothing.", {
    voters: 2,
    learners: [3],
    symmetric: [1, 2],
    termMax: 3,
    budgets: { ...NO_BUDGETS, campaigns: 1, proposals: 1, restarts: 1 },
  }),
  of("transfer", "Leadership is handed over while a command is on its way.", {
    termMax: 4,
    budgets: { ...NO_BUDGETS, campaigns: 1, proposals: 1, transfers: 1 },
  }),
];
