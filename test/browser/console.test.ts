import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  encodeNodeStory,
  NODE_STORIES,
  NodeStoryRun,
  type Sabotage,
  SCENARIOS,
  type Scenario,
  ScenarioRun,
} from "@quorate/sim";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageFolder } from "../../scripts/page-server.mjs";
import { ConsolePage, hasChromium } from "./console-page.ts";

const FIRST_LOAD_BYTES_MAX = 200_000;

const STORIES = SCENARIOS.filter(({ world }) => world === "cores");
const SABOTAGES = STORIES.flatMap((story) =>
  (story.sabotage ?? []).map((sabotage, place): [string, string, Scenario, Sabotage] => [
    story.id,
    `${sabotage.broken}/${place}`,
    story,
    sabotage,
  ]),
);

if (!hasChromium) console.log("skipping the tests of the page: no chromium");

describe.skipIf(!hasChromium)("the page in Chromium", () => {
  let console_: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
    page = await console_.open();
  });
  afterAll(() => console_?.close());

  /** Shows the end of the run, once the story is told. */
  async function toTheEnd(): Promise<void> {
    await page.waitForFunction("document.querySelector('[data-told]')?.dataset.told === 'yes'");
    await page.getByLabel(/Moment of the run|运行的时刻/).press("End");
  }

  test("its first load stays under 200 kB gzipped", () => {
    const html = readFileSync(join(pageFolder, "index.html"), "utf8");
    const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(
      ([, file]) => file ?? "",
    );
    expect(first.length).toBeGreaterThan(1);
    const bytes = first
      .map((file) => gzipSync(readFileSync(join(pageFolder, file)), { level: 9 }).length)
      .reduce((sum, size) => sum + size, gzipSync(html).length);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
    expect(readdirSync(join(pageFolder, "assets")).length).toBeGreaterThan(1);
  });

  describe.each(["en", "zh"] as const)("in %s", (language) => {
    beforeAll(async () => {
      const html = page.locator("html");
      const wanted = language === "zh" ? "zh-CN" : "en";
      if ((await html.getAttribute("lang")) !== wanted) {
        await page.locator("[data-control=language]").click();
      }
      expect(await html.getAttribute("lang")).toBe(wanted);
    });

    test.each(STORIES.map((story) => [story.id, story] as const))(
      "%s plays to its goal with all guarantees green, and as in Node",
      async (id, story) => {
        await page.locator(`[data-story="${id}"]`).click();
        await toTheEnd();
        expect(await page.locator("[data-goal]").getAttribute("data-goal")).toBe("reached");
        expect(await page.locator("[data-guarantee=broken]").count()).toBe(0);
        expect(await page.locator(".story h2").textContent()).toBe(story.title[language]);
        const run = new ScenarioRun(story);
        run.play();
        const digest = await page.locator("[data-digest]").getAttribute("data-digest");
        expect(digest).toBe(run.cluster.digest());
      },
    );

    test.each(NODE_STORIES.map((story) => [story.id, story] as const))(
      "%s, of whole nodes, plays to its goal with all guarantees green, and as in Node",
      async (id, story) => {
        await page.locator(`[data-story="${id}"]`).click();
        await page.locator(".story h2", { hasText: story.title[language] }).waitFor();
        await toTheEnd();
        expect(await page.locator("[data-goal]").getAttribute("data-goal")).toBe("reached");
        expect(await page.locator("[data-guarantee=broken]").count()).toBe(0);
        expect(await page.locator("[data-verdict]").getAttribute("data-verdict")).toBe(
          "linearizable",
        );
        const run = new NodeStoryRun(story);
        await run.play();
        const digest = await page.locator("[data-digest]").getAttribute("data-digest");
        expect(digest).toBe(run.stage.digest());
        expect(new URL(page.url()).hash).toBe(`#${encodeNodeStory(story)}`);
      },
    );
  });

  test.each(SABOTAGES)("%s with %s turns its guarantee red", async (id, broken, _, sabotage) => {
    await page.locator(`[data-story="${id}"]`).click();
    await page.locator(`[data-switch="${broken}"]`).click();
    await toTheEnd();
    const checker = await page.locator("[data-violation]").getAttribute("data-violation");
    expect(sabotage.turnsRed).toContain(checker);
    expect(await page.locator("[data-guarantee=broken]").count()).toBeGreaterThan(0);
  });

  test("nothing was asked of another host, and nothing went wrong", () => {
    expect(console_.foreignRequests).toEqual([]);
    expect(console_.errors).toEqual([]);
  });
});
