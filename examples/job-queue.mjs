// A job queue where every job is queued once and handed out once, although answers get lost and the leader goes away.
// Run it: node examples/job-queue.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, jsonCodec, memoryMachine } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";

const JOBS = 200;
const WORKERS = 8;

/** Replicated state: the next job's number, jobs nobody has yet, jobs by the worker that has them, jobs done. */
const emptyQueue = () => ({ nextId: 1, waiting: [], taken: {}, done: {} });

function apply(queue, { command }) {
  switch (command.type) {
    case "add": {
      const id = queue.nextId++;
      queue.waiting.push({ id, work: command.work });
      return [queue, { id }];
    }
    case "take": {
      const job = queue.waiting.shift();
      if (job !== undefined) queue.taken[job.id] = command.worker;
      return [queue, { job }];
    }
    case "finish": {
      const mine = queue.taken[command.id] === command.worker;
      if (mine) {
        delete queue.taken[command.id];
        queue.done[command.id] = (queue.done[command.id] ?? 0) + 1;
      }
      return [queue, { finished: mine }];
    }
    default:
      return [queue, { error: `unknown command ${command.type}` }];
  }
}

/** A client that repeats a command under the same number until it has the answer: applied once, whatever happens. */
class QueueClient {
  #session;
  #turn;
  repeats = 0;

  static async open(replicas, first) {
    const client = new QueueClient();
    client.#turn = first;
    client.replicas = replicas;
    client.#session = await replicas[first % replicas.length].openSession({ timeoutMs: 10_000 });
    return client;
  }

  async call(command, { loseAnswer = false } = {}) {
    const request = this.#session.next();
    let lost = loseAnswer;
    for (;;) {
      const replica = this.replicas[this.#turn++ % this.replicas.length];
      try {
        const { result } = await replica.propose(command, { session: request, timeoutMs: 2_000 });
        if (lost) {
          // The answer was on its way and never arrived: all a client can do is to ask again.
          lost = false;
          this.repeats += 1;
          continue;
        }
        this.#session.acknowledge(request.sequence);
        return result;
      } catch (error) {
        if (error.code === "SESSION_EXPIRED" || error.code === "INVALID_ARGUMENT") throw error;
        this.repeats += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), "quorate-job-queue-"));
const hosts = await Promise.all(
  [1, 2, 3].map((hostId) =>
    createHost({
      environment: nodeEnvironment(),
      directory: join(folder, `${hostId}`),
      clusterId: "job-queue",
      hostId,
      listenAddress: "127.0.0.1:0",
    }),
  ),
);
const members = hosts.map(({ hostId, address }) => ({ id: hostId, name: `q${hostId}`, address }));
const replicas = await Promise.all(
  hosts.map((host) =>
    host.createGroup(
      {
        groupId: 1,
        machine: memoryMachine({ initial: emptyQueue(), apply, query: (queue) => queue }),
        commands: jsonCodec(),
        results: jsonCodec(),
      },
      members,
    ),
  ),
);

// One producer adds all jobs; the answer to every tenth is lost.
const producer = await QueueClient.open(replicas, 0);
for (let n = 0; n < JOBS; n += 1) {
  await producer.call({ type: "add", work: `job ${n}` }, { loseAnswer: n % 10 === 0 });
}
const queued = await replicas[0].query(undefined);
console.log(
  `${JOBS} jobs added, ${producer.repeats} answers lost and asked for again: ${queued.waiting.length} jobs wait.`,
);

// Workers take and finish them; in the middle of it the leader's host goes away.
const runs = new Map();
const workers = await Promise.all(
  Array.from({ length: WORKERS }, (_, worker) => QueueClient.open(replicas, worker)),
);
let finished = 0;
let leaderGone;
await Promise.all(
  workers.map(async (client, worker) => {
    for (;;) {
      const { job } = await client.call({ type: "take", worker });
      if (job === undefined) return;
      runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
      await client.call({ type: "finish", worker, id: job.id });
      finished += 1;
      if (finished !== JOBS / 2) continue;
      const { id } = replicas.find((replica) => replica.leader !== undefined).leader;
      console.log(`Host ${id} leads; it is closed with ${JOBS - finished} jobs to go.`);
      leaderGone = hosts.find((host) => host.hostId === id).close();
    }
  }),
);
await leaderGone;

const { waiting, taken, done } = await replicas
  .find((replica) => replica.status().condition === "running")
  .query(undefined);
const once = Object.values(done).filter((times) => times === 1).length;
const repeats = workers.reduce((sum, client) => sum + client.repeats, 0);
console.log(`Workers asked again ${repeats} times. Finished exactly once: ${once} of ${JOBS}.`);
console.log(
  `Started once: ${[...runs.values()].filter((times) => times === 1).length} of ${JOBS}; ` +
    `waiting: ${waiting.length}; with a worker: ${Object.keys(taken).length}.`,
);
const correct = once === JOBS && runs.size === JOBS && waiting.length === 0;

await Promise.all(hosts.map((host) => host.close()));
rmSync(folder, { recursive: true, force: true });
process.exitCode = correct ? 0 : 1;
