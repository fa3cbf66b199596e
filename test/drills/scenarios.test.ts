import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../drills/scenarios/", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length));

interface Scenario {
  readonly id: string;
  readonly story: string;
  readonly hosts?: object;
  readonly cluster?: object;
  readonly run: (drill: unknown) => Promise<void>;
}

/** Situations of the scenario library that are shown on real processes, and the ways a disk fails. */
const REQUIRED = [
  "write-happy-path",
  "crash-before-receive",
  "crash-before-replicate",
  "crash-after-replicate-all",
  "crash-after-replicate-some",
  "crash-before-notify",
  "crash-before-reply",
  "follower-persists-first",
  "unconfirmed-error",
  "returning-leader",
  "redirect",
  "exactly-once",
  "compaction",
  "install-snapshot",
  "new-member",
  "joint-consensus",
  "remove-leader",
  "replace-all",
  "wiped-member",
  "kill-the-leader",
  "locks-through-kills",
  "roles-cold-start",
  "leader-timeout",
  "pre-vote",
  "check-quorum",
  "transfer",
  "split-brain",
  "five-way-split",
  "quorum-lost-forever",
  "timing-rule",
  "unsafe-recover",
  "refill",
  "read-index",
  "stale-leader-read",
  "many-groups",
  "disk-sync-fails",
  "disk-write-fails",
  "disk-short-writes",
  "disk-full",
  "disk-stalls",
  "patroni",
  "store-fails",
];

describe("drills", () => {
  test.each(names)("%s is called after its file and tells a story", async (name) => {
    const module = (await import(join(folder, `${name}.mjs`))) as { default: Scenario };
    const { id, story, run } = module.default;
    expect(id).toBe(name);
    expect(story).toMatch(/^[A-Z].*\.$/);
    expect(story.split(" ").length).toBeGreaterThan(15);
    expect(typeof run).toBe("function");
  });

  test("none of the situations that need one is without a drill", () => {
    expect(REQUIRED.filter((name) => !names.includes(name))).toEqual([]);
  });
});
