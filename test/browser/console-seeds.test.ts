import {
  decodeStage,
  drawnOf,
  drawPlan,
  encodeRun,
  encodeStage,
  type Plan,
  planNodes,
  playNodes,
  runPlan,
} from "@quorate/sim";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConsolePage, hasChromium } from "./console-page.ts";

if (!hasChromium) console.log("skipping the tests of seeds in the page: no chromium");

/** A seed whose run of whole nodes is short. */
const NODE_SEED = 6;
const CORE_SEED = 3;

describe.skipIf(!hasChromium)("seeds of the simulator in Chromium", () => {
  let console_: ConsolePage;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
  });
  afterAll(async () => {
    await console_?.close();
    expect(console_?.errors ?? []).toEqual([]);
    expect(console_?.foreignRequests ?? []).toEqual([]);
  });

  const lastEvent = async (page: Page): Promise<number> =>
    Number((await page.locator(".clock").textContent())?.split("/").at(-1));

  test("a failing run of cores is played to what it violates, which is one click away", async () => {
    const drawn = drawPlan(CORE_SEED);
    const settings = { ...drawn.settings, brokenRules: ["answerBeforeSync"] } as const;
    const plan: Plan = { ...drawn, settings };
    const [violation] = runPlan(plan).violations;
    const checker = violation?.checker ?? "";
    const page = await console_.open(`#${encodeRun({ type: "plan", plan, violated: checker })}`);
    const found = page.locator("[data-found]");
    await found.waitFor();
    expect(await found.getAttribute("data-found")).toBe(checker);
    expect(await page.locator("[data-violation]").count()).toBe(0);
    await page.locator("[data-control=show-found]").click();
    expect(await page.locator("[data-violation]").getAttribute("data-violation")).toBe(checker);
    expect(await page.locator("[data-guarantee=broken]").count()).toBeGreaterThan(0);
    await page.context().close();
  });

  test("a seed of whole nodes is played to its end, the same run as in Node, and can be stepped through", async () => {
    const { result } = await playNodes(planNodes(NODE_SEED));
    const page = await console_.open("");
    await page.getByLabel("Seed of the simulator").fill(String(NODE_SEED));
    await page.getByLabel("What the seed draws").selectOption("short");
    await page.locator("[data-control=seed]").click();
    await page.locator("[data-found=nothing]").waitFor({ timeout: 60_000 });
    expect(await page.locator(".story h2").textContent()).toContain(`seed ${NODE_SEED}`);
    const digest = await page.locator("[data-digest]").getAttribute("data-digest");
    expect(digest).toBe(result.digest);
    expect(await page.locator("[data-member]").count()).toBeGreaterThan(0);
    const before = await page.locator(".clock").textContent();
    await page.locator("[data-control=role]").click();
    expect(await page.locator(".clock").textContent()).not.toBe(before);
    // Whoever interferes in the past begins a branch; the run that was drawn stays as it is.
    await page.locator('[data-action="split"]').click();
    await page.locator('[data-branch="2"]').waitFor();
    await page.locator('[data-branch="1"]').click();
    expect(await page.locator("[data-digest]").getAttribute("data-digest")).toBe(result.digest);
    await page.locator('[data-control="link"]').click();
    const shared = decodeStage(new URL(await page.locator("[data-shared]").inputValue()).hash);
    expect(shared.seed).toBe(NODE_SEED);
    expect(shared.events).toBe(result.events);
    await page.context().close();
  }, 120_000);

  test("a link to a drawn run opens as that run, and says so when it is another one here", async () => {
    const plan = planNodes(NODE_SEED);
    const { result } = await playNodes(plan);
    const { members } = plan.run.settings;
    const linkWith = (digest: string): string => {
      const drawn = drawnOf(plan, digest);
      return encodeStage({ seed: NODE_SEED, members, actions: [], events: result.events, drawn });
    };
    const page = await console_.open(`#${linkWith(result.digest)}`);
    await page.locator("[data-found=nothing]").waitFor({ timeout: 60_000 });
    expect(await lastEvent(page)).toBeGreaterThan(1_000);
    expect(await page.locator(".timeline [role=status]").textContent()).toBe("");
    await page.context().close();
    const other = await console_.open(`#${linkWith("0123456789abcdef")}`);
    await other.locator("[data-found=nothing]").waitFor({ timeout: 60_000 });
    await other.getByText("plays another run").waitFor();
    await other.context().close();
  }, 120_000);
});
