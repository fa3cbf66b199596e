// The load generator: a small program on etcd's own Go client, built once from bench/generator.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail, root } from "../../scripts/prepare.mjs";

const source = join(root, "bench", "generator", "main.go");
const binary = join(root, ".quorate", "bench", "generator");
const GO_SOURCES = "/usr/share/gocode";

/** Builds the generator when it is missing or older than its source. Needs golang-go and golang-etcd-server-dev. */
export function buildGenerator() {
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return;
  mkdirSync(join(root, ".quorate", "bench"), { recursive: true });
  const result = spawnSync("go", ["build", "-o", binary, "."], {
    cwd: join(root, "bench", "generator"),
    env: { ...process.env, GO111MODULE: "off", GOPATH: GO_SOURCES },
    encoding: "utf8",
  });
  if (result.error || result.status !== 0) {
    fail(
      `The load generator needs Go and etcd's client sources (Debian packages golang-go and golang-etcd-server-dev): ${
        result.error?.message ?? result.stderr
      }`,
    );
  }
}

const execute = promisify(execFile);

/** One run of load; resolves with the generator's report. */
export async function generateLoad({
  endpoints,
  operation,
  clients,
  connections,
  seconds,
  total = 0,
  valueBytes = 256,
  keySpace = 100_000,
  firstKey = 0,
  watchers = 1_000,
}) {
  const { stdout } = await execute(binary, [
    `-endpoints=${endpoints.join(",")}`,
    `-operation=${operation}`,
    `-clients=${clients}`,
    `-connections=${connections}`,
    `-seconds=${seconds}`,
    `-total=${total}`,
    `-value-bytes=${valueBytes}`,
    `-key-space=${keySpace}`,
    `-first-key=${firstKey}`,
    `-watchers=${watchers}`,
  ]);
  return JSON.parse(stdout);
}
