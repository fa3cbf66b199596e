import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster, QUORATE_PROGRAM } from "../../scripts/local-cluster.mjs";

export interface Finished {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end, however it ends; `input` goes to its standard input. */
export function run(
  program: string,
  args: readonly string[],
  input = "",
  timeout = 60_000,
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout }, (error, output, errors) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ exitCode, output, errors });
    });
    child.stdin?.end(input);
  });
}

/** Three members on ports from `basePort`, gone with all their data after `stop`. */
export async function startThree(
  basePort: number,
  extraFlags: string[] = [],
): Promise<{
  readonly cluster: LocalCluster;
  stop(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), "quorate-acceptance-"));
  const cluster = new LocalCluster({ folder, basePort, extraFlags });
  const stop = async (): Promise<void> => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  cluster.startAll();
  try {
    await cluster.allReady();
  } catch (error) {
    // What runs on would answer on these ports in the name of the next cluster.
    await stop();
    throw error;
  }
  return { cluster, stop };
}

/** Flags of a cluster of one member in `dataDir`. */
export function singleMember(dataDir: string, port: number, name = "s1"): string[] {
  const clientUrl = `http://127.0.0.1:${port}`;
  const peerUrl = `http://127.0.0.1:${port + 1}`;
  return [
    `--name=${name}`,
    `--data-dir=${dataDir}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=${name}=${peerUrl}`,
  ];
}

/** Runs `quorate serve`, which is expected to end by itself; what is still running after 20 s is killed. */
export function serveToItsEnd(flags: readonly string[]): Promise<Finished> {
  const [program, ...first] = QUORATE_PROGRAM as readonly [string, ...string[]];
  return run(program, [...first, ...flags]);
}

/** A member that serves: resolves once it says so. */
export function serve(flags: readonly string[]): Promise<{
  readonly lines: readonly string[];
  stop(signal?: NodeJS.Signals): Promise<void>;
}> {
  const [program, ...first] = QUORATE_PROGRAM as readonly [string, ...string[]];
  const child = spawn(program, [...first, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      lines.push(...chunk.toString().split("\n"));
      if (lines.some((line) => line.includes("ready to serve client requests"))) {
        resolve({ lines, stop });
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then(() => reject(new Error(`ended before it served:\n${lines.join("\n")}`)));
  });
}
