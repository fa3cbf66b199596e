// `npm run pictures`: draws the pictures of the documentation from the page itself; with --all every view, light and
// dark, on a desktop and a phone, in both languages, to be looked at, into the folder named after it.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { numberFrom, readCommandLine } from "./command-line.mjs";
import { LocalCluster } from "./local-cluster.mjs";
import { servePage } from "./page-server.mjs";
import { prepare, root, say } from "./prepare.mjs";

const HELP = `npm run pictures -- [--all <folder>] [options]

Draws the pictures of the documentation from the page itself.

  --all <folder>      every view into the folder instead: light and dark, desktop and phone, both languages
  --only <text>       with --all: only pictures whose name has this in it, as in "dark-phone"
  --port <n>          first port of the cluster that the live view shows, default 28700
  --chromium <file>   the browser, default /usr/bin/chromium`;

const { values, positionals } = readCommandLine(
  HELP,
  {
    all: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    port: { type: "string", default: "28700" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
  },
  { positionals: true },
);
numberFrom("port", values.port, { from: 1024, to: 65_000 });
prepare();

const DESKTOP = { width: 1440, height: 960 };
const PHONE = { width: 390, height: 844 };
/** Steps of a story after which what it is about is best seen: the refused write, the torn one. */
const STEPS = 4;

const browser = await chromium.launch({ executablePath: values.chromium, args: ["--no-sandbox"] });
const { url, close } = await servePage();

async function openPage(address, look) {
  const context = await browser.newContext({
    viewport: look.viewport,
    colorScheme: look.scheme,
    locale: look.locale ?? "en-US",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/** The story of the two halves, at the moment when both sides have been written to. */
async function splitBrain(look) {
  const page = await openPage(`${url}#q1.s.split-brain`, look);
  await page.waitForSelector("[data-told=yes]");
  for (let step = 0; step < STEPS; step += 1)
    await page.locator("[data-control=next-step]").click();
  await page.waitForSelector("[data-copies]");
  return page;
}

/** Everything at once: the time line, which sticks to the window, stands where the page ends. */
async function showAll(page) {
  const { width } = page.viewportSize();
  const height = await page.evaluate("document.documentElement.scrollHeight");
  await page.setViewportSize({ width, height });
  await page.evaluate("scrollTo(0, 0)");
}

async function save(page, folder, name) {
  await page.screenshot({ path: join(folder, `${name}.png`) });
  say(`  ${name}.png`);
  await page.context().close();
}

/** A cluster with some traffic, seen through one of its members. */
async function withCluster(use) {
  const folder = mkdtempSync(join(tmpdir(), "quorate-pictures-"));
  const cluster = new LocalCluster({ folder, basePort: Number(values.port) });
  let isOver = false;
  try {
    cluster.startAll();
    await cluster.allReady();
    const { clientUrl } = cluster.members[1];
    const traffic = (async () => {
      for (let count = 0; !isOver; count += 1) {
        const [key, value] = [`app/setting-${count % 6}`, `value ${count}`].map(btoa);
        await fetch(`${clientUrl}/v3/kv/put`, {
          method: "POST",
          body: JSON.stringify({ key, value }),
        }).catch(() => {});
      }
    })();
    await use(cluster);
    isOver = true;
    await traffic;
  } finally {
    isOver = true;
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A story of whole nodes, at the step at which the power goes in the middle of a write. */
async function wholeNodes(look) {
  const page = await openPage(`${url}#n1.s.torn-write`, look);
  await page.waitForSelector("[data-told=yes]");
  for (let step = 0; step < STEPS; step += 1)
    await page.locator("[data-control=next-step]").click();
  await page.waitForSelector("[data-power=down]");
  await page.locator("[data-power=down]").click();
  await page.evaluate("scrollTo(0, 0)");
  return page;
}

async function live(cluster, look) {
  const page = await openPage(`${cluster.members[0].clientUrl}/console/#live`, look);
  await page.waitForSelector("[data-leader]:not([data-leader=''])");
  await page.locator("[data-view=keys] button").first().click();
  await page.waitForSelector("[data-view=keys] tbody tr");
  // Lines need some seconds to be lines.
  await page.waitForTimeout(9_000);
  await page.evaluate("scrollTo(0, 0)");
  return page;
}

async function forDocumentation() {
  const folder = join(root, "docs", "pictures");
  mkdirSync(folder, { recursive: true });
  say(`Pictures of the documentation, into ${folder}:`);
  const [light, dark] = ["light", "dark"].map((scheme) => ({ scheme, viewport: DESKTOP }));
  await save(await splitBrain(light), folder, "console-playground");
  await save(await splitBrain(dark), folder, "console-playground-dark");
  await withCluster(async (cluster) => {
    await save(await live(cluster, light), folder, "console-live");
  });
  await save(await wholeNodes(light), folder, "console-nodes");
}

async function everything(folder) {
  mkdirSync(folder, { recursive: true });
  say(`Every view, into ${folder}:`);
  for (const scheme of ["light", "dark"]) {
    for (const [size, viewport] of [
      ["desktop", DESKTOP],
      ["phone", PHONE],
    ]) {
      for (const locale of ["en-US", "zh-CN"]) {
        const look = { scheme, viewport, locale };
        const suffix = `${scheme}-${size}-${locale.slice(0, 2)}`;
        if (!suffix.includes(values.only)) continue;
        const page = await splitBrain(look);
        await showAll(page);
        await page.screenshot({ path: join(folder, `page-${suffix}.png`) });
        say(`  page-${suffix}.png`);
        for (const view of await page.locator("[data-view]").all()) {
          const name = await view.getAttribute("data-view");
          await view.screenshot({ path: join(folder, `${name}-${suffix}.png`) });
        }
        await page.context().close();
        const nodes = await wholeNodes(look);
        await showAll(nodes);
        await save(nodes, folder, `nodes-${suffix}`);
      }
    }
  }
  await withCluster(async (cluster) => {
    for (const scheme of ["light", "dark"]) {
      for (const [size, viewport, locale] of [
        ["desktop", DESKTOP, "en-US"],
        ["phone", PHONE, "zh-CN"],
      ]) {
        const suffix = `${scheme}-${size}-${locale.slice(0, 2)}`;
        if (!suffix.includes(values.only)) continue;
        const page = await live(cluster, { scheme, viewport, locale });
        await showAll(page);
        await save(page, folder, `live-${suffix}`);
      }
    }
  });
}

try {
  if (values.all) await everything(resolve(positionals[0] ?? join(root, ".quorate", "pictures")));
  else await forDocumentation();
} finally {
  await browser.close();
  await close();
}
