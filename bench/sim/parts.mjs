// Which part of a simulated cluster a sample of a CPU profile belongs to. A native function belongs to whoever called it.

/** In order: the first that matches wins. */
const BY_FILE = [
  [/^core\/invariants\//, "checkers: the core's own"],
  [/^core\//, "core"],
  [/^host\/environment\//, "virtual disk"],
  [/^host\/(log|refill|offline)\//, "host: log"],
  [/^host\/(transport|wire)\//, "host: transport and codecs"],
  [/^host\//, "host: groups, sessions, turns"],
  [/^kv\//, "key-value machine"],
  [/^sim\/(time|random)\//, "scheduler"],
  [/^sim\/world\/(simulation|process-gate|node-environment|node-clock)\./, "scheduler"],
  [/^sim\/world\/(node-disk|crashable-store)\./, "virtual disk"],
  [/^sim\/world\/(stream-|frame-cutter)/, "virtual network"],
  [/^sim\/(world|invariants)\//, "checkers: invariants"],
  [/^sim\/(oracles|checkers)\//, "checkers: what machines and clients saw"],
  [/^sim\/(linearizability|history|hunt)\//, "checkers: at the end"],
  [/^sim\//, "clients"],
];

function ofFile(url) {
  const path = url.replace(/^.*\/packages\//, "").replace("/dist/", "/");
  return BY_FILE.find(([pattern]) => pattern.test(path))?.[1] ?? "other";
}

/** Shares of all samples by part, and by function, biggest first. */
export function sharesOf({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const known = new Map();
  const partOf = (id) => {
    if (known.has(id)) return known.get(id);
    const { functionName, url } = byId.get(id).callFrame;
    let part;
    if (functionName === "(garbage collector)") part = "garbage collection";
    else if (url.includes("/packages/")) part = ofFile(url);
    else if (parents.has(id)) part = partOf(parents.get(id));
    // Promises and ticks run outside of any function of ours.
    else part = "promises and the engine";
    if (functionName === "(program)") part = "promises and the engine";
    known.set(id, part);
    return part;
  };
  const parts = new Map();
  const functions = new Map();
  let all = 0;
  const add = (map, key, value) => map.set(key, (map.get(key) ?? 0) + value);
  samples.forEach((id, place) => {
    const microseconds = Math.max(0, timeDeltas[place]);
    all += microseconds;
    add(parts, partOf(id), microseconds);
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    const where = url.replace(/^.*\/packages\//, "");
    add(functions, `${functionName || "(anonymous)"} ${where}:${lineNumber + 1}`, microseconds);
  });
  const shares = (map) =>
    [...map].map(([name, value]) => [name, value / all]).sort((a, b) => b[1] - a[1]);
  return { parts: shares(parts), functions: shares(functions) };
}
