// The command line of a question to the host.
import { parseArgs } from "node:util";
import { fail, prepare, say } from "../../scripts/prepare.mjs";

/** Reads the options besides `--json` and `--help`, answers `--help`, and prepares what is measured. */
export function readOptions(help, options) {
  let values;
  try {
    ({ values } = parseArgs({
      options: { ...options, json: { type: "string" }, help: { type: "boolean", default: false } },
    }));
  } catch (error) {
    fail(`${error.message} (--help lists the options)`, 2);
  }
  if (values.help) {
    say(help);
    process.exit(0);
  }
  prepare();
  return values;
}
