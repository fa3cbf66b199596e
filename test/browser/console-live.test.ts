import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalCluster, type LocalMember } from "../../scripts/local-cluster.mjs";
import { servePage } from "../../scripts/page-server.mjs";
import { buildPage } from "../../scripts/prepare.mjs";
import { hasChromium } from "./console-page.ts";

const BASE_PORT = 28_500;

if (!hasChromium) console.log("skipping the tests of the live page: no chromium");

async function call(member: LocalMember, path: string, request: unknown): Promise<Answer> {
  const answer = await fetch(`${member.clientUrl}${path}`, {
    method: "POST",
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(10_000),
  });
  return (await answer.json()) as Answer;
}

type Answer = Record<string, unknown> & { readonly header?: Record<string, unknown> };

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe.skipIf(!hasChromium)("the live page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "quorate-live-"));
  const cluster = new LocalCluster({ folder, basePort: BASE_PORT });
  let browser: Browser;
  let page: Page;
  let leader: LocalMember;
  const errors: string[] = [];

  beforeAll(async () => {
    buildPage();
    cluster.startAll();
    await cluster.allReady();
    for (const value of ["one", "two", "three"]) {
      const request = { key: base64("greeting"), value: base64(value) };
      await call(cluster.members[0] as LocalMember, "/v3/kv/put", request);
    }
    const statuses = await Promise.all(
      cluster.members.map((member) => call(member, "/v3/maintenance/status", {})),
    );
    const place = statuses.findIndex(({ leader: id, header }) => id === header?.["member_id"]);
    leader = cluster.members[place] as LocalMember;
    const host = cluster.members.find((member) => member !== leader) as LocalMember;
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu"],
    });
    page = await browser.newPage({ locale: "en-US", viewport: { width: 1400, height: 1000 } });
    page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
    await page.goto(`${host.clientUrl}/console/#live`);
  });
  afterAll(async () => {
    await browser?.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("shows every member, who leads, and how it came to lead", async () => {
    await page.waitForSelector(`[data-leader="${leader.name}"]`);
    expect(await page.locator("[data-live]").count()).toBe(3);
    expect(await page.locator("[data-decision=becameLeader]").first().textContent()).toContain(
      `${leader.name} is the leader`,
    );
  });

  test("browses keys and the history of one", async () => {
    const keys = page.locator("[data-view=keys]");
    await keys.getByRole("button", { name: "show" }).click();
    await keys.getByRole("button", { name: "greeting" }).click();
    const history = page.locator('[data-history="greeting"]');
    await history.getByText("It began here.").waitFor();
    const values = await history.locator("tbody tr td:nth-child(2)").allTextContents();
    expect(values).toEqual(["three", "two", "one"]);
  });

  test("a dangerous operation asks first", async () => {
    const members = page.locator("[data-view=members]");
    await members.getByRole("button", { name: "remove" }).first().click();
    await page.getByRole("alertdialog").getByRole("button", { name: "no" }).click();
    expect(await page.getByRole("alertdialog").count()).toBe(0);
    expect(await page.locator("[data-live]").count()).toBe(3);
  });

  test("a leader's end shows the election with its reason while it happens", async () => {
    await cluster.kill(leader);
    const others = cluster.members.filter((member) => member !== leader);
    const next = page.locator(others.map(({ name }) => `[data-leader="${name}"]`).join(", "));
    await next.waitFor();
    const name = await next.getAttribute("data-leader");
    const told = page.locator("[data-decision=becameLeader]").first();
    expect(await told.textContent()).toContain(`${name} is the leader`);
    expect(await page.locator("[data-decision=electionStarted]").count()).toBeGreaterThan(0);
    await page.getByText("does not answer").first().waitFor();
    await page.waitForFunction(
      "document.querySelectorAll('[data-view=charts] canvas').length === 4",
    );
    expect(errors).toEqual([]);
  });

  test("a flight recording is saved here, given by a member, and opened without the cluster", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("[data-control=save-flight]").click(),
    ]);
    const saved = await download.path();
    const left = cluster.members.find((member) => member !== leader) as LocalMember;
    const own = await fetch(`${left.clientUrl}/console/api/flight`);
    const given = join(folder, "given.json");
    writeFileSync(given, await own.text());
    const { url, close } = await servePage();
    const elsewhere = await browser.newPage({ locale: "zh-CN" });
    elsewhere.on("pageerror", (error) => errors.push(error.stack ?? error.message));
    try {
      await elsewhere.goto(`${url}#live`);
      await elsewhere.locator("[data-link=absent]").waitFor();
      const input = elsewhere.locator("[data-view=flight] input[type=file]");
      await input.setInputFiles([saved, given]);
      await elsewhere.locator("[data-flight]").waitFor();
      expect(await elsewhere.locator("[data-decision=becameLeader]").count()).toBeGreaterThan(1);
      expect(await elsewhere.locator("[data-decision=becameLeader]").first().textContent()).toMatch(
        /[\u4e00-\u9fff]/,
      );
      await elsewhere.locator("[data-control=close-flight]").click();
      writeFileSync(given, "{}");
      await input.setInputFiles([given]);
      await elsewhere.getByRole("alert").filter({ hasText: "不是飞行记录" }).waitFor();
    } finally {
      await elsewhere.close();
      await close();
    }
    expect(errors).toEqual([]);
  });
});
