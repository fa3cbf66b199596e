// The members of a run: where each lives, on which disk and with which clock, and what may be done to its process.
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FaultyDisk } from "../../drills/lib/fault-shim.mjs";
import { LocalCluster } from "../../scripts/local-cluster.mjs";
import { MovableClock } from "./clock.mjs";
import { Ext4Disk, PlainDisk } from "./disks.mjs";

/** Small, so that a run of minutes makes many snapshots and sends some. */
const SNAPSHOT_COUNT = 3_000;
const CATCHUP_ENTRIES = 500;
const HEARTBEAT_MS = 60;
const ELECTION_MS = 600;

/** A member as `LocalCluster` has it, with what faults do to it. */
function describe(place, { folder, network, means, isSpare }) {
  const name = `n${place}`;
  const disk = means.ext4.available ? new Ext4Disk(folder, name) : new PlainDisk(folder, name);
  const shim = means.shim.available ? new FaultyDisk(folder, name) : undefined;
  const clock = means.faketime.available ? new MovableClock(folder, name) : undefined;
  const preload = [shim?.env.LD_PRELOAD, clock?.library].filter((path) => path !== undefined);
  return {
    name,
    place,
    isSpare,
    disk,
    shim,
    clock,
    dataDir: disk.dataDir,
    ...network.addressesOf(place),
    env: { ...shim?.env, ...clock?.env, LD_PRELOAD: preload.join(":") },
    /** Set while a fault makes it likely that the process ends by itself. */
    mayEnd: false,
  };
}

export class NemesisCluster extends LocalCluster {
  constructor({ folder, network, means, size, program, token, onLine, onExit }) {
    super({ folder, basePort: 0, size, token, program, onLine, onExit });
    const places = Array.from({ length: size }, (_, at) => at + 1);
    this.founders = places.map((place) =>
      describe(place, { folder, network, means, isSpare: false }),
    );
    this.spare = describe(size + 1, { folder, network, means, isSpare: true });
    this.members = [...this.founders, this.spare];
  }

  flagsOf(member) {
    const founders = this.founders.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(",");
    const beginning = member.isSpare
      ? [`--join=${this.founders.map(({ peerUrl }) => peerUrl).join(",")}`]
      : [`--initial-cluster=${founders}`];
    return [
      `--name=${member.name}`,
      `--data-dir=${member.dataDir}`,
      `--listen-client-urls=${member.clientUrl}`,
      `--advertise-client-urls=${member.clientUrl}`,
      `--listen-peer-urls=${member.listenPeerUrl}`,
      `--initial-advertise-peer-urls=${member.peerUrl}`,
      `--initial-cluster-token=${this.token}`,
      `--snapshot-count=${SNAPSHOT_COUNT}`,
      `--snapshot-catchup-entries=${CATCHUP_ENTRIES}`,
      `--heartbeat-interval=${HEARTBEAT_MS}`,
      `--election-timeout=${ELECTION_MS}`,
      "--allow-public-plaintext=true",
      "--log-level=warn",
      ...beginning,
    ];
  }

  /** Founders whose process runs. */
  get running() {
    return this.founders.filter((member) => this.isRunning(member));
  }

  startFounders() {
    for (const member of this.founders) this.start(member);
  }

  signal(member, name) {
    const pid = this.pidOf(member);
    if (pid !== undefined && this.isRunning(member)) process.kill(pid, name);
  }

  /** As after a crash of the process: killed, then started again on its own disk. */
  async restart(member) {
    await this.kill(member);
    if (!this.isRunning(member)) this.start(member);
  }

  /** Ends everything; the data stays in the folder `keepIn`, if there is one. */
  async close({ keepIn }) {
    for (const member of this.members) this.signal(member, "SIGCONT");
    await this.stop();
    for (const { name, dataDir, disk } of this.members) {
      if (keepIn !== undefined && existsSync(dataDir)) {
        cpSync(dataDir, join(keepIn, name), { recursive: true });
      }
      disk.close();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
