// One PostgreSQL server under Patroni, as a process of the user `postgres`.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const POSTGRES_BIN = "/usr/lib/postgresql/15/bin";
const STOP_TIMEOUT_MS = 10_000;

/** What is missing on this machine, as a sentence; undefined when nothing is. */
export function missingForPatroni() {
  const answers = (command, ...args) => spawnSync(command, args).error === undefined;
  if (!answers("patroni", "--version")) return "patroni is not installed (Debian package patroni)";
  if (!answers(join(POSTGRES_BIN, "postgres"), "--version")) {
    return "PostgreSQL 15 is not installed (Debian package postgresql-15)";
  }
  if (process.getuid?.() !== 0) return "only root may start processes of the user postgres";
  return undefined;
}

export class PatroniNode {
  #child;
  #ended = Promise.resolve();

  /** `endpoints` are where Patroni finds its store: it speaks the JSON pages there. */
  constructor({ name, folder, apiPort, postgresPort, endpoints }) {
    this.name = name;
    this.apiPort = apiPort;
    this.postgresPort = postgresPort;
    this.folder = join(folder, name);
    mkdirSync(this.folder, { recursive: true });
    chmodSync(folder, 0o755);
    spawnSync("chown", ["-R", "postgres:", this.folder]);
    this.settings = join(this.folder, "patroni.yml");
    writeFileSync(this.settings, JSON.stringify(this.#settings(endpoints), null, 2));
    this.log = join(this.folder, "patroni.log");
  }

  /** YAML that is JSON. */
  #settings(endpoints) {
    const account = (username) => ({ username, password: `${username}-pw` });
    return {
      scope: "drill",
      namespace: "/service/",
      name: this.name,
      restapi: {
        listen: `127.0.0.1:${this.apiPort}`,
        connect_address: `127.0.0.1:${this.apiPort}`,
      },
      etcd3: { hosts: endpoints },
      bootstrap: {
        dcs: { ttl: 20, loop_wait: 2, retry_timeout: 5, maximum_lag_on_failover: 1048576 },
        initdb: [{ encoding: "UTF8" }, "data-checksums"],
        pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
      },
      postgresql: {
        listen: `127.0.0.1:${this.postgresPort}`,
        connect_address: `127.0.0.1:${this.postgresPort}`,
        data_dir: join(this.folder, "data"),
        bin_dir: POSTGRES_BIN,
        authentication: { superuser: account("postgres"), replication: account("replicator") },
        parameters: { unix_socket_directories: this.folder, shared_buffers: "16MB" },
      },
    };
  }

  start() {
    this.#child = spawn("runuser", ["-u", "postgres", "--", "patroni", this.settings], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = createWriteStream(this.log, { flags: "a" });
    this.#child.stdout.pipe(log);
    this.#child.stderr.pipe(log);
    this.#ended = new Promise((resolve) => this.#child.once("exit", resolve));
  }

  get #isRunning() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends Patroni and its PostgreSQL at once, as a power cut would. */
  async kill() {
    const descendants = this.#isRunning ? [...this.#descendants(this.#child.pid)] : [];
    // PostgreSQL's first process is nobody's child: it says itself which one it is.
    const first = firstLine(join(this.folder, "data", "postmaster.pid"));
    for (const pid of [...descendants, Number(first)].filter((pid) => pid > 0))
      signal(pid, "SIGKILL");
    await this.#ended;
  }

  async stop() {
    if (this.#child === undefined) return;
    const [, patroni] = this.#isRunning ? this.#descendants(this.#child.pid) : [];
    if (patroni !== undefined) signal(patroni, "SIGTERM");
    const timer = setTimeout(() => void this.kill(), STOP_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
    await this.kill();
  }

  /** `primary` or `replica` by Patroni's own word, or undefined. */
  async role() {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.apiPort}/patroni`, {
        signal: AbortSignal.timeout(1000),
      });
      const { role, state } = await answer.json();
      if (state !== "running" && state !== "streaming") return undefined;
      return role === "master" ? "primary" : role;
    } catch {
      return undefined;
    }
  }

  /** The first column of the first row; throws when the server does not answer. */
  query(sql) {
    const { status, stdout, stderr } = spawnSync(
      join(POSTGRES_BIN, "psql"),
      ["-h", "127.0.0.1", "-p", String(this.postgresPort), "-U", "postgres", "-Atc", sql],
      { encoding: "utf8", timeout: 5000, env: { ...process.env, PGCONNECT_TIMEOUT: "2" } },
    );
    if (status !== 0) throw new Error((stderr ?? "").trim() || "psql did not answer in time");
    return stdout.trim();
  }

  *#descendants(pid) {
    yield pid;
    const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
    for (const child of stdout.split("\n").map(Number).filter(Boolean))
      yield* this.#descendants(child);
  }
}

function firstLine(path) {
  try {
    return readFileSync(path, "utf8").split("\n")[0];
  } catch {
    return "";
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself meanwhile.
  }
}
