// Loaded into a member before anything else (`node --import`): records a CPU profile while it is asked to. The member
// itself knows nothing of it. SIGUSR2 begins a recording, the next one ends it and writes it to the folder named by
// QUORATE_PROFILE_FOLDER; a file `<pid>.<n>.begun` or `<pid>.<n>.json` says that it was done. With
// QUORATE_PROFILE_KIND=allocations it is what was allocated that is recorded.
import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { PerformanceObserver } from "node:perf_hooks";

const SAMPLING_MICROSECONDS = 400;
const SAMPLING_BYTES = 16_384;
const isOfAllocations = process.env.QUORATE_PROFILE_KIND === "allocations";

const folder = process.env.QUORATE_PROFILE_FOLDER;
const session = new Session();
let recording;
let count = 0;

function post(method, parameters) {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Time the collector held the main thread, by kind. */
function watchCollector() {
  const pauses = { count: 0, ms: 0 };
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      pauses.count += 1;
      pauses.ms += duration;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return { pauses, stop: () => observer.disconnect() };
}

async function begin() {
  session.connect();
  if (isOfAllocations) {
    await post("HeapProfiler.startSampling", {
      samplingInterval: SAMPLING_BYTES,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
  } else {
    await post("Profiler.enable");
    await post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROSECONDS });
    await post("Profiler.start");
  }
  recording = { collector: watchCollector(), memory: process.memoryUsage() };
  writeFileSync(join(folder, `${process.pid}.${count}.begun`), "");
}

async function end() {
  const { collector, memory } = recording;
  recording = undefined;
  const { profile } = await post(isOfAllocations ? "HeapProfiler.stopSampling" : "Profiler.stop");
  session.disconnect();
  collector.stop();
  const target = join(folder, `${process.pid}.${count}`);
  const report = {
    profile,
    pauses: collector.pauses,
    before: memory,
    after: process.memoryUsage(),
  };
  writeFileSync(`${target}.part`, JSON.stringify(report));
  renameSync(`${target}.part`, `${target}.json`);
  count += 1;
}

if (folder !== undefined) {
  process.on("SIGUSR2", () => {
    const done = recording === undefined ? begin() : end();
    done.catch((error) => process.stderr.write(`profile: ${error.message}\n`));
  });
}
