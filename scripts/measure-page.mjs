// `npm run measure:page`: plays a long run in the page and prints how long frames and jumps take.
import { cpus } from "node:os";
import { chromium } from "playwright-core";
import { numberFrom, readCommandLine } from "./command-line.mjs";
import { servePage } from "./page-server.mjs";
import { prepare, say } from "./prepare.mjs";

const HELP = `npm run measure:page -- [options]

Plays a long run in the page and prints how long frames and jumps take.

  --events <n>        length of the run, default 100000
  --jumps <n>         default 200
  --chromium <file>   the browser, default /usr/bin/chromium`;

const values = readCommandLine(HELP, {
  events: { type: "string", default: "100000" },
  jumps: { type: "string", default: "200" },
  chromium: { type: "string", default: "/usr/bin/chromium" },
});
numberFrom("events", values.events, { from: 1 });
numberFrom("jumps", values.jumps, { from: 1 });
prepare();
const { url, close } = await servePage();
const browser = await chromium.launch({ executablePath: values.chromium, args: ["--no-sandbox"] });
const page = await browser.newPage({ locale: "en-US", viewport: { width: 1440, height: 1000 } });
await page.goto(url);
await page.locator('[data-free="5"]').click();

/** The middle, the 99th of a hundred, and the largest. */
function summary(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.floor((sorted.length - 1) * part)]?.toFixed(1) ?? "–";
  say(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${sorted.length} samples)`);
}

say(`${cpus()[0]?.model}, ${cpus().length} cores, Chromium ${browser.version()}`);
const played = await page.evaluate(
  async ({ events }) => {
    const frames = [];
    const speed = document.querySelector(".timeline label input[type=range]");
    speed.value = speed.max;
    speed.dispatchEvent(new Event("input"));
    document.querySelector("[data-control=play]").click();
    const count = () => Number(document.querySelector(".clock").textContent.split("/").at(-1));
    const began = performance.now();
    let before = began;
    while (count() < events && performance.now() - began < 200_000) {
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - before);
      before = now;
    }
    document.querySelector("[data-control=play]").click();
    return { frames, events: count(), seconds: (performance.now() - began) / 1000 };
  },
  { events: Number(values.events) },
);
say(`${played.events} events recorded and shown in ${played.seconds.toFixed(1)} s`);
summary("time between frames while playing at full speed", played.frames);

const jumps = await page.evaluate(async (wanted) => {
  const strip = document.querySelector(".scrubber input");
  const times = [];
  for (let jump = 0; jump < wanted; jump += 1) {
    const part = (jump * 0.618034) % 1;
    const began = performance.now();
    strip.value = String(Number(strip.max) * part);
    strip.dispatchEvent(new Event("input"));
    // Signals are drawn in a microtask; the layout is asked for, so that it counts.
    await Promise.resolve();
    document.body.getBoundingClientRect();
    times.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return times;
}, Number(values.jumps));
summary("jump to any moment, until everything is drawn", jumps);
await browser.close();
await close();
