// One member for drills on embedded hosts: a group whose state remembers how often each command was applied.
// Started by host-drill.mjs, asked by message.
import { createHost, jsonCodec, memoryMachine } from "@quorate/host";
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

const group = {
  groupId: GROUP,
  machine: memoryMachine({ initial: {}, apply, query }),
  commands: jsonCodec(),
  results: jsonCodec(),
  snapshotPolicy: settings.snapshotPolicy,
  limits: settings.limits,
};

let host;
let replica;

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
    onEvent: tell,
  });
}

answerQuestions({
  async create({ members }) {
    await startHost();
    replica = await host.createGroup(group, members);
  },
  async join({ contacts }) {
    await startHost();
    replica = await host.joinGroup(group, contacts);
  },
  async open() {
    await startHost();
    replica = await host.openGroup(group);
  },
  /** With `loseAnswer` the command is carried out and nobody hears of it. */
  async propose({ command, session, timeoutMs, loseAnswer = false }) {
    const proposed = replica.propose(command, { session, timeoutMs });
    if (loseAnswer) {
      proposed.catch(() => undefined);
      return new Promise(() => undefined);
    }
    return proposed;
  },
  openSession: async ({ timeoutMs }) => (await replica.openSession({ timeoutMs })).id,
  query: ({ question, level, timeoutMs }) => replica.query(question, { level, timeoutMs }),
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
