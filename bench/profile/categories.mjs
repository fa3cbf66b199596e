// Which part of a member a sample belongs to. A native function (no file of its own) belongs to whoever called it,
// except those that are system calls: they are the kernel's.

/** In order: the first that matches wins. */
const BY_FILE = [
  [/packages\/grpc\//, "HTTP/2 and gRPC"],
  [/packages\/protocol\//, "codec"],
  [/packages\/core\//, "core"],
  [/packages\/host\/dist\/(log|node\/(node-file|descriptor|file-))/, "log"],
  [/packages\/host\/dist\/(transport|node\/node-(network|connection))/, "transport"],
  [/packages\/host\/dist\/snapshot\//, "snapshots"],
  [/packages\/host\//, "group and sessions"],
  [/packages\/server\/dist\/(metrics|log)\//, "metrics and logging"],
  [/packages\/server\/dist\/peer\//, "transport"],
  [/packages\/server\//, "services"],
  [/packages\/kv\//, "kv"],
  [/node_modules\/(lmdb|weak-lru-cache|ordered-binary|msgpackr)/, "lmdb (main thread)"],
  [/node_modules\/(pino|sonic-boom|prom-client)/, "metrics and logging"],
  [
    /^node:internal\/(streams|stream_base|net|timers|process|async|fs|event)/,
    "Node streams and timers",
  ],
  [/^node:(net|stream|events|timers|fs|_)/, "Node streams and timers"],
  [/^node:/, "Node, other"],
];

/** Native functions that spend their time in the kernel. */
const KERNEL = new Set([
  "writev",
  "writeBuffer",
  "writeUtf8String",
  "writeLatin1String",
  "writeBuffers",
  "open",
  "fsync",
  "fdatasync",
  "read",
  "shutdown",
  "epoll",
]);

const OTHER = "other";

function ofFile(url) {
  const path = url.replace(/^file:\/\//, "");
  return BY_FILE.find(([pattern]) => pattern.test(path))?.[1] ?? OTHER;
}

/** Not a part of the member: waiting, and the recording itself. */
const NOT_COUNTED = new Set(["(idle)", "dispatch"]);

/** Whether a sample is of nothing that the member does. */
export function isNotCounted({ functionName, url }) {
  return url === "" && NOT_COUNTED.has(functionName);
}

/** Categories by node id of one V8 profile. What is not counted has none. */
export function categorize(nodes) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const known = new Map();
  const of = (id) => {
    if (known.has(id)) return known.get(id);
    const { functionName, url } = byId.get(id).callFrame;
    let category;
    if (isNotCounted({ functionName, url })) category = undefined;
    else if (functionName === "(garbage collector)") category = "garbage collection";
    else if (functionName === "(program)") category = "native code and kernel";
    else if (functionName === "(root)") category = OTHER;
    else if (url === "" && KERNEL.has(functionName)) category = "kernel: writing";
    else if (url === "") category = parents.has(id) ? of(parents.get(id)) : OTHER;
    else category = ofFile(url);
    known.set(id, category);
    return category;
  };
  for (const { id } of nodes) of(id);
  return known;
}
