import { decodeRun, replay } from "@quorate/sim";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConsolePage, hasChromium } from "./console-page.ts";

if (!hasChromium) console.log("skipping the tests of the page's controls: no chromium");

describe.skipIf(!hasChromium)("using the page in Chromium", () => {
  let console_: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
  });
  beforeEach(async () => {
    await page?.context().close();
    page = await console_.open();
  });
  afterAll(async () => {
    await console_?.close();
    expect(console_?.errors ?? []).toEqual([]);
  });

  const press = (name: string): Promise<void> => page.locator(`[data-control="${name}"]`).click();
  const clock = async (): Promise<string> => (await page.locator(".clock").textContent()) ?? "";

  test("what was done by hand travels in a link and is the same run in Node", async () => {
    await page.locator('[data-free="3"]').click();
    await press("commit");
    await page.locator('[data-action="ask"]').click();
    await press("client");
    await page.locator('[data-member="2"]').click();
    await page.locator('[data-action="crash"]').first().click();
    await press("role");
    await press("message");
    const end = page.getByLabel("Moment of the run");
    await end.press("End");
    const digest = await page.locator("[data-digest]").getAttribute("data-digest");
    await press("link");
    const link = await page.locator("[data-shared]").inputValue();
    const fragment = new URL(link).hash;
    expect(replay(decodeRun(fragment)).digest).toBe(digest);
    const other = await console_.open(fragment);
    await other.locator("h2", { hasText: "A shared run" }).waitFor();
    await other.context().close();
  });

  test("doing something in the past makes a branch that stands beside the run", async () => {
    await page.locator('[data-story="leader-timeout"]').click();
    await page.getByLabel("Moment of the run").press("End");
    await page.getByRole("button", { name: "Step 2 of" }).click();
    await page.locator('[data-action="isolate-leader"]').click();
    expect(await page.locator("[data-branch]").count()).toBe(2);
    expect(await page.locator("[data-side]").count()).toBe(2);
    for (let count = 0; count < 6; count += 1) await press("event");
    await page.locator('[data-branch="1"]').click();
    expect(await page.locator('[data-branch="1"]').getAttribute("aria-pressed")).toBe("true");
  });

  test("a puzzle is solved by hand: two leaders at once", async () => {
    await page.locator('[data-puzzle-open="two-leaders"]').click();
    await press("commit");
    expect(await page.locator("[data-puzzle]").getAttribute("data-puzzle")).toBe("open");
    await page.locator('[data-action="isolate-leader"]').click();
    for (let count = 0; count < 12; count += 1) {
      await press("role");
      if ((await page.locator("[data-puzzle]").getAttribute("data-puzzle")) === "solved") return;
    }
    expect.fail("there never were two leaders");
  });

  test("everything can be reached and done by keyboard, and has a name", async () => {
    await page.locator('[data-free="3"]').click();
    await page.locator("body").press("ArrowRight");
    const before = await clock();
    await page.locator("body").press("ArrowRight");
    expect(await clock()).not.toBe(before);
    const member = page.locator('[data-member="1"]');
    await member.focus();
    await member.press("Enter");
    await page.locator('[data-chosen-member="1"]').waitFor();
    await page.locator('[data-action="pause"]').focus();
    await page.keyboard.press("Enter");
    expect(await member.getAttribute("aria-label")).toContain("paused");
    const nameless = await page.evaluate(`[...document.querySelectorAll(
      "button, select, input, [role=button], [role=img], nav, section")].filter((element) => {
        const text = element.textContent.trim() + (element.getAttribute("aria-label") ?? "")
          + (element.getAttribute("title") ?? "") + (element.labels?.[0]?.textContent ?? "");
        return text === "" && element.getAttribute("aria-hidden") !== "true";
      }).map((element) => element.outerHTML.slice(0, 120))`);
    expect(nameless).toEqual([]);
    const title =
      'document.querySelectorAll(\'[tabindex]:not([tabindex="0"]):not([tabindex="-1"])\').length';
    expect(await page.evaluate(title)).toBe(0);
  });

  test("a message is chosen and lost, and the time line tells of it", async () => {
    await page.locator('[data-free="3"]').click();
    const message = page.locator("[data-message]").first();
    for (let count = 0; count < 20 && !(await message.isVisible()); count += 1) {
      await press("event");
    }
    await message.focus();
    await message.press("Enter");
    await page.getByRole("button", { name: "lose it" }).click();
    await page.locator(".telling li", { hasText: "taken off the wire" }).first().waitFor();
  });

  test("the language changes at once, wherever one is", async () => {
    await page.locator('[data-story="split-brain"]').click();
    await press("event");
    const before = await clock();
    await press("language");
    expect(await page.locator(".story h2").textContent()).toBe("脑裂");
    expect((await clock()).replace("事件", "event")).toBe(before);
  });

  test("on a phone nothing is wider than the screen", async () => {
    const phone = await console_.open("", { viewport: { width: 390, height: 844 } });
    const wide = await phone.evaluate("document.documentElement.scrollWidth");
    expect(wide).toBeLessThanOrEqual(390);
    await phone.context().close();
  });

  test("in a frame there is only the run", async () => {
    const framed = await console_.open("#q1.s.split-brain&embed");
    expect(await framed.locator("nav").count()).toBe(0);
    expect(await framed.locator(".story h2").textContent()).toBe("Split brain");
    await framed.context().close();
  });

  test("a link that was cut off says so", async () => {
    const broken = await console_.open("#q1.p.AAAA");
    await broken.getByRole("alert").filter({ hasText: "cannot be opened" }).waitFor();
    await broken.context().close();
  });
});
