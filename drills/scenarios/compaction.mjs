import { folderBytes } from "../lib/folder-bytes.mjs";
import { pause } from "../lib/report.mjs";

const KEYS = 50;
const VALUE_BYTES = 2_048;
const WRITTEN_BYTES = 24 << 20;
const WRITERS = 8;
const SEGMENT_BYTES = 512 << 10;
const MIB = 2 ** 20;

export default {
  id: "compaction",
  hosts: {
    size: 3,
    snapshotPolicy: { entriesMax: 100, keepEntries: 20 },
    logSegmentBytes: SEGMENT_BYTES,
  },
  story:
    "The same few keys are written over and over. Each member makes snapshots by itself and gives up the log before them: its " +
    "disk stays small while far more is written, and writes go on meanwhile.",
  async run(drill) {
    const leader = await drill.found();
    const value = "v".repeat(VALUE_BYTES);
    let written = 0;
    let lastMs = performance.now();
    let longestGapMs = 0;
    const counts = new Array(KEYS).fill(0);
    const largest = new Map(drill.members().map(({ id }) => [id, 0]));
    let busy = true;
    const watcher = (async () => {
      for (; busy; await pause(50)) {
        for (const { id, directory } of drill.members()) {
          largest.set(id, Math.max(largest.get(id), folderBytes(directory)));
        }
      }
    })();
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        while (written < WRITTEN_BYTES) {
          written += VALUE_BYTES;
          const place = Math.floor(drill.random() * KEYS);
          await leader.propose({ type: "set", key: `k${place}`, value }, { timeoutMs: 20_000 });
          counts[place] += 1;
          const now = performance.now();
          longestGapMs = Math.max(longestGapMs, now - lastMs);
          lastMs = now;
        }
      }),
    );
    busy = false;
    await watcher;
    const writes = counts.reduce((sum, count) => sum + count, 0);
    drill.count("writes", writes);
    drill.say(`  longest time without an acknowledgement: ${Math.round(longestGapMs)} ms`);
    for (const member of drill.running()) {
      const { metrics, firstIndex, applied, newestSnapshot } = await member.status();
      drill.count("snapshots", metrics.snapshotsBuilt);
      drill.check(
        `member ${member.id} made snapshots by itself and gave up the log before them`,
        metrics.snapshotsBuilt > 1 && firstIndex > 1,
        `${metrics.snapshotsBuilt} snapshots, log from ${firstIndex} to ${applied.index}, newest snapshot at ${newestSnapshot.index}`,
      );
      const mib = largest.get(member.id) / MIB;
      drill.check(
        `member ${member.id}'s disk stayed bounded`,
        mib * MIB < WRITTEN_BYTES / 2,
        `at most ${mib.toFixed(1)} MiB while ${(WRITTEN_BYTES / MIB).toFixed(0)} MiB were written`,
      );
    }
    // Restarted from snapshot and log, nothing is missing.
    await Promise.all(drill.members().map((member) => member.kill()));
    await Promise.all(drill.members().map((member) => member.start("open")));
    const next = await drill.leader();
    const entries = new Map(await next.query({ prefix: "k" }, { timeoutMs: 20_000 }));
    const wrong = counts.filter((count, place) => (entries.get(`k${place}`)?.times ?? 0) !== count);
    drill.check(
      "after SIGKILL for all, every key was set as often as was acknowledged",
      wrong.length === 0,
      `${writes} writes on ${KEYS} keys, ${wrong.length} keys differ`,
    );
    await drill.compareStates();
  },
};
