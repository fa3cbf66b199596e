// One member for drills on embedded hosts: a group whose state remembers how often each command was applied.
// Started by host-drill.mjs, asked by message.
import { createHost, jsonCodec, memoryMachine, unsafeRecover, verifyLog } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { answerQuestions, note, plainError } from "./asked-process.mjs";

const settings = JSON.parse(process.argv[2]);
const GROUP = 1;

/** Dials every peer through the link that leads from this member to it. */
function throughLinks(environment) {
  const { routes } = settings;
  const network = {
    listen: (address, accept) => environment.network.listen(address, accept),
    connect: (address) => environment.network.connect(routes[address] ?? address),
  };
  return { ...environment, network };
}

/** `set` keeps a value and how often it was set; `add` is what must not happen twice. */
function apply(state, { command }) {
  const entry = state[command.key] ?? { value: null, times: 0, total: 0 };
  entry.times += 1;
  if (command.type === "set") entry.value = command.value;
  else entry.total += command.by;
  state[command.key] = entry;
  return [state, { times: entry.times, total: entry.total }];
}

/** FNV-1a over the whole state: equal states have equal hashes. */
function hashOf(state) {
  let hash = 0x811c9dc5;
  for (const key of Object.keys(state).sort()) {
    const text = `${key}=${JSON.stringify(state[key])};`;
    for (let place = 0; place < text.length; place += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193) >>> 0;
    }
  }
  return hash;
}

function query(state, question) {
  if (question.hash) return { hash: hashOf(state), keys: Object.keys(state).length };
  if (question.prefix !== undefined) {
    return Object.entries(state).filter(([key]) => key.startsWith(question.prefix));
  }
  return state[question.key] ?? null;
}

const groupOf = (groupId) => ({
  groupId,
  machine: memoryMachine({ initial: {}, apply, query }),
  commands: jsonCodec(),
  results: jsonCodec(),
  snapshotPolicy: settings.snapshotPolicy,
  limits: settings.limits,
});
const group = groupOf(GROUP);

let host;
let replica;
/** Groups beyond the first, by number; only drills on many groups have them. */
const more = new Map();
const replicaOf = (groupId = GROUP) => (groupId === GROUP ? replica : more.get(groupId));

/** An event as a plain value, errors included. */
function tell(event) {
  const told = event.type === "replica" ? event.event : event;
  note(told.error === undefined ? told : { ...told, error: plainError(told.error) });
}

async function startHost() {
  host = await createHost({
    environment: throughLinks(nodeEnvironment()),
    directory: settings.directory,
    clusterId: settings.clusterId,
    hostId: settings.id,
    hostName: settings.name,
    listenAddress: settings.address,
    tickMs: settings.tickMs,
    transport: settings.transport,
    logSegmentBytes: settings.logSegmentBytes,
    balanceLeaders: settings.balanceLeaders,
    onEvent: tell,
  });
}

answerQuestions({
  async create({ members }) {
    await startHost();
    replica = await host.createGroup(group, members);
  },
  /** More groups beside the first, from 2 on. */
  async createMore({ members, count }) {
    for (let groupId = 2; groupId <= count; groupId += 1) {
      more.set(groupId, await host.createGroup(groupOf(groupId), members));
    }
  },
  async openMore({ count }) {
    for (let groupId = 2; groupId <= count; groupId += 1) {
      more.set(groupId, await host.openGroup(groupOf(groupId)));
    }
  },
  /** Who leads each group, by this host's word: pairs of group and member. */
  leaders: () =>
    [[GROUP, replica], ...more].map(([groupId, { leader }]) => [groupId, leader?.id ?? 0]),
  async join({ contacts }) {
    await startHost();
    replica = await host.joinGroup(group, contacts);
  },
  async open() {
    await startHost();
    replica = await host.openGroup(group);
  },
  /** Offline: where the log ends that the disk has. */
  lastOnDisk: async () => {
    const { summary } = await verifyLog(nodeEnvironment(), settings.directory, GROUP);
    return summary.last.index;
  },
  /** Offline: the process asks its data what to keep, and does not run a host. */
  recover: ({ newClusterId, confirm }) =>
    unsafeRecover(
      {
        environment: nodeEnvironment(),
        directory: settings.directory,
        clusterId: settings.clusterId,
        hostId: settings.id,
        newClusterId,
      },
      group,
      confirm,
    ),
  /** With `loseAnswer` the command is carried out and nobody hears of it. */
  async propose({ command, session, timeoutMs, groupId, loseAnswer = false }) {
    const proposed = replicaOf(groupId).propose(command, { session, timeoutMs });
    if (loseAnswer) {
      proposed.catch(() => undefined);
      return new Promise(() => undefined);
    }
    return proposed;
  },
  openSession: async ({ timeoutMs }) => (await replica.openSession({ timeoutMs })).id,
  query: ({ question, level, timeoutMs, groupId }) =>
    replicaOf(groupId).query(question, { level, timeoutMs }),
  changeMembership: ({ steps, ...options }) =>
    replica.changeMembership(steps, {
      ...options,
      onStage: (stage) => note({ type: "stage", stage }),
    }),
  transferLeadership: ({ to, timeoutMs }) => replica.transferLeadership(to, { timeoutMs }),
  snapshot: ({ timeoutMs }) => replica.snapshot({ timeoutMs }),
  campaign: () => replica.campaign(),
  status() {
    const status = replica.status();
    return {
      ...status,
      core: { ...status.core, progress: [...status.core.progress] },
      role: replica.role,
      leader: replica.leader?.id ?? 0,
      metrics: { ...replica.metrics() },
      host: host.metrics(),
      incarnation: host.incarnation,
    };
  },
  async stop() {
    await host?.close();
    setImmediate(() => process.exit(0));
  },
});
