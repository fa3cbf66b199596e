import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { bundleCore } from "../../bench/core/size.mjs";

const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--virtual-time-budget=20000",
];
/** What the package may weigh, so that a page can afford it. */
const GZIPPED_BYTES_MAX = 40_000;

const installed = spawnSync("chromium", ["--version"]).error === undefined;
let bundle = "";

beforeAll(async () => {
  bundle = await bundleCore();
});

test("the whole core stays under 40 kB minified and gzipped", () => {
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(GZIPPED_BYTES_MAX);
});

test.skipIf(!installed)("three cores elect a leader and commit in Chromium", async () => {
  const page = readFileSync(join(import.meta.dirname, "core-page.mjs"));
  const server = createServer((request, response) => {
    const script = request.url === "/core.js" ? bundle : page;
    const isPage = request.url === "/";
    response.setHeader("content-type", isPage ? "text/html" : "text/javascript");
    response.end(isPage ? '<body><script type="module" src="/page.js"></script></body>' : script);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const profile = mkdtempSync(join(tmpdir(), "quorate-browser-"));
  try {
    const { port } = server.address() as AddressInfo;
    const { stdout } = await promisify(execFile)("chromium", [
      ...CHROMIUM_FLAGS,
      `--user-data-dir=${profile}`,
      "--dump-dom",
      `http://127.0.0.1:${port}/`,
    ]);
    expect(stdout).toContain("leader:hello follower:hello follower:hello");
  } finally {
    server.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
