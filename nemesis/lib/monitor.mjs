// Looks at every member a few times a second: who leads, which id it has, how much memory and disk it takes.
import { readFileSync } from "node:fs";
import { folderBytes } from "../../drills/lib/folder-bytes.mjs";

const LOOK_INTERVAL_MS = 300;
const ANSWER_TIMEOUT_MS = 700;
/** Counting a folder's files takes a while: only every so many looks. */
const DISK_EVERY = 10;

/** Resident bytes of a process; undefined where there is no /proc or no process any more. */
function residentBytes(pid) {
  try {
    const [, kilobytes] =
      /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

export class Monitor {
  /** `{ atMs, leader, term }` at each change. */
  reigns = [];
  /** `{ atMs, member, memoryBytes, diskBytes }`. */
  sizes = [];
  #cluster;
  #admin;
  #nowMs;
  #ids = new Map();
  #leader;
  #isOn = true;
  #done;

  constructor({ cluster, admin, nowMs, pause }) {
    this.#cluster = cluster;
    this.#admin = admin;
    this.#nowMs = nowMs;
    this.#done = this.#run(pause);
  }

  get leader() {
    return this.#leader;
  }

  idOf(member) {
    return this.#ids.get(member?.name);
  }

  async #run(pause) {
    for (let look = 0; this.#isOn; look += 1) {
      const members = this.#cluster.members.filter((member) => this.#cluster.isRunning(member));
      const answers = await Promise.all(members.map((member) => this.#ask(member)));
      if (!this.#isOn) return;
      this.#takeLeader(answers.filter((answer) => answer !== undefined));
      for (const member of members) this.#takeSize(member, look % DISK_EVERY === 0);
      await pause(LOOK_INTERVAL_MS);
    }
  }

  async #ask(member) {
    try {
      const status = await this.#admin.status(member.endpoint, { timeoutMs: ANSWER_TIMEOUT_MS });
      this.#ids.set(member.name, status.header.memberId);
      return { member, status };
    } catch {
      return undefined;
    }
  }

  /** Whoever believes to lead with the highest term. */
  #takeLeader(answers) {
    const leading = answers
      .filter(({ status }) => status.leader !== 0n && status.leader === status.header.memberId)
      .sort((left, right) => right.status.raftTerm - left.status.raftTerm);
    this.#leader = leading[0]?.member;
    const name = this.#leader?.name;
    const term = leading[0]?.status.raftTerm;
    const last = this.reigns.at(-1);
    if (last?.leader !== name || (name !== undefined && last?.term !== term)) {
      this.reigns.push({ atMs: this.#nowMs(), leader: name, term });
    }
  }

  #takeSize(member, withDisk) {
    const memoryBytes = residentBytes(this.#cluster.pidOf(member));
    if (memoryBytes === undefined) return;
    let diskBytes;
    try {
      if (withDisk) diskBytes = folderBytes(member.dataDir);
    } catch {
      // It is being wiped, or its disk has just lost its power.
    }
    this.sizes.push({ atMs: this.#nowMs(), member: member.name, memoryBytes, diskBytes });
  }

  async stop() {
    this.#isOn = false;
    await this.#done;
  }
}
