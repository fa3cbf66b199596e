import { describe, expect, test } from "vitest";
import { Comparison, told } from "./compare.ts";
import type { Program } from "./program.ts";
import { PROGRAMS } from "./programs.ts";
import { ProgramRandom } from "./random.ts";
import { installedEtcd, startServers } from "./servers.ts";
import type { Step } from "./step.ts";

/** Which programs run: QUORATE_DIFFERENTIAL_SEED repeats or varies them, _PROGRAMS and _STEPS make more of them. */
const SEED = Number(process.env["QUORATE_DIFFERENTIAL_SEED"] ?? 1);
const PROGRAMS_EACH = Number(process.env["QUORATE_DIFFERENTIAL_PROGRAMS"] ?? 1);
const STEPS = Number(process.env["QUORATE_DIFFERENTIAL_STEPS"] ?? 400);
const REQUIRED = process.env["QUORATE_REQUIRE_ALL"] === "1";
const BASE_PORT = Number(process.env["QUORATE_DIFFERENTIAL_PORT"] ?? 27_600);
/** A program of four hundred steps takes a few seconds; on a busy machine ten times that. */
const TIME_MAX_MS = 240_000;

const installed = installedEtcd();
/** What is on purpose different is known against this version. */
const reason =
  installed === undefined
    ? "etcd is not installed"
    : installed.startsWith("3.4.")
      ? undefined
      : `etcd is ${installed}, and the known differences are those from 3.4`;
if (reason !== undefined) process.stdout.write(`comparison with etcd skipped: ${reason}\n`);

function* stepsOf(program: Program): Generator<Step> {
  for (let made = 0; made < STEPS; made += 1) yield program.next();
}

test("etcd is there to compare with where nothing may be skipped", () => {
  if (REQUIRED) expect(reason).toBeUndefined();
});

describe.skipIf(reason !== undefined)("the same requests to etcd and to three members", () => {
  const runs = Object.keys(PROGRAMS).flatMap((name, at) =>
    Array.from({ length: PROGRAMS_EACH }, (_, number) => ({
      name,
      number,
      port: BASE_PORT + 60 * at,
    })),
  );

  test.each(runs)(
    `$name: program $number of seed ${SEED} is answered alike`,
    async ({ name, number, port }) => {
      const servers = await startServers(port);
      try {
        const Made = PROGRAMS[name];
        if (Made === undefined) throw new Error(`there is no program ${name}`);
        const program = new Made(new ProgramRandom(SEED, `${name}/${number}`));
        const comparison = new Comparison(servers.etcd, servers.quorate);
        const difference = await comparison.run(stepsOf(program), (step, outcome) =>
          program.observe(step, outcome),
        );
        if (difference !== undefined) {
          throw new Error(
            `QUORATE_DIFFERENTIAL_SEED=${SEED}, ${name}/${number}:\n${told(difference)}`,
          );
        }
      } finally {
        await servers.stop();
      }
    },
    TIME_MAX_MS,
  );
});
