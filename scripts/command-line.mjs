// The command lines of our scripts: what is asked for, or one sentence and exit code 2. Nothing is begun before that.
import { parseArgs } from "node:util";
import { fail, say } from "./prepare.mjs";

/**
 * Reads the arguments as `parseArgs` does and answers `--help` and `-h`. `help` is the whole text; `positionals` tells whether
 * words without dashes are taken.
 */
export function readCommandLine(help, options, { positionals = false } = {}) {
  let read;
  try {
    read = parseArgs({
      allowPositionals: positionals,
      options: { ...options, help: { type: "boolean", short: "h", default: false } },
    });
  } catch (error) {
    fail(`${firstSentence(error.message)} --help lists the options.`, 2);
  }
  if (read.values.help) {
    say(help);
    process.exit(0);
  }
  return positionals ? read : read.values;
}

/** Node's own advice goes on about arguments that begin with a dash. */
function firstSentence(message) {
  const [sentence] = message.split(/\. |\n/);
  return sentence.endsWith(".") ? sentence : `${sentence}.`;
}

/** The number given with `--name`, or one sentence. `to` may be left out. */
export function numberFrom(name, text, { from, to = Number.POSITIVE_INFINITY, whole = true }) {
  const value = Number(text);
  const isOne = text.trim() !== "" && (whole ? Number.isInteger(value) : Number.isFinite(value));
  if (isOne && value >= from && value <= to) return value;
  const kind = whole ? "a whole number" : "a number";
  const range = to === Number.POSITIVE_INFINITY ? `from ${from} on` : `from ${from} to ${to}`;
  return fail(`--${name} is ${kind} ${range}, not "${text}".`, 2);
}
