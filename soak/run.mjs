// npm run soak -- --minutes N: mixed load with kills; memory and disk must stay within the bounds of docs/soak.md.
import { KVService } from "@quorate/protocol";
import { numberFrom, readCommandLine } from "../scripts/command-line.mjs";
import { prepare, say } from "../scripts/prepare.mjs";

const HELP = `npm run soak -- [options]

  --minutes <n>  how long, default 60; fractions allowed
  --seed <n>     the same kills again; drawn anew without it
  --port <n>     first port, default 25690`;

/** Bounds, as docs/soak.md states them. */
const MEMORY_MB_MAX = 512;
const MEMORY_GROWTH_MB_MAX = 96;
const DISK_MB_MAX = 768;
const DISK_GROWTH_MB_MAX = 200;
const FILES_MAX = 200;
/** History that is kept; what is older is compacted, as by the controllers of a Kubernetes cluster. */
const REVISIONS_KEPT = 1000;
const LOOK_MS = 500;
const COMPACT_MS = 1000;
/** Kills come this often, or ten times per run if that is more often. */
const KILL_MS_MAX = 30_000;

const values = readCommandLine(HELP, {
  minutes: { type: "string", default: "60" },
  seed: { type: "string" },
  port: { type: "string", default: "25690" },
});
const minutes = numberFrom("minutes", values.minutes, { from: 0.05, whole: false });
const seed = numberFrom("seed", values.seed ?? `${Math.floor(Math.random() * 2 ** 31)}`, {
  from: 0,
  to: 2 ** 32 - 1,
});
const basePort = numberFrom("port", values.port, { from: 1024, to: 65_000 });
prepare();
const { Drill, pause } = await import("../drills/lib/drill.mjs");
const { MixedLoad } = await import("./load.mjs");
const { Course, keepsWithin } = await import("./measure.mjs");

const drill = new Drill({ seed, basePort });
const { cluster } = drill;
const endsAt = performance.now() + minutes * 60_000;
const left = () => endsAt - performance.now();

/** Acts every now and then until the time is up. */
async function every(periodMs, act) {
  while (left() > 0) {
    await pause(Math.min(periodMs, Math.max(1, left())));
    await act();
  }
}

async function compact() {
  // Whoever is asked may be dead in this moment: the next turn asks another one.
  const member = drill.pick(cluster.members);
  if (!cluster.isRunning(member)) return;
  const calls = drill.calls(member);
  try {
    const { header } = await calls.status(1000);
    const revision = header.revision - REVISIONS_KEPT;
    if (revision > 0) await calls.call(KVService.compact, { revision }, 5000);
    drill.count("compactions");
  } catch {
    drill.count("compactions refused");
  }
}

/** The third member is never killed: it shows what grows. */
async function killOne() {
  const member = drill.pick(cluster.members.slice(0, 2));
  await cluster.kill(member);
  drill.count("members killed");
  cluster.start(member);
  await cluster.ready(member);
}

function check(name, peaks, max, growthMax, unit) {
  const { belowMax, steady } = keepsWithin(peaks, max, growthMax);
  const told = `${Math.round(peaks.middle)} ${unit} in the second third, ${Math.round(peaks.end)} in the last`;
  drill.check(`${name} stays below ${max} ${unit}`, belowMax, told);
  drill.check(`${name} does not grow`, steady, `${told}; ${growthMax} are allowed`);
}

say(`soak for ${minutes} minutes, seed ${seed}`);
cluster.startAll();
await cluster.allReady();
const courses = cluster.members.map(
  (member) => new Course(() => cluster.pidOf(member), member.dataDir),
);
const load = new MixedLoad(drill);
let told = 0;
const progress = () => {
  for (const course of courses) course.look();
  told += 1;
  if (told % Math.ceil(Math.max(10_000, minutes * 3000) / LOOK_MS) !== 0) return;
  const now = courses.map(
    ({ last }) => `${Math.round(last.memoryMb)} MB, disk ${Math.round(last.diskMb)} MB`,
  );
  say(`  ${load.operations} operations; ${now.join(" | ")}`);
};
await Promise.all([
  every(LOOK_MS, progress),
  every(COMPACT_MS, compact),
  every(Math.min(KILL_MS_MAX, minutes * 6000), killOne),
]);
await load.stop();
await drill.leader();
for (const member of cluster.members) await load.verify(member);

const [oldest] = courses.slice(-1);
check(
  "memory of the member that was never killed",
  oldest.peaks("memoryMb"),
  MEMORY_MB_MAX,
  MEMORY_GROWTH_MB_MAX,
  "MB",
);
for (const [place, course] of courses.entries()) {
  check(
    `disk of ${cluster.members[place].name}`,
    course.peaks("diskMb"),
    DISK_MB_MAX,
    DISK_GROWTH_MB_MAX,
    "MB",
  );
}
const files = oldest.peaks("files");
drill.check(`open files stay below ${FILES_MAX}`, files.end <= FILES_MAX, `${files.end}`);
drill.check(
  "every key is what it must be, at every moment and in the end",
  load.wrong.length === 0,
  load.wrong.slice(0, 3).join(", "),
);
drill.check(
  "there was load",
  load.operations > 100 * minutes,
  `${load.operations} operations, ${load.unanswered} without an answer`,
);
await drill.compareStates();
for (const [kind, count] of Object.entries(load.counts)) drill.count(kind, count);
const untrue = await drill.finish();
say(`${untrue === 0 ? 1 : 0} passed, ${untrue === 0 ? 0 : 1} failed`);
process.exit(untrue === 0 ? 0 : 1);
