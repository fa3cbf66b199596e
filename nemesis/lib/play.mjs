// Plays one run and reports it. Resolves with the exit code.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root, say } from "../../scripts/prepare.mjs";
import { asLines } from "./clients/history.mjs";
import { NemesisCluster } from "./cluster.mjs";
import { Conductor } from "./conductor.mjs";
import { ownerPid } from "./inside.mjs";
import { judge } from "./judge.mjs";
import { availableKinds } from "./kinds.mjs";
import { runFolder } from "./leftovers.mjs";
import { LoopbackNetwork } from "./network/loopback.mjs";
import { NamespaceNetwork } from "./network/namespaces.mjs";
import { plant } from "./planted.mjs";
import { writeReport } from "./report/write.mjs";

const VIOLATIONS_SHOWN = 5;
const LAST_LINES = 2_000;
/** As shells have it for a program that a signal ended. */
const INTERRUPTED = 130;

/** `listenToOwner` tells when whoever started the run wants it to stop, or is gone. */
export async function play(options, means, { listenToOwner }) {
  const owner = ownerPid();
  const { available: kinds, skipped } = availableKinds(means, options.faults);
  announce(options, kinds, skipped, means);
  const folder = runFolder(owner);
  const places = Array.from({ length: options.members + 1 }, (_, at) => at + 1);
  const network = means.namespaces.available
    ? new NamespaceNetwork(places)
    : new LoopbackNetwork(places, options.port);
  const program = options.patch === undefined ? undefined : plant(options.patch, folder);
  try {
    await network.open(options.seed);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    say(`The network could not be made: ${error.message}`);
    return 1;
  }
  let conductor;
  const lines = [];
  const cluster = new NemesisCluster({
    folder,
    network,
    means,
    program,
    size: options.members,
    token: `nemesis-${options.seed}`,
    onLine: (member, line) => {
      lines.push(`${(conductor?.log.elapsedMs ?? 0).toFixed(0)} ${member.name} ${line}`);
      if (lines.length > LAST_LINES) lines.shift();
    },
    onExit: (...ended) => conductor?.memberEnded(...ended),
  });
  conductor = new Conductor({ cluster, network, means, options, kinds, owner, say });
  const interrupt = () => {
    // Whoever asks twice does not want the verdict; the namespaces end with this process.
    if (conductor.world.isStopping) process.exit(INTERRUPTED);
    say("  interrupted: what was seen so far is judged; once more to end at once");
    conductor.interrupt();
  };
  listenToOwner({ gone: () => process.exit(INTERRUPTED), asked: interrupt });
  // What escapes from the client library would end a user's process: it is as much a finding as a wrong answer.
  process.on("uncaughtException", (error) => {
    conductor.surprises.push(`an uncaught error: ${error.stack ?? error}`);
  });
  let failure;
  try {
    await conductor.run();
  } catch (error) {
    failure = error;
    conductor.interrupt();
  }
  const report = resolveReport(options);
  mkdirSync(report, { recursive: true });
  const verdicts = failure === undefined ? judge(conductor.memories) : [];
  const isBroken =
    failure !== undefined || verdicts.some(({ violations }) => violations.length > 0);
  await cluster.close({ keepIn: isBroken || options.keep ? join(report, "data") : undefined });
  network.close();
  if (failure !== undefined) {
    say(`The run broke off: ${failure.stack ?? failure}`);
    writeFileSync(join(report, "members.log"), `${lines.join("\n")}\n`);
    return 1;
  }
  const summary = writeReport(report, { options, conductor, verdicts, kinds, skipped, network });
  if (isBroken || options.keep) keepHistory(report, conductor, lines);
  tellVerdicts(summary, verdicts, report);
  if (options.patch !== undefined) return concludePlanted(isBroken, options.patch);
  return conclude(verdicts, skipped);
}

function resolveReport({ report, seed }) {
  return report ?? join(root, ".quorate", "nemesis", `seed-${seed}`);
}

function announce({ seed, members, lengthMs, patch }, kinds, skipped, means) {
  say(
    `nemesis: ${members} members, ${kinds.length} kinds of faults, ${(lengthMs / 60_000).toFixed(1)} minutes, seed ${seed}`,
  );
  if (patch !== undefined) say(`  planted: ${patch}; the checks must find a violation`);
  if (!means.namespaces.available) say(`  on the loopback: ${means.namespaces.reason}`);
  for (const { kind, reason } of skipped) say(`  skipped: ${kind} (${reason})`);
}

/** Everything somebody needs who looks for the cause. */
function keepHistory(report, { memories }, lines) {
  writeFileSync(join(report, "members.log"), `${lines.join("\n")}\n`);
  const history = asLines(memories.entries).join("\n");
  writeFileSync(join(report, "history.jsonl.gz"), gzipSync(history));
  const feed = memories.revisions.map((revision) => JSON.stringify(revision)).join("\n");
  writeFileSync(join(report, "feed.jsonl.gz"), gzipSync(feed));
}

function tellVerdicts({ operations, faults, kindsSeen }, verdicts, report) {
  say(`${operations} operations checked, ${faults} faults of ${kindsSeen} kinds`);
  for (const { checker, checked, unit, violations, note } of verdicts) {
    const end = note === undefined ? "" : ` (${note})`;
    say(
      `${violations.length === 0 ? "  ok    " : "  FAILED"} ${checker}: ${checked} ${unit}${end}`,
    );
    for (const message of violations.slice(0, VIOLATIONS_SHOWN)) say(`           ${message}`);
    if (violations.length > VIOLATIONS_SHOWN)
      say(`           and ${violations.length - VIOLATIONS_SHOWN} more`);
  }
  say(`report: ${join(report, "index.html")}`);
}

/** The last line is what `.ci/run` adds up. */
function conclude(verdicts, skipped) {
  const failed = verdicts.filter(({ violations }) => violations.length > 0).length;
  const end = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  say(`${verdicts.length - failed} passed, ${failed} failed${end}`);
  return failed === 0 ? 0 : 1;
}

/** A mistake was planted: the one thing to be seen is whether the checks found it. */
function concludePlanted(isFound, patch) {
  say(isFound ? `The mistake of ${patch} was found.` : `NOT TRUE: ${patch} was found`);
  say(isFound ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return isFound ? 0 : 1;
}
