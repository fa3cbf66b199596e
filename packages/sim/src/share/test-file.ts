import { encodeRun, type SharedRun } from "./shared-run.ts";

/** What the written file needs; this package itself needs no module of Node. */
const IMPORTED = [
  ["assert", "node:assert/strict"],
  ["{ test }", "node:test"],
  ["{ decodeRun, replay }", "@quorate/sim"],
] as const;

/**
 * A test for `node --test` that plays the run: it fails where the run violates something, and passes where it does not.
 */
export function testFileFor(run: SharedRun): string {
  const title = run.type === "scenario" ? `scenario ${run.id}` : (run.title ?? "a run");
  const goal = run.type === "scenario" ? '  assert.equal(ended?.type, "goalReached");\n' : "";
  const taken = run.type === "scenario" ? "{ ended, violations }" : "{ violations }";
  const imports = IMPORTED.map(([what, where]) => `import ${what} from "${where}";`).join("\n");
  return `${imports}

// Everything that was done to the cluster, and the seed of all chance. Open it in the playground as #<text>.
const RUN =
  ${JSON.stringify(encodeRun(run))};

test(${JSON.stringify(title)}, () => {
  const ${taken} = replay(decodeRun(RUN));
  assert.deepEqual(violations, []);
${goal}});
`;
}
