// What every drill on embedded hosts is given: members as processes, the links between them, and a client that repeats
// a command within its session.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AskedProcess } from "./asked-process.mjs";
import { Links } from "./links.mjs";
import { Report } from "./report.mjs";

const PROGRAM = fileURLToPath(new URL("host-member.mjs", import.meta.url));
const STOP_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 5_000;

/** One member: a number, an address, a folder, and the process that runs it at the moment. */
class HostMember {
  process;
  /** What it has told since the drill began, oldest first. */
  events = [];
  lines = [];
  #waiters = new Set();

  constructor(drill, id, address) {
    this.drill = drill;
    this.id = id;
    this.name = `h${id}`;
    this.address = address;
    this.directory = join(drill.folder, `${id}`);
    this.clusterId = `drill-${drill.seed}`;
  }

  get isRunning() {
    return this.process?.isRunning === true;
  }

  get asMember() {
    return { id: this.id, name: this.name, address: this.address };
  }

  /** Starts the process; `begin` is one of create, join, open. Rejects when the member refuses. */
  async start(begin, request = {}, { env = {} } = {}) {
    this.startTool(env);
    await this.process.ask(begin, request);
  }

  /** Starts the process without a host in it, to be asked for work on the data. */
  startTool(env = {}) {
    const { drill } = this;
    const settings = {
      ...drill.settings,
      id: this.id,
      name: this.name,
      address: this.address,
      directory: this.directory,
      clusterId: this.clusterId,
      routes: drill.routesOf(this.id),
    };
    this.expectsEnd = false;
    const child = new AskedProcess(PROGRAM, {
      args: [JSON.stringify(settings)],
      env,
      onNote: (event) => this.#heard(event),
      onLine: (line) => {
        this.lines.push(line);
        if (this.lines.length > 50) this.lines.shift();
      },
    });
    this.process = child;
    child.ended.then(({ code, signal }) => {
      if (this.process !== child || this.expectsEnd) return;
      drill.check(
        `member ${this.id} keeps running`,
        false,
        `${signal ?? code}: ${this.lines.at(-1)}`,
      );
    });
  }

  #heard(event) {
    this.events.push({ atMs: performance.now(), ...event });
    for (const look of this.#waiters) look();
  }

  /** The events of a kind, also those of earlier starts. */
  eventsOf(type) {
    return this.events.filter((event) => event.type === type);
  }

  /** Calls `act` synchronously on the first event from now on for which `matches` holds. */
  onEvent(matches, act) {
    const from = this.events.length;
    const look = () => {
      const found = this.events.slice(from).find(matches);
      if (found === undefined) return;
      this.#waiters.delete(look);
      act(found);
    };
    this.#waiters.add(look);
  }

  ask(type, request) {
    if (this.process === undefined) throw new Error(`member ${this.id} was never started`);
    return this.process.ask(type, request);
  }

  status() {
    return this.ask("status");
  }

  propose(command, options = {}) {
    return this.ask("propose", { command, timeoutMs: CALL_TIMEOUT_MS, ...options });
  }

  query(question, { level, groupId, timeoutMs = CALL_TIMEOUT_MS } = {}) {
    return this.ask("query", { question, level, groupId, timeoutMs });
  }

  /** What the member holds now, without asking anybody. */
  peek(key) {
    return this.query({ key }, { level: "stale" });
  }

  async kill(signal = "SIGKILL") {
    if (!this.isRunning) return;
    this.expectsEnd = true;
    await this.process.kill(signal);
  }

  wipe() {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async stop() {
    if (!this.isRunning) return;
    this.expectsEnd = true;
    const child = this.process;
    child.signal("SIGCONT");
    child.ask("stop").catch(() => undefined);
    const timer = setTimeout(() => child.signal("SIGKILL"), STOP_TIMEOUT_MS);
    await child.ended;
    clearTimeout(timer);
  }
}

export class HostDrill extends Report {
  #members = new Map();

  /**
   * `size` members found the group; up to `spares` more can join later. Everything else is passed on to the members:
   * tickMs, limits, snapshotPolicy, logSegmentBytes, transport.
   */
  constructor({ seed, basePort, size = 3, spares = 0, ...settings }) {
    super(seed);
    this.folder = mkdtempSync(join(tmpdir(), "quorate-drill-"));
    this.settings = settings;
    this.size = size;
    this.capacity = size + spares;
    const memberPort = (id) => basePort + id;
    for (let id = 1; id <= this.capacity; id += 1) {
      this.#members.set(id, new HostMember(this, id, `127.0.0.1:${memberPort(id)}`));
    }
    this.links = new Links({ firstPort: basePort + 20, count: this.capacity, memberPort });
  }

  member(id) {
    return this.#members.get(id);
  }

  /** All members, or those with the given numbers. */
  members(ids = [...this.#members.keys()]) {
    return ids.map((id) => this.member(id));
  }

  running() {
    return this.members().filter((member) => member.isRunning);
  }

  others(member) {
    return this.running().filter((other) => other !== member);
  }

  routesOf(id) {
    const others = this.members().filter((member) => member.id !== id);
    return Object.fromEntries(
      others.map((member) => [member.address, `127.0.0.1:${this.links.port(id, member.id)}`]),
    );
  }

  /** Founds the group on the first `size` members and resolves with its leader. */
  async found({ envOf = () => ({}) } = {}) {
    await this.links.listen();
    const founders = this.members().slice(0, this.size);
    const members = founders.map((member) => member.asMember);
    await Promise.all(
      founders.map((member) => member.start("create", { members }, { env: envOf(member) })),
    );
    return this.leader();
  }

  /** The member that leads by the word of a majority of those that run, itself included. */
  leader({ timeoutMs, among = () => this.running(), besides = 0 } = {}) {
    return this.until(
      "a leader",
      async () => {
        const members = among();
        const states = await Promise.all(members.map((member) => member.status()));
        const leads = states.findIndex(({ role }) => role === "leader");
        if (leads < 0) return undefined;
        const leader = members[leads];
        const followers = states.filter((state) => state.leader === leader.id);
        const isTrue = followers.length * 2 > members.length && leader.id !== besides;
        return isTrue ? leader : undefined;
      },
      timeoutMs,
    );
  }

  /** A client with a session of its own. */
  client() {
    return Client.open(this);
  }

  /** Waits until the members' logs are applied alike, then compares their states. */
  async compareStates(members = this.running()) {
    await members[0].query({ hash: true }, { timeoutMs: 30_000 });
    const { applied } = await members[0].status();
    const states = await Promise.all(
      members.map((member) =>
        this.until(`member ${member.id} to reach index ${applied.index}`, async () => {
          const status = await member.status();
          return (
            status.applied.index >= applied.index &&
            member.query({ hash: true }, { level: "stale" })
          );
        }),
      ),
    );
    const hashes = states.map(({ hash }) => hash.toString(16));
    this.check(
      `the states of members ${members.map(({ id }) => id).join(", ")} are equal`,
      new Set(hashes).size === 1,
      `${states[0].keys} keys, hash ${[...new Set(hashes)].join(" and ")}`,
    );
  }

  async finish({ keep = false } = {}) {
    await Promise.all(this.members().map((member) => member.stop()));
    this.links.close();
    if (!keep && this.failures.length === 0) rmSync(this.folder, { recursive: true, force: true });
    else this.say(`The members' data is in ${this.folder}`);
    this.conclude();
    return this.failures.length;
  }
}

/** Numbers its commands within a session of the group, and repeats each until it has the answer. */
class Client {
  #drill;
  #sessionId;
  #sequence = 0;
  #acknowledgedBelow = 1;
  #turn = 0;

  static async open(drill) {
    const client = new Client();
    client.#drill = drill;
    client.#sessionId = await drill.until("a session", () =>
      drill.pick(drill.running()).ask("openSession", { timeoutMs: CALL_TIMEOUT_MS }),
    );
    return client;
  }

  /** The next command's place in the session; keep it to repeat the command. */
  next() {
    this.#sequence += 1;
    return {
      sessionId: this.#sessionId,
      sequence: this.#sequence,
      acknowledgedBelow: this.#acknowledgedBelow,
    };
  }

  acknowledge({ sequence }) {
    this.#acknowledgedBelow = sequence + 1;
  }

  /** Asks one member after the other until there is an answer; resolves with it and the number of attempts. */
  async repeat(
    command,
    session,
    { timeoutMs = 2_000, members = () => this.#drill.running() } = {},
  ) {
    for (let attempts = 1; ; attempts += 1) {
      const candidates = members();
      const member = candidates[this.#turn++ % candidates.length];
      try {
        const { result, position } = await member.propose(command, { session, timeoutMs });
        this.acknowledge(session);
        return { result, position, attempts, member };
      } catch (error) {
        if (error.code === "SESSION_EXPIRED" || error.code === "INVALID_ARGUMENT") throw error;
        if (attempts >= 100) throw error;
      }
    }
  }
}
