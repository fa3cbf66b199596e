import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConsolePage, hasChromium } from "./console-page.ts";

const PNG_SIGNATURE = "89504e470d0a1a0a";

if (!hasChromium) console.log("skipping the tests of what the page gives away: no chromium");

describe.skipIf(!hasChromium)("what the page gives away in Chromium", () => {
  let console_: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
  });
  beforeEach(async () => {
    page = await console_.open("#q1.s.vote-once");
    await page.waitForSelector("[data-told=yes]");
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await console_?.close();
    expect(console_?.errors ?? []).toEqual([]);
  });

  async function downloadBy(selector: string, nth = 0): Promise<Buffer> {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(selector).nth(nth).click(),
    ]);
    return readFile(await download.path());
  }

  /** Runs a test that the page wrote, beside the packages that it names. */
  async function verdictOf(content: Buffer): Promise<"passes" | "fails"> {
    const folder = await mkdtemp(join(import.meta.dirname, "generated-"));
    const file = join(folder, "run.test.mjs");
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
    try {
      await writeFile(file, content);
      await promisify(execFile)(process.execPath, [file], { env });
      return "passes";
    } catch (error) {
      const { stdout = "" } = error as { stdout?: string };
      if (!stdout.includes("not ok")) throw error;
      return "fails";
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  test.each(["ring", "logs", "spacetime"])("%s is saved as SVG and as PNG", async (view) => {
    const svg = (await downloadBy(`[data-view=${view}] button:text-is("SVG")`)).toString();
    const broken = await page.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml")
        .querySelectorAll("parsererror").length`,
    );
    expect(broken).toBe(0);
    expect(svg).toContain("<svg");
    expect(svg).not.toContain("var(--");
    const png = await downloadBy(`[data-view=${view}] button:text-is("PNG")`);
    expect(png.subarray(0, 8).toString("hex")).toBe(PNG_SIGNATURE);
    expect(png.readUInt32BE(16)).toBeGreaterThan(400);
  });

  test("a story is saved as a test that passes, and fails with its rule switched off", async () => {
    expect(await verdictOf(await downloadBy("[data-control=test-file]"))).toBe("passes");
    await page.locator("[data-switch]").first().click();
    await page.waitForSelector("[data-told=yes]");
    expect(await verdictOf(await downloadBy("[data-control=test-file]"))).toBe("fails");
  });

  test("a run of whole nodes is saved as a test that repeats it", async () => {
    await page.locator('[data-nodes="3"]').click();
    await page.locator("h2", { hasText: "Whole nodes" }).waitFor();
    await page.locator('[data-control="commit"]').click();
    await page.locator('[data-role="leader"]').waitFor();
    await page.locator('[data-action="ask"]').click();
    await page.locator(".telling li", { hasText: "asks" }).first().waitFor();
    expect(await verdictOf(await downloadBy("[data-control=test-file]"))).toBe("passes");
  });

  test("a run saved as a file is the same when it is opened again", async () => {
    await page.getByLabel("Moment of the run").press("End");
    await page.locator('[data-action="isolate-leader"]').click();
    for (let count = 0; count < 5; count += 1) {
      await page.locator('[data-control="event"]').click();
    }
    const digest = await page.locator("[data-digest]").getAttribute("data-digest");
    const content = await downloadBy('[data-view=share] button:text-is("save as a file")');
    const other = await console_.open("");
    await other
      .locator("[data-view=share] input[type=file]")
      .setInputFiles({ name: "run.json", mimeType: "application/json", buffer: content });
    await other.locator("h2", { hasText: "A shared run" }).waitFor();
    await other.locator("[data-member]").first().waitFor();
    const events = (await page.locator(".clock").textContent())?.split("/").at(-1)?.trim();
    for (let count = 0; count < 3_000; count += 1) {
      const now = (await other.locator(".clock").textContent())?.split("/").at(-1)?.trim();
      if (Number(now) >= Number(events)) break;
      await other.locator('[data-control="event"]').click();
    }
    expect(await other.locator("[data-digest]").getAttribute("data-digest")).toBe(digest);
    await other.context().close();
  });

  test("somebody else's page shows the run in a frame", async () => {
    await page.getByRole("button", { name: "copy a frame for a page" }).click();
    const frame = await page.locator("[data-shared]").inputValue();
    expect(frame).toMatch(/^<iframe .*title="Quorate"><\/iframe>$/);
    const server = createServer((_, answer) => {
      answer.setHeader("Content-Type", "text/html");
      answer.end(`<!doctype html><title>somebody else's</title>${frame}`);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    try {
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/`);
      const inside = page.frameLocator("iframe");
      await inside.locator("h2", { hasText: "One vote per term" }).waitFor();
      expect(await inside.locator("nav").count()).toBe(0);
      await inside.locator('[data-control="next-step"]').click();
      await inside.locator("[data-step='1']").waitFor();
    } finally {
      server.close();
    }
  });
});
