import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { SILENT } from "../../src/log/logger.ts";
import { decideFounding } from "../../src/member/founding.ts";
import { PeerCallError } from "../../src/peer/peer-calls.ts";
import type { PeerQuestions } from "../../src/peer/peer-routes.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-founding-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Members to join of which nobody answers as long as it takes, or all refuse at once. */
const SILENCE: Readonly<Record<string, () => Promise<never>>> = {
  "do not answer": () => new Promise(() => {}),
  refuse: () => Promise.reject(new PeerCallError("there is nobody")),
};

test.each(Object.keys(SILENCE))(
  "a start that waits for members to join that %s ends when it is told to",
  async (what) => {
    const request = loadSettings(
      ["--name=n4", `--data-dir=${join(folder, "n4")}`, "--join=http://127.0.0.1:1"],
      {},
    );
    if (request.wants !== "serve") throw new Error("these are no settings of a member");
    const stop = new AbortController();
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const joins = (): Promise<never> => {
      asked();
      return SILENCE[what]?.() ?? Promise.reject(new Error("no such silence"));
    };
    const deciding = decideFounding({
      settings: request.settings,
      questions: { join: joins } as unknown as PeerQuestions,
      logger: SILENT,
      signal: stop.signal,
    });
    await isAsked;
    const reason = new Error("told to end");
    stop.abort(reason);
    await expect(deciding).rejects.toBe(reason);
  },
);
