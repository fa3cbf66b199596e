import { encodeRun, type SharedRun } from "./shared-run.ts";

/**
 * A test for `node --test` that plays the run: it fails where the run violates something, and passes where it does not.
 */
export function testFileFor(run: SharedRun): string {
  const title = run.type === "scenario" ? `scenario ${run.id}` : (run.title ?? "a run");
  const goal = run.type === "scenario" ? '  assert.equal(ended?.type, "goalReached");\n' : "";
  const taken = run.type === "scenario" ? "{ ended, violations }" : "{ violations }";
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeRun, replay } from "@quorate/sim";

// Everything that was done to the cluster, and the seed of all chance. Open it in the playground as #<text>.
const RUN =
  ${JSON.stringify(encodeRun(run))};

test(${JSON.stringify(title)}, () => {
  const ${taken} = replay(decodeRun(RUN));
  assert.deepEqual(violations, []);
${goal}});
`;
}
