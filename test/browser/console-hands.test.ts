import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConsolePage, hasChromium } from "./console-page.ts";

if (!hasChromium) console.log("skipping the tests of what hands do to the page: no chromium");

interface Spot {
  readonly x: number;
  readonly y: number;
}

describe.skipIf(!hasChromium)("by hand in Chromium", () => {
  let console_: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
  });
  beforeEach(async () => {
    page = await console_.open();
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await console_?.close();
    expect(console_?.errors ?? []).toEqual([]);
  });

  const press = (name: string): Promise<void> => page.locator(`[data-control="${name}"]`).click();
  const act = (name: string): Promise<void> => page.locator(`[data-action="${name}"]`).click();

  async function choose(member: string | null): Promise<void> {
    const place = page.locator(`[data-member="${member}"]`);
    if ((await place.getAttribute("aria-pressed")) === "true") return;
    await place.focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-chosen-member="${member}"]`).waitFor();
  }

  async function pressUntil(name: string, done: () => Promise<boolean>): Promise<void> {
    for (let count = 0; count < 300; count += 1) {
      if (await done()) return;
      await press(name);
    }
    expect.fail(`it never came about by pressing ${name}`);
  }

  const leader = (): Promise<string | null> =>
    page.locator('[data-role="leader"][data-power="up"]').first().getAttribute("data-member");
  const isSolved = async (): Promise<boolean> =>
    (await page.locator("[data-puzzle]").getAttribute("data-puzzle")) === "solved";
  const hasLeader = async (): Promise<boolean> =>
    (await page.locator('[data-role="leader"][data-power="up"]').count()) > 0;

  const runningMembers = (): Promise<(string | null)[]> =>
    page
      .locator('[data-member][data-power="up"]')
      .evaluateAll((members) => members.map((one) => one.getAttribute("data-member")));

  async function doTo(member: string | null, what: string): Promise<void> {
    await choose(member);
    await page.getByRole("button", { name: what }).click();
  }

  async function write(value: string, member?: string | null): Promise<void> {
    await page.getByLabel("Value", { exact: true }).fill(value);
    if (member != null) await page.getByLabel("Asked member").selectOption(member);
    await act("ask");
  }

  async function openPuzzle(id: string): Promise<void> {
    await page.locator(`[data-puzzle-open="${id}"]`).click();
    expect(await isSolved()).toBe(false);
  }

  describe("puzzles", () => {
    test("two leaders at once: isolate the one there is", async () => {
      await openPuzzle("two-leaders");
      await press("commit");
      await act("isolate-leader");
      await pressUntil("role", isSolved);
    });

    test("a follower like (f): the same member leads twice, and nobody hears what it writes", async () => {
      await openPuzzle("like-f");
      await press("commit");
      const f = await leader();
      await act("isolate-leader");
      await page.getByLabel("retries").uncheck();
      await write("first", f);
      // Its own disk has it, and nobody else's.
      for (let count = 0; count < 8; count += 1) await press("event");
      for (const member of await runningMembers()) await doTo(member, "kill the process");
      await act("heal");
      await page.getByRole("button", { name: "start all" }).click();
      await choose(f);
      await act("campaign");
      await pressUntil("role", hasLeader);
      expect(await leader()).toBe(f);
      await act("isolate-leader");
      await pressUntil("role", isSolved);
    });

    test("a term without a leader: two ask at the same moment, and the votes are split", async () => {
      await openPuzzle("no-leader-term");
      await press("commit");
      await doTo(await leader(), "kill the process");
      const [one, other] = await runningMembers();
      for (const member of [one, other]) {
        await choose(member ?? null);
        await act("campaign");
      }
      await pressUntil("role", isSolved);
    });

    test("lose a write: everybody's plug is pulled right after the answer", async () => {
      await openPuzzle("lose-a-write");
      await press("commit");
      const members = await runningMembers();
      for (const member of members) {
        await choose(member);
        await act("slowDisk");
      }
      await write("lost");
      await pressUntil(
        "event",
        async () => (await page.locator("[data-act=answered]").count()) > 0,
      );
      for (const member of members) await doTo(member, "pull the plug");
      await page.getByRole("button", { name: "start all" }).click();
      await pressUntil("role", async () => (await isSolved()) || (await hasLeader()));
      if (!(await isSolved())) await write("another");
      await pressUntil("event", isSolved);
      expect(await page.locator("[data-guarantee=broken]").count()).toBeGreaterThan(0);
    });
  });

  // ---- the mouse ---------------------------------------------------------------------------------

  async function middleOf(place: Locator): Promise<Spot> {
    const box = await place.boundingBox();
    if (box === null) throw new Error("it cannot be seen");
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  async function drag(from: Spot, to: Spot): Promise<void> {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  }

  /** The first message on its way, taken with the mouse to one of the places for it. */
  async function dragMessage(zone: number): Promise<string | null> {
    await page.locator('[data-free="3"]').click();
    const message = page.locator("[data-message]").first();
    await pressUntil("event", async () => (await page.locator("[data-message]").count()) > 0);
    await page.locator("[data-picture=ring]").scrollIntoViewIfNeeded();
    const id = await message.getAttribute("data-message");
    const from = await middleOf(message.locator(".shape"));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 20, from.y + 20, { steps: 3 });
    const to = await middleOf(page.locator(".zones rect").nth(zone));
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.locator(".zones .over").waitFor();
    await page.mouse.up();
    return id;
  }

  test("a message dragged away is lost", async () => {
    const id = await dragMessage(0);
    await page.locator(".telling li", { hasText: "taken off the wire" }).first().waitFor();
    expect(await page.locator(`[data-message="${id}"]`).count()).toBe(0);
  });

  test("a message dragged aside comes later", async () => {
    const id = await dragMessage(1);
    await page.locator(".telling li", { hasText: "comes 25 ms later" }).first().waitFor();
    expect(await page.locator(`[data-message="${id}"]`).count()).toBe(1);
  });

  test("a message dragged to its double comes twice", async () => {
    await dragMessage(2);
    await page.locator(".telling li", { hasText: "comes twice" }).first().waitFor();
  });

  /** Draws a line on the ring that has the first member on one side and the others on the other. */
  async function cutOffFirst(knife: string, isUpwards: boolean): Promise<void> {
    await page.locator('[data-free="3"]').click();
    await page.getByRole("button", { name: `✂ ${knife}` }).click();
    await page.locator("[data-picture=ring]").scrollIntoViewIfNeeded();
    const [one, two, three] = await Promise.all(
      ["1", "2", "3"].map((id) => middleOf(page.locator(`[data-member="${id}"] circle`).first())),
    );
    if (one === undefined || two === undefined || three === undefined) throw new Error("no ring");
    const y = (one.y + two.y) / 2;
    const [left, right] = [
      { x: Math.min(two.x, three.x) - 60, y },
      { x: Math.max(two.x, three.x) + 60, y },
    ];
    await drag(...((isUpwards ? [right, left] : [left, right]) as [Spot, Spot]));
  }

  test("a partition is drawn with the mouse", async () => {
    await cutOffFirst("cut wires", false);
    expect(await page.locator(".cut-mark").count()).toBe(4);
    expect(await page.locator(".wire.cut").count()).toBe(2);
    await act("heal");
    expect(await page.locator(".cut-mark").count()).toBe(0);
  });

  test.each([
    [false, "member 2 does not hear member 1"],
    [true, "member 1 does not hear member 2"],
  ])("a partition that goes one way is drawn with the mouse (%s)", async (isUpwards, title) => {
    await cutOffFirst("one way", isUpwards);
    expect(await page.locator(".cut-mark").count()).toBe(2);
    expect(await page.locator(".wire.cut").count()).toBe(0);
    const titles = await page.locator(".wire title").allTextContents();
    expect(titles).toContain(title);
  });

  test("the keyboard does to a message what the mouse does", async () => {
    await page.locator('[data-free="3"]').click();
    await pressUntil("event", async () => (await page.locator("[data-message]").count()) > 0);
    await page.locator("[data-message]").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "let it come twice" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".telling li", { hasText: "comes twice" }).first().waitFor();
  });
});
