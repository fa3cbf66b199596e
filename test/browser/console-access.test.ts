import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConsolePage, hasChromium } from "./console-page.ts";

if (!hasChromium) console.log("skipping the tests of the page's accessibility: no chromium");

/**
 * Runs in the page: texts with too little contrast to what is behind them, by WCAG 2.1 §1.4.3. Where something has an
 * opacity of its own it is drawn faintly on purpose, and switched-off controls are exempt.
 */
const FAINT_TEXTS = `(() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (front, back) =>
    [0, 1, 2].map((at) => front[at] * front[3] + back[at] * (1 - front[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((back, layer) => over(layer, back), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || element.closest("svg, canvas, noscript, [aria-hidden=true], [hidden], :disabled, .unseen, .skip")) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.visibility === "hidden" || box.width === 0) continue;
    const back = behind(element);
    const front = over(rgba(style.color), back);
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) {
      found.push(element.tagName + "." + element.className + " " + ratio.toFixed(2) + ": "
        + element.textContent.trim().slice(0, 40));
    }
  }
  return [...new Set(found)];
})()`;

/** Runs in the page: controls, pictures and regions without a name, ids that are not unique, and skipped headings. */
const NAMELESS = `(() => {
  const nameOf = (element) =>
    (element.getAttribute("aria-label") ?? "") + (element.getAttribute("title") ?? "")
    + (element.getAttribute("alt") ?? "") + element.textContent.trim()
    + [...(element.labels ?? [])].map((label) => label.textContent.trim()).join("");
  const found = [];
  const named = "button, a[href], select, input, [role=button], [role=img], [role=alertdialog], img, nav, fieldset";
  for (const element of document.querySelectorAll(named)) {
    if (element.closest("[aria-hidden=true]") !== null) continue;
    if (nameOf(element) === "") found.push("no name: " + element.outerHTML.slice(0, 100));
  }
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push("id twice: " + id);
  let before = 1;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) found.push("skips a level: " + heading.textContent);
    before = level;
  }
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  return [...new Set(found)];
})()`;

/** Words that are the same in every language: names, keys, commands, units. */
const ENGLISH_LEFT = `(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (parent.closest("script, style, noscript, code, pre, .mono, .brand, [data-shared], [lang=en]")) continue;
    const words = data
      .replace(/Raft|Ongaro|Quorate|SVG|PNG|ms|match|next|nextIndex|matchIndex|name|chen|tttt|§/g, "");
    if (/[a-z]{3,}/i.test(words)) found.push(data.trim());
  }
  return [...new Set(found)];
})()`;

describe.skipIf(!hasChromium)("everybody can use the page in Chromium", () => {
  let console_: ConsolePage;

  beforeAll(async () => {
    console_ = await ConsolePage.start();
  });
  afterAll(async () => {
    await console_?.close();
    expect(console_?.errors ?? []).toEqual([]);
  });

  /** The views one can come to, each as it is opened. */
  const places: readonly (readonly [string, string, (page: Page) => Promise<void>])[] = [
    [
      "a story in its middle",
      "#q1.s.split-brain",
      async (page) => {
        await page.waitForSelector("[data-told=yes]");
        for (let step = 0; step < 4; step += 1) {
          await page.locator("[data-control=next-step]").click();
        }
        await page.locator("[data-first-words] summary").click();
        await page.locator('[data-member="3"]').focus();
        await page.keyboard.press("Enter");
      },
    ],
    [
      "a broken guarantee",
      "#q1.s.vote-once..0",
      async (page) => {
        await page.waitForSelector("[data-told=yes]");
        await page.getByLabel(/Moment of the run|运行的时刻/).press("End");
        await page.locator("[data-violation]").waitFor();
      },
    ],
    [
      "two branches",
      "#q1.s.leader-timeout",
      async (page) => {
        await page.waitForSelector("[data-told=yes]");
        await page.locator("[data-control=next-step]").click();
        await page.locator('[data-action="isolate-leader"]').click();
        await page.locator("[data-side]").first().waitFor();
      },
    ],
    [
      "whole nodes",
      "",
      async (page) => {
        // On a phone the list of stories is a field to choose from.
        await page.evaluate("document.querySelector('[data-nodes=\"3\"]').click()");
        await page.locator(".files").waitFor();
        await page.locator('[data-member="1"]').focus();
        await page.keyboard.press("Enter");
        await page.locator('[data-action="fill"]').click();
        await page.locator(".diskrow .chip.bad").waitFor();
      },
    ],
  ];

  describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
    test.each(places)("%s can be read and has names for everything", async (_, hash, prepare) => {
      const page = await console_.open(hash, { colorScheme });
      await prepare(page);
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
      expect(await page.evaluate(NAMELESS)).toEqual([]);
      await page.context().close();
    });
  });

  test.each(places)("%s has no English left in Chinese", async (_, hash, prepare) => {
    const page = await console_.open(hash, { locale: "zh-CN" });
    await prepare(page);
    expect(await page.evaluate(ENGLISH_LEFT)).toEqual([]);
    await page.context().close();
  });

  test.each(places)("%s fits a phone", async (_, hash, prepare) => {
    const page = await console_.open(hash, { viewport: { width: 390, height: 844 } });
    await prepare(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  test("with reduced motion nothing glides", async () => {
    const page = await console_.open("#q1.s.leader-timeout", { reducedMotion: "reduce" });
    await page.waitForSelector("[data-told=yes]");
    const before = await page.locator(".clock").textContent();
    const after = await page.evaluate(`(() => {
      document.querySelector("[data-control=commit]").click();
      return new Promise((resolve) => setTimeout(() => resolve(
        document.querySelector(".clock").textContent), 0));
    })()`);
    expect(after).not.toBe(before);
    expect(await page.evaluate("document.getAnimations().length")).toBe(0);
    await page.context().close();
  });
});
