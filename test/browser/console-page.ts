import { spawnSync } from "node:child_process";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { servePage } from "../../scripts/page-server.mjs";
import { buildPage } from "../../scripts/prepare.mjs";

/** Where Debian and its relatives put it. */
const CHROMIUM = "/usr/bin/chromium";

export const hasChromium: boolean = spawnSync(CHROMIUM, ["--version"]).error === undefined;

/** The built page on the loopback interface, and a browser to open it with. */
export class ConsolePage {
  readonly url: string;
  /** Addresses that a page asked for and that are not the page's own. */
  readonly foreignRequests: string[] = [];
  /** What went wrong inside the pages. */
  readonly errors: string[] = [];
  readonly #browser: Browser;
  readonly #close: () => Promise<void>;

  private constructor(url: string, browser: Browser, close: () => Promise<void>) {
    this.url = url;
    this.#browser = browser;
    this.#close = close;
  }

  static async start(): Promise<ConsolePage> {
    buildPage();
    const { url, close } = await servePage();
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    return new ConsolePage(url, browser, close);
  }

  async open(hash = "", options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1440, height: 1000 },
      locale: "en-US",
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => this.errors.push(error.stack ?? error.message));
    page.on("request", (request) => {
      const url = request.url();
      if (url.startsWith("data:") || url.startsWith("blob:") || url.startsWith(this.url)) return;
      this.foreignRequests.push(url);
    });
    await page.goto(this.url + hash);
    await page.waitForSelector("[data-member]");
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#close();
  }
}
