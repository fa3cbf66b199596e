import {
  EXACTLY_ONCE,
  LEASE_READ,
  READ_INDEX,
  REDIRECT,
  STALE_LEADER_READ,
} from "./clients/client-stories.ts";
import { PIPELINED_CLIENT } from "./clients/pipelined-client.ts";
import {
  JOINT_CONSENSUS,
  REMOVE_LEADER,
  UNSAFE_NAIVE_CHANGE,
} from "./membership/change-stories.ts";
import { REPLACE_ALL, WIPED_MEMBER } from "./membership/replacement-stories.ts";
import { COMPACTION, INSTALL_SNAPSHOT, NEW_MEMBER } from "./membership/snapshot-stories.ts";
import { BRIDGE, FIVE_WAY_SPLIT, FLAPPING, ONE_WAY_LINK } from "./partitions/partition-stories.ts";
import { QUORUM_LOST } from "./partitions/quorum-lost.ts";
import { SPLIT_BRAIN } from "./partitions/split-brain.ts";
import {
  CRASH_AFTER_REPLICATE_ALL,
  CRASH_BEFORE_NOTIFY,
  CRASH_BEFORE_RECEIVE,
  CRASH_BEFORE_REPLICATE,
  CRASH_BEFORE_REPLY,
} from "./replication/crash-stories.ts";
import { FIGURE_7, FIGURE_8 } from "./replication/figure-stories.ts";
import { CRASH_AFTER_REPLICATE_SOME } from "./replication/some-copies-story.ts";
import {
  COMMIT_FOLLOWS_LEADER,
  FOLLOWER_PERSISTS_FIRST,
  OVERLAPPING_APPENDS,
  UNCONFIRMED_ERROR,
  WRITE_HAPPY_PATH,
} from "./replication/write-stories.ts";
import {
  CANDIDATE_STEPS_DOWN,
  COLD_START,
  LEADER_TIMEOUT,
  SPLIT_VOTE,
} from "./roles/election-stories.ts";
import { CHECK_QUORUM, LEADER_STICKINESS, PRE_VOTE, TRANSFER } from "./roles/stability-stories.ts";
import { HIGHER_TERM, RETURNING_LEADER, TIMING_RULE } from "./roles/term-stories.ts";
import { STALE_CANDIDATE, VOTE_ONCE } from "./roles/voting-stories.ts";
import type { Scenario } from "./scenario.ts";

/** Every story, in the order in which they are best read. */
export const SCENARIOS: readonly Scenario[] = [
  COLD_START,
  LEADER_TIMEOUT,
  SPLIT_VOTE,
  STALE_CANDIDATE,
  VOTE_ONCE,
  CANDIDATE_STEPS_DOWN,
  HIGHER_TERM,
  RETURNING_LEADER,
  PRE_VOTE,
  LEADER_STICKINESS,
  CHECK_QUORUM,
  TRANSFER,
  TIMING_RULE,
  WRITE_HAPPY_PATH,
  CRASH_BEFORE_RECEIVE,
  CRASH_BEFORE_REPLICATE,
  CRASH_AFTER_REPLICATE_ALL,
  CRASH_AFTER_REPLICATE_SOME,
  CRASH_BEFORE_NOTIFY,
  CRASH_BEFORE_REPLY,
  UNCONFIRMED_ERROR,
  FIGURE_7,
  FIGURE_8,
  OVERLAPPING_APPENDS,
  FOLLOWER_PERSISTS_FIRST,
  COMMIT_FOLLOWS_LEADER,
  SPLIT_BRAIN,
  FIVE_WAY_SPLIT,
  QUORUM_LOST,
  ONE_WAY_LINK,
  BRIDGE,
  FLAPPING,
  COMPACTION,
  INSTALL_SNAPSHOT,
  NEW_MEMBER,
  UNSAFE_NAIVE_CHANGE,
  JOINT_CONSENSUS,
  REMOVE_LEADER,
  WIPED_MEMBER,
  REPLACE_ALL,
  REDIRECT,
  READ_INDEX,
  LEASE_READ,
  STALE_LEADER_READ,
  EXACTLY_ONCE,
  PIPELINED_CLIENT,
];

/** The scenario of that name, undefined when there is none. */
export function findScenario(id: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.id === id);
}
