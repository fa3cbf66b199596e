import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { digestTable } from "@quorate/sim";
import { expect, test } from "vitest";
import { bundle } from "../../zoo/lib/bundle.mjs";

const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--virtual-time-budget=60000",
];

const PAGE = `
import { digestTable } from "/sim.mjs";
document.body.textContent = "digests:" + JSON.stringify(digestTable()) + ":end";
`;

const installed = spawnSync("chromium", ["--version"]).error === undefined;
if (!installed) console.log("skipped: Chromium is not installed");
const isRequired = process.env["QUORATE_REQUIRE_ALL"] !== undefined;

test.skipIf(!installed && !isRequired)(
  "the same seeds do the same in Chromium as in Node",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "quorate-digests-"));
    const file = join(folder, "sim.mjs");
    await bundle(join(import.meta.dirname, "../.."), file);
    const script = readFileSync(file);
    const server = createServer((request, response) => {
      const isPage = request.url === "/";
      response.setHeader("content-type", isPage ? "text/html" : "text/javascript");
      if (isPage) response.end('<body><script type="module" src="/page.mjs"></script></body>');
      else response.end(request.url === "/sim.mjs" ? script : PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    try {
      const { port } = server.address() as AddressInfo;
      const { stdout } = await promisify(execFile)("chromium", [
        ...CHROMIUM_FLAGS,
        `--user-data-dir=${join(folder, "profile")}`,
        "--dump-dom",
        `http://127.0.0.1:${port}/`,
      ]);
      const [, found = "{}"] = /digests:(.*?):end/s.exec(stdout) ?? [];
      expect(JSON.parse(found)).toEqual(digestTable());
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
