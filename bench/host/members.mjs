// Three members of the host as processes of their own, on the loopback interface, with their data in one folder.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AskedProcess } from "../../drills/lib/asked-process.mjs";

const PROGRAM = fileURLToPath(new URL("member.mjs", import.meta.url));

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class HostMembers {
  #processes = new Map();
  #settings;

  constructor({ basePort = 24_690, size = 3, groups = 1, profileFolder, ...settings } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "quorate-bench-host-"));
    this.members = Array.from({ length: size }, (_, place) => ({
      id: place + 1,
      name: `b${place + 1}`,
      address: `127.0.0.1:${basePort + place}`,
    }));
    this.#settings = { groups, ...settings };
    this.profileFolder = profileFolder;
  }

  spawn(id) {
    const settings = { ...this.#settings, id, members: this.members };
    settings.directory = join(this.folder, `${id}`);
    const profile =
      this.profileFolder === undefined
        ? []
        : [
            "--cpu-prof",
            `--cpu-prof-dir=${this.profileFolder}`,
            `--cpu-prof-name=${id}.cpuprofile`,
          ];
    const child = new AskedProcess(PROGRAM, {
      args: [JSON.stringify(settings)],
      execArgv: ["--expose-gc", ...profile],
      onLine: (line) => process.stderr.write(`member ${id}: ${line}\n`),
    });
    this.#processes.set(id, child);
    return child;
  }

  async startAll() {
    const children = this.members.map(({ id }) => this.spawn(id));
    await Promise.all(children.map((child) => child.ask("start")));
  }

  of(id) {
    return this.#processes.get(id);
  }

  running() {
    return [...this.#processes].filter(([, child]) => child.isRunning).map(([id]) => id);
  }

  /** The leader's id, once one knows that it leads. */
  async leader(timeoutMs = 60_000) {
    const end = performance.now() + timeoutMs;
    while (performance.now() < end) {
      for (const id of this.running()) {
        const { role } = await this.of(id).ask("status");
        if (role === "leader") return id;
      }
      await pause(20);
    }
    throw new Error(`No leader within ${timeoutMs} ms.`);
  }

  async until(what, condition, timeoutMs = 600_000) {
    const end = performance.now() + timeoutMs;
    while (performance.now() < end) {
      if (await condition()) return;
      await pause(20);
    }
    throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
  }

  /** Stops in order, so that profiles are written, and removes the data. */
  async stop() {
    await Promise.all(
      [...this.#processes.values()].map(async (child) => {
        if (!child.isRunning) return;
        child.ask("stop").catch(() => undefined);
        const timer = setTimeout(() => child.signal("SIGKILL"), 10_000);
        await child.ended;
        clearTimeout(timer);
      }),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }
}
