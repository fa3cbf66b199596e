// node bench/check-perf.mjs: etcd's own judgement, `etcdctl check perf`, of both systems.
import { execFile } from "node:child_process";
import { fail, prepare } from "../scripts/prepare.mjs";
import { alternate, progress, warmUp } from "./lib/load.mjs";
import { readOptions } from "./lib/options.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";

const question = "etcdctl check perf";
const TIMEOUT_MS = 150_000;
const options = readOptions({
  name: "check-perf",
  question,
  own: [["loads", "<s,m,l,xl>   etcdctl's sizes of load; each takes a minute a run"]],
  defaults: { loads: "s,m,l,xl", runs: 1 },
  quick: { loads: "s", runs: 1 },
});
prepare();

/** The tool ends with 1 when it is not content, and says why in the same words. */
function checkPerf(cluster, load) {
  const args = [
    `--endpoints=${cluster.endpoints.join(",")}`,
    "check",
    "perf",
    `--load=${load}`,
    "--auto-compact=true",
  ];
  const environment = { ...process.env, ETCDCTL_API: "3" };
  return new Promise((resolve) => {
    execFile(
      "etcdctl",
      args,
      { env: environment, timeout: TIMEOUT_MS },
      (error, stdout, stderr) => {
        if (error?.code === "ENOENT") fail("This needs etcdctl (Debian package etcd-client).");
        resolve(`${stdout}\n${stderr}`);
      },
    );
  });
}

function figuresOf(text) {
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return {
    perSecond: number(/(\d+) writes\/s/),
    slowestSeconds: number(/Slowest request took ([\d.]+)s/),
    stddevSeconds: number(/Stddev is ([\d.]+)s/),
    passed: lines.includes("PASS") ? 1 : 0,
    words: lines.filter((line) => /^(PASS|FAIL)/.test(line)),
  };
}

const measured = await withBothSystems(
  async ({ systems }) => {
    const seconds = Number(options["warm-up-seconds"]);
    await warmUp(systems, { seconds, keySpace: 10_000, valueBytes: 1024 });
    const cases = options.loads.split(",").map((load) => ({ name: `load ${load}`, load }));
    return alternate(systems, cases, Number(options.runs), async ({ name, cluster }, { load }) => {
      const figures = figuresOf(await checkPerf(cluster, load));
      for (const words of figures.words) progress(`${name}: ${words}`);
      return figures;
    });
  },
  {
    only: options.only,
    flags: ["--auto-compaction-mode=revision", "--auto-compaction-retention=1000000"],
  },
);
publish(options.results, "check-perf", {
  title: question,
  notes: [
    "The tool limits its own rate (s 150, m 1,000, l 8,000, xl 15,000 writes per second): what counts is PASS.",
  ],
  metrics: [
    { key: "perSecond", title: "writes per second" },
    { key: "passed", title: "passed", digits: 1, ratio: false },
    { key: "slowestSeconds", title: "slowest s", digits: 3 },
    { key: "stddevSeconds", title: "stddev s", digits: 4 },
  ],
  measured,
});
