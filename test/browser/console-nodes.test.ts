import { decodeStage, replayStage } from "@quorate/sim";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConsolePage, hasChromium } from "./console-page.ts";

if (!hasChromium) console.log("skipping the tests of whole nodes in the page: no chromium");

describe.skipIf(!hasChromium)("whole nodes in Chromium", () => {
  let console_: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
  });
  afterAll(async () => {
    await console_?.close();
    expect(console_?.errors ?? []).toEqual([]);
    expect(console_?.foreignRequests ?? []).toEqual([]);
  });

  const lastEvent = async (): Promise<number> =>
    Number((await page.locator(".clock").textContent())?.split("/").at(-1));

  /** Presses a button of the time line, and waits until the run has moved. */
  async function press(name: string): Promise<void> {
    const before = await page.locator(".clock").textContent();
    await page.locator(`[data-control="${name}"]`).click();
    await page.waitForFunction(
      `document.querySelector(".clock").textContent !== ${JSON.stringify(before)}`,
    );
  }

  /** Does something, and waits until it is done. */
  async function act(name: string): Promise<void> {
    const before = await lastEvent();
    await page.locator(`[data-action="${name}"]`).click();
    await page.waitForFunction(
      `Number(document.querySelector(".clock").textContent.split("/").at(-1)) !== ${before}`,
    );
  }

  async function pressUntil(name: string, selector: string): Promise<void> {
    for (let count = 0; count < 400; count += 1) {
      if ((await page.locator(selector).count()) > 0) return;
      await press(name);
    }
    expect.fail(`${selector} never came about`);
  }

  async function openNodes(members: number): Promise<void> {
    page = await console_.open("");
    await page.locator(`[data-nodes="${members}"]`).click();
    await page.locator("h2", { hasText: "Whole nodes" }).waitFor();
    await pressUntil("role", '[data-member][data-role="leader"]');
  }

  async function choose(member: number): Promise<void> {
    await page.locator(`[data-member="${member}"]`).focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-chosen-member="${member}"]`).waitFor();
  }

  test("a write is answered, a disk tears the next one, and Node repeats the run event for event", async () => {
    await openNodes(3);
    await act("ask");
    await pressUntil("client", "[data-act=answered]");
    expect(await page.locator("[data-verdict=linearizable]").count()).toBe(1);
    expect(await page.locator(".files tbody tr").count()).toBeGreaterThan(3);
    const victim = (await page.locator('[data-member][data-role="follower"]').first()).getAttribute(
      "data-member",
    );
    await choose(Number(await victim));
    await act("tearNextWrite");
    await page.getByLabel("Value", { exact: true }).fill("2");
    await act("ask");
    await pressUntil("event", `[data-member="${await victim}"][data-power="down"]`);
    await act("restart");
    await pressUntil("client", "[data-act=answered] >> nth=1");
    await page.getByLabel("Moment of the run").press("End");
    expect(await page.locator("[data-guarantee=broken]").count()).toBe(0);
    const digest = await page.locator("[data-digest]").getAttribute("data-digest");
    await page.locator('[data-control="link"]').click();
    const fragment = new URL(await page.locator("[data-shared]").inputValue()).hash;
    const again = await replayStage(decodeStage(fragment));
    expect(again.violations).toEqual([]);
    expect(again.digest()).toBe(digest);
    await page.context().close();
    page = await console_.open(fragment);
    await page.waitForFunction(
      `document.querySelector("[data-digest]").dataset.digest === ${JSON.stringify(digest)}`,
    );
    await page.context().close();
  });

  test("what happened before a branch is the same in the branch", async () => {
    await openNodes(3);
    await act("ask");
    await pressUntil("client", "[data-act=answered]");
    const end = await lastEvent();
    await press("event");
    await page.getByLabel("Moment of the run").press("Home");
    await pressUntil("role", '[data-member][data-role="leader"]');
    const first = await page.locator('[data-role="leader"]').getAttribute("data-member");
    await page.locator('[data-action="isolate-leader"]').click();
    await page.locator('[data-branch="2"]').waitFor();
    await pressUntil("role", `[data-role="leader"]:not([data-member="${first}"])`);
    expect(await page.locator("[data-guarantee=broken]").count()).toBe(0);
    await page.locator('[data-branch="1"]').click();
    expect(await lastEvent()).toBeGreaterThanOrEqual(end);
    await page.context().close();
  });

  test("a single message between whole nodes is lost, delayed or repeated from the page", async () => {
    await openNodes(3);
    for (const action of ["dropMessage", "delayMessage/50", "duplicateMessage"]) {
      await pressUntil("event", '[data-message][aria-pressed="false"]');
      const message = page.locator('[data-message][aria-pressed="false"]').first();
      const id = await message.getAttribute("data-message");
      await message.focus();
      await page.keyboard.press("Enter");
      await page.locator(`[data-chosen-message="${id}"]`).waitFor();
      await act(action);
      expect(await page.locator(".timeline [role=status]").textContent()).toBe("");
      await page.locator(`[data-message="${id}"]`).waitFor({
        state: action === "dropMessage" ? "detached" : "attached",
      });
    }
    await page.getByText("A message is taken off the wire.").waitFor();
    await press("message");
    expect(await page.locator("[data-guarantee=broken]").count()).toBe(0);
    await page.context().close();
  });

  test.each([
    ["failNextSync", "stopped"],
    ["flipBit", "started"],
    ["fill", "full"],
    ["wipe", "wiped"],
  ])("a disk can suffer %s from the page, and the page shows it", async (fault, shows) => {
    await openNodes(3);
    await act("ask");
    await pressUntil("client", "[data-act=answered]");
    const follower = Number(
      await page.locator('[data-member][data-role="follower"]').first().getAttribute("data-member"),
    );
    await choose(follower);
    await act(fault);
    const row = page.locator(".diskrow", { hasText: `member ${follower}` });
    if (shows === "stopped") {
      await page.getByLabel("Value", { exact: true }).fill("2");
      await act("ask");
      await pressUntil("event", "[data-stopped]");
      expect(await row.locator("[data-stopped]").count()).toBe(1);
    } else if (shows === "full") {
      await row.getByText("full").waitFor();
      await page.locator('[data-action="free"]').waitFor();
    } else if (shows === "wiped") {
      await row.getByText("was wiped").waitFor();
    } else {
      await page.getByText("one bit of its log changes").first().waitFor();
      await pressUntil("event", `[data-member="${follower}"][data-power="up"]`);
    }
    expect(await page.locator("[data-guarantee=broken]").count()).toBe(0);
    await page.context().close();
  });
});
