import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalCluster, type LocalMember } from "../../scripts/local-cluster.mjs";
import { buildPage } from "../../scripts/prepare.mjs";
import { hasChromium } from "./console-page.ts";

const BASE_PORT = 28_550;
const ROOT_PASSWORD = "root secret";
const READER_PASSWORD = "reader secret";

if (!hasChromium) console.log("skipping the tests of operations in the live page: no chromium");

type Answer = Record<string, unknown> & { readonly header?: Record<string, unknown> };

async function call(member: LocalMember, path: string, request: unknown): Promise<Answer> {
  const answer = await fetch(`${member.clientUrl}${path}`, {
    method: "POST",
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(10_000),
  });
  const content = (await answer.json()) as Answer;
  if (!answer.ok) throw new Error(JSON.stringify(content));
  return content;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe.skipIf(!hasChromium)("numbers and operations of the live page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "quorate-live-members-"));
  const cluster = new LocalCluster({ folder, basePort: BASE_PORT });
  const watching = new AbortController();
  let browser: Browser;
  let page: Page;
  let leader: LocalMember;
  const errors: string[] = [];

  async function leaderNow(): Promise<LocalMember> {
    const statuses = await Promise.all(
      cluster.members.map((member) => call(member, "/v3/maintenance/status", {})),
    );
    const place = statuses.findIndex(({ leader: id, header }) => id === header?.["member_id"]);
    return cluster.members[place] as LocalMember;
  }

  async function openAt(member: LocalMember): Promise<Page> {
    const opened = await browser.newPage({
      locale: "en-US",
      viewport: { width: 1500, height: 1100 },
    });
    opened.on("pageerror", (error) => errors.push(error.stack ?? error.message));
    await opened.goto(`${member.clientUrl}/console/#live`);
    return opened;
  }

  const rowOf = (name: string) =>
    page.locator("[data-view=members] tbody tr").filter({ hasText: new RegExp(`^●\\s*${name} `) });

  /** Does something that asks first, and says yes. */
  async function confirm(button: ReturnType<Page["locator"]>): Promise<string> {
    await button.click();
    await page.locator("[data-control=confirm]").click();
    const outcome = page.locator("[data-view=members] [role=status]");
    await outcome.waitFor();
    return (await outcome.textContent()) ?? "";
  }

  beforeAll(async () => {
    buildPage();
    cluster.startAll();
    await cluster.allReady();
    leader = await leaderNow();
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu"],
    });
    page = await openAt(leader);
    await page.waitForSelector(`[data-leader="${leader.name}"]`);
  });
  afterAll(async () => {
    watching.abort();
    await browser?.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("charts show throughput, latency, disk and round trips over time", async () => {
    const charts = page.locator("[data-view=charts]");
    for (let count = 0; count < 40; count += 1) {
      const request = { key: base64(`load/${count}`), value: base64("x") };
      await call(leader, "/v3/kv/put", request);
      await call(leader, "/v3/kv/range", { key: request.key });
    }
    expect(await charts.locator("canvas").count()).toBe(4);
    for (const label of [
      "writes",
      "reads",
      "p50",
      "p99",
      "mean disk write",
      "slowest round trip",
    ]) {
      const value = charts.locator(".u-series", { hasText: label }).locator(".u-value");
      // The newest sample stands in the legend: what was never measured stays a dash.
      await value.filter({ hasText: /\d/ }).waitFor();
    }
    const trips = await page.locator("[data-view=topology] .trip").allTextContents();
    expect(trips.length).toBeGreaterThan(1);
    for (const trip of trips) expect(trip).toMatch(/^\d+\.\d ms$/);
  });

  test("leases, watches, groups and their leader are counted", async () => {
    const { ID: lease } = await call(leader, "/v3/lease/grant", { TTL: 600 });
    const kept = { key: base64("kept/one"), value: base64("1"), lease };
    await call(leader, "/v3/kv/put", kept);
    const watch = { create_request: { key: base64("kept/"), range_end: base64("kept0") } };
    void fetch(`${leader.clientUrl}/v3/watch`, {
      method: "POST",
      body: JSON.stringify(watch),
      signal: watching.signal,
    })
      .then((answer) => answer.body?.getReader().read())
      .catch(() => undefined);
    const heads = await page.locator("[data-view=members] th").allTextContents();
    const cell = (head: string) => rowOf(leader.name).locator("td").nth(heads.indexOf(head));
    await cell("leases").filter({ hasText: /^1$/ }).waitFor();
    await cell("watches").filter({ hasText: /^1$/ }).waitFor();
    const group = page.locator("[data-view=groups] tbody tr");
    expect(await group.locator("td").allTextContents()).toEqual(
      expect.arrayContaining(["keys", leader.name, "3"]),
    );
    const keys = page.locator("[data-view=keys]");
    await keys.getByLabel("Prefix").fill("kept/");
    await keys.getByRole("button", { name: "show" }).click();
    await keys.locator("tbody tr", { hasText: String(lease) }).waitFor();
  });

  test("an election is listed with its cause, and its sentences are one click away", async () => {
    const elections = page.locator("[data-view=elections]");
    const newest = elections.locator("[data-election]").first();
    await newest.filter({ hasText: `${leader.name} was elected` }).waitFor();
    expect(await newest.textContent()).toContain("heard of no leader");
    await newest.click();
    await page.locator("[data-view=decisions] [data-control=all-decisions]").waitFor();
    expect(await page.locator("[data-decision=becameLeader]").count()).toBe(1);
    await page.locator("[data-control=all-decisions]").click();
  });

  test("leadership is handed over on a confirmed click, and the list says that it was", async () => {
    const target = cluster.members.find((member) => member !== leader) as LocalMember;
    const make = rowOf(target.name).getByRole("button", { name: "make leader" });
    expect(await confirm(make)).toContain("Done");
    await page.waitForSelector(`[data-leader="${target.name}"]`);
    await page
      .locator("[data-election]")
      .first()
      .filter({ hasText: `${leader.name} handed leadership over to ${target.name}` })
      .waitFor();
    leader = target;
  });

  test("a member is added as a learner, promoted and removed, each after a question", async () => {
    const known = [...cluster.members];
    const fresh = cluster.addMember(known);
    const form = page.locator("[data-form=add-member]");
    await form.getByLabel("Name of the new member").fill(fresh.name);
    await form.getByLabel("Peer address of the new member").fill(fresh.peerUrl);
    const words = await confirm(form.getByRole("button", { name: "add" }));
    expect(words).toContain("--initial-cluster-state=existing");
    expect(words).toContain(`${fresh.name}=${fresh.peerUrl}`);
    cluster.start(fresh);
    await cluster.ready(fresh);
    const row = rowOf(fresh.name);
    await row.filter({ hasText: "learner" }).waitFor();
    const promote = row.getByRole("button", { name: "promote" });
    // Until it has the leader's whole log the cluster refuses, with its reason.
    for (let said = ""; !said.includes("Done"); said = await confirm(promote)) {
      if (said !== "") expect(said).toMatch(/learner/i);
    }
    await row.filter({ hasText: "follower" }).waitFor();
    expect(await page.locator("[data-live]").count()).toBe(4);
    await cluster.kill(fresh);
    expect(await confirm(row.getByRole("button", { name: "remove" }))).toContain("Done");
    await page.locator("[data-live]").nth(3).waitFor({ state: "detached" });
  });

  test("with authentication on, one signs in; who may only read sees no operations", async () => {
    const at = leader;
    await call(at, "/v3/auth/user/add", { name: "root", password: ROOT_PASSWORD });
    await call(at, "/v3/auth/role/add", { name: "root" });
    await call(at, "/v3/auth/user/grant", { user: "root", role: "root" });
    await call(at, "/v3/auth/user/add", { name: "reader", password: READER_PASSWORD });
    await call(at, "/v3/auth/enable", {});
    const signIn = async (name: string, password: string): Promise<Page> => {
      const guest = await openAt(at);
      const form = guest.locator("[data-link=unauthenticated]");
      await form.getByLabel("User").fill(name);
      await form.getByLabel("Password").fill(password);
      await form.getByRole("button", { name: "sign in" }).click();
      return guest;
    };
    const stranger = await signIn("root", "a guess");
    await stranger.locator("[data-link=unauthenticated] [role=alert]").waitFor();
    expect(await stranger.locator("[data-live]").count()).toBe(0);
    const reader = await signIn("reader", READER_PASSWORD);
    await reader.getByText("read-only").waitFor();
    expect(await reader.locator("[data-live]").count()).toBe(3);
    expect(await reader.getByRole("button", { name: "remove" }).count()).toBe(0);
    expect(await reader.locator("[data-form=add-member]").count()).toBe(0);
    const root = await signIn("root", ROOT_PASSWORD);
    await root.getByText("you may change the cluster").waitFor();
    expect(await root.getByRole("button", { name: "remove" }).count()).toBe(3);
    for (const guest of [stranger, reader, root]) await guest.close();
    expect(errors).toEqual([]);
  });
});
