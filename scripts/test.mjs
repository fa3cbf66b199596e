// `npm test`: installs and builds what is missing, then runs every test this machine can run. Tests that need more than
// Node say what they miss; with QUORATE_REQUIRE_ALL=1 (the full suite) a missing tool is a failure instead.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root, run, say } from "./prepare.mjs";

/** Where Debian keeps the sources of Go's gRPC library. */
const GO_GRPC_SOURCES = "/usr/share/gocode/src/google.golang.org/grpc";

const answers = (command, ...args) => spawnSync(command, args).error === undefined;

const TOOLS = [
  {
    name: "etcdctl",
    found: () => answers("etcdctl", "version"),
    remedy: "Debian package etcd-client",
    tests: "the acceptance tests with an unmodified etcdctl",
  },
  {
    name: "etcd",
    found: () => answers("etcd", "--version"),
    remedy: "Debian package etcd-server",
    tests: "the client's tests against etcd itself",
  },
  {
    name: "h2load and nghttp",
    found: () => answers("h2load", "--version") && answers("nghttp", "--version"),
    remedy: "Debian package nghttp2-client",
    tests: "the HTTP/2 tests with foreign clients",
  },
  {
    name: "curl",
    found: () => answers("curl", "--version"),
    remedy: "Debian package curl",
    tests: "the HTTP tests with curl",
  },
  {
    name: "chromium",
    found: () => answers("chromium", "--version"),
    remedy: "Debian package chromium",
    tests: "the tests in a real browser",
  },
  {
    name: "Go with its gRPC library",
    found: () => answers("go", "version") && existsSync(GO_GRPC_SOURCES),
    remedy: "Debian packages golang-go and golang-google-grpc-dev",
    tests: "the tests with Go's gRPC client",
  },
];

prepare();

const missing = TOOLS.filter((tool) => !tool.found());
const requireAll = process.env.QUORATE_REQUIRE_ALL === "1";
for (const tool of missing) {
  say(
    `${requireAll ? "MISSING" : "skipping"} ${tool.tests}: ${tool.name} not found (${tool.remedy})`,
  );
}

const reportFolder = mkdtempSync(join(tmpdir(), "quorate-test-"));
const reportFile = join(reportFolder, "report.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const plain = process.env.CI === "true" || !process.stdout.isTTY;
const environment = plain ? { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } : process.env;
const status = run(
  process.execPath,
  [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { env: environment },
);

let report;
try {
  report = JSON.parse(readFileSync(reportFile, "utf8"));
} catch {
  report = undefined;
} finally {
  rmSync(reportFolder, { recursive: true, force: true });
}

const passed = report?.numPassedTests ?? 0;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
const brokenFiles = (report?.testResults ?? []).filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
).length;
let failed = (report?.numFailedTests ?? 1) + brokenFiles;
if (requireAll) failed += missing.length + skipped;
if (failed === 0 && status !== 0) failed = 1;
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
