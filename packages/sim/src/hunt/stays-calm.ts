import type { NodeWorld } from "../world/node-world.ts";
import type { SimNode } from "../world/sim-node.ts";

/** A follower stands still for so many election time-outs: longer than the longest that it may draw. */
const PAUSE_ELECTIONS = 2.2;
/** And is watched for so many afterwards. */
const WATCH_ELECTIONS = 3;

/** With fewer voters a follower that stands still may take the quorum along. */
const VOTERS_MIN = 3;

const CALM_CHECKER = "a group that works keeps its leader";

/**
 * A healed group has a leader, everybody is there, and one follower stands still for a while. Its time is lost, not made
 * up for: what waits for it shows that the leader is alive, so there is no reason for an election.
 */
export async function staysCalm(world: NodeWorld, electionMs: number): Promise<void> {
  const leader = world.leader();
  const follower = pausable(world, leader);
  const term = leader?.record.core?.status().term;
  if (follower === undefined || term === undefined) return;
  world.counters.count("memberPaused");
  follower.pause();
  await world.simulation.run(PAUSE_ELECTIONS * electionMs);
  follower.resume();
  await world.simulation.run(WATCH_ELECTIONS * electionMs);
  if (world.hasViolation) return;
  const after = world.leader();
  const newTerm = after?.record.core?.status().term;
  if (after?.id === leader?.id && newTerm === term) return;
  world.report(
    CALM_CHECKER,
    `node ${leader?.id} led term ${term}; after a pause of node ${follower.id} node ${after?.id} leads term ${newTerm}`,
  );
}

/** A voter besides the leader, where nobody is about who is not a member, or missing. */
function pausable(world: NodeWorld, leader: SimNode | undefined): SimNode | undefined {
  const membership = leader?.record.membership;
  if (membership === undefined || membership.voters.length < VOTERS_MIN) return undefined;
  const { voters, learners, outgoing } = membership;
  const members = new Set([...voters, ...learners, ...outgoing]);
  const nodes = [...world.nodes.values()];
  const isWhole = nodes.length === members.size && nodes.every(({ id }) => members.has(id));
  if (!isWhole || nodes.some(({ power }) => power !== "up")) return undefined;
  return nodes.find(({ id }) => id !== leader?.id && voters.includes(id));
}
