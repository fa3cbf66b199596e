// Who leads, asked over the JSON gateway that etcd and Quorate both have.
import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT_MS = 20_000;

async function statusOf(member) {
  const answer = await fetch(`${member.clientUrl}/v3/maintenance/status`, {
    method: "POST",
    body: "{}",
    signal: AbortSignal.timeout(1_000),
  });
  return answer.json();
}

/** The member that leads; waits until one does. */
export async function leaderOf(cluster, { among = cluster.members } = {}) {
  const until = Date.now() + TIMEOUT_MS;
  while (Date.now() < until) {
    for (const member of among) {
      try {
        const { leader, header } = await statusOf(member);
        if (leader !== undefined && leader === header.member_id) return member;
      } catch {
        // It is starting or stopping: the others are asked, and then it again.
      }
    }
    await sleep(50);
  }
  throw new Error(`No member leads after ${TIMEOUT_MS / 1000} s.`);
}
