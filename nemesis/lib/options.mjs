// What `npm run nemesis` is asked for.
import { parseArgs } from "node:util";
import { KINDS } from "./kinds.mjs";

export const HELP = `npm run nemesis -- [options]

Members as real processes, each in a network namespace of its own; faults drawn from a seed; clients that record what they
were told; and the simulator's checkers over all of it.

  --minutes <n>      how long faults go on, default 1 (fractions are fine)
  --seed <n>         the same faults again; drawn anew without it
  --members <n>      3 or 5, default 3
  --faults <a,b>     only these kinds
  --rate <n>         operations per second the clients aim at, default 700
  --clients <n>      how many of them ask side by side, default 48; more on a busy machine, where answers take long
  --report <folder>  where the report goes, default .quorate/nemesis/seed-<n>
  --patch <file>     plant a mistake (as in zoo/) in a scratch build of the members: now the checks must find a violation
  --loopback         no namespaces: members on 127.0.0.1 behind the proxy, as where root is missing
  --port <n>         first port on the loopback, default 26790
  --keep             leave the members' data behind in any case
  --list             name the kinds of faults and what each needs

It ends with 0 when every check held, 1 on a violation (the report has the failing history and the members' data), 2 when the
command line is wrong. With --patch it ends with 0 when a violation was found and with 1 when not.`;

const OPTIONS = {
  minutes: { type: "string", default: "1" },
  seed: { type: "string" },
  members: { type: "string", default: "3" },
  faults: { type: "string" },
  rate: { type: "string", default: "700" },
  clients: { type: "string", default: "48" },
  report: { type: "string" },
  patch: { type: "string" },
  loopback: { type: "boolean", default: false },
  port: { type: "string", default: "26790" },
  keep: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

/** A command line that makes no sense; the message is one sentence. */
export class UsageError extends Error {}

function numberOf(name, text, least, most) {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most)) {
    throw new UsageError(`--${name} is a number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

function wholeNumberOf(name, text, least, most) {
  const value = numberOf(name, text, least, most);
  if (!Number.isInteger(value)) throw new UsageError(`--${name} is a whole number.`);
  return value;
}

/** Throws `UsageError`. */
export function readOptions(args, drawSeed = () => Math.floor(Math.random() * 2 ** 31)) {
  let values;
  try {
    ({ values } = parseArgs({ args, options: OPTIONS }));
  } catch (error) {
    throw new UsageError(error.message.split("\n")[0]);
  }
  const members = wholeNumberOf("members", values.members, 3, 5);
  if (members === 4) throw new UsageError("--members is 3 or 5.");
  const faults = values.faults?.split(",").filter((name) => name !== "");
  const unknown = faults?.find((name) => !KINDS.some(({ id }) => id === name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no fault "${unknown}"; --list names them.`);
  }
  const seed =
    values.seed === undefined ? drawSeed() : wholeNumberOf("seed", values.seed, 0, 2 ** 32 - 1);
  return {
    lengthMs: numberOf("minutes", values.minutes, 0.05, 24 * 60) * 60_000,
    seed,
    members,
    faults,
    rate: numberOf("rate", values.rate, 1, 20_000),
    clients: wholeNumberOf("clients", values.clients, members * 2, 2_000),
    report: values.report,
    patch: values.patch,
    loopback: values.loopback,
    port: wholeNumberOf("port", values.port, 1_024, 60_000),
    keep: values.keep,
    list: values.list,
    help: values.help,
  };
}
