import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { root } from "../../scripts/prepare.mjs";
import { mutated } from "../lib/mutate.mjs";

const load = (path) => import(join(root, "packages", path));
const { KvMachine, kvCommandCodec, kvResultCodec, MemoryStore } = await load("kv/dist/index.js");
const { MalformedBytesError } = await load("kv/dist/bytes/byte-reader.js");

const codec = kvCommandCodec;
const results = kvResultCodec;
const INFO = {
  term: 1,
  index: 1,
  id: "s",
  bytes: 0,
  membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
};
const KEYS = ["a", "a/1", "b", "c", "\0", "\xff"].map((key) => Buffer.from(key, "latin1"));
const LEASES = [1n, 2n, -1n, 2n ** 63n - 1n];
const COMMANDS_MAX = 12;

function interval(random) {
  const key = random.pick(KEYS);
  const ends = [undefined, undefined, Uint8Array.of(0), random.pick(KEYS)];
  return { key, rangeEnd: random.pick(ends) };
}

function revision(random) {
  return random.chance(0.7) ? random.below(30) : random.number() % 2 ** 53;
}

function seconds(random) {
  return 1 + (random.number() % 2 ** 52);
}

const REQUESTS = {
  put: (random) => ({
    key: random.pick(KEYS),
    value: random.bytes(random.below(20)),
    lease: random.chance(0.3) ? random.pick(LEASES) : 0n,
    prevKv: random.chance(0.3),
    ignoreValue: random.chance(0.05),
    ignoreLease: random.chance(0.05),
  }),
  deleteRange: (random) => ({ ...interval(random), prevKv: random.chance(0.3) }),
  txn: (random, depth = 0) => ({
    compare: Array.from({ length: random.below(3) }, () => ({
      ...interval(random),
      target: random.pick(["version", "create", "mod"]),
      result: random.pick(["equal", "greater", "less", "notEqual", "always"]),
      operand: revision(random),
    })),
    success: operations(random, depth),
    failure: operations(random, depth),
  }),
  compact: (random) => ({ revision: revision(random) }),
  leaseGrant: (random) => ({ id: random.pick(LEASES), ttlSeconds: seconds(random) }),
  leaseRevoke: (random) => ({ id: random.pick(LEASES) }),
  leaseCheckpoint: (random) => ({
    checkpoints: [{ id: random.pick(LEASES), remainingSeconds: seconds(random) }],
  }),
  alarm: (random) => ({
    action: random.pick(["activate", "deactivate"]),
    memberId: BigInt(random.below(3)),
    alarm: random.pick(["nospace", "corrupt"]),
  }),
  userAdd: (random) => ({ name: random.pick(["root", "u", ""]), passwordHash: "h" }),
  userGrantRole: (random) => ({
    name: random.pick(["root", "u"]),
    role: random.pick(["root", "r"]),
  }),
  roleAdd: (random) => ({ role: random.pick(["root", "r", ""]) }),
  roleGrantPermission: (random) => ({
    role: "r",
    permission: { access: random.pick(["read", "write", "readwrite"]), ...interval(random) },
  }),
  authEnable: () => ({}),
  authDisable: () => ({}),
};
/** What programs do most comes most. */
const TYPES = [...Object.keys(REQUESTS), "put", "put", "put", "put", "txn", "txn", "deleteRange"];

function operations(random, depth) {
  return Array.from({ length: random.below(3) }, () => {
    const type = random.pick(["range", "put", "deleteRange", depth < 2 ? "txn" : "put"]);
    if (type === "range") return { type, ...interval(random), revision: revision(random) };
    return { type, ...REQUESTS[type](random, depth + 1) };
  });
}

function command(random) {
  const type = random.pick(TYPES);
  const callers = [
    undefined,
    undefined,
    { kind: "system" },
    { kind: "user", name: "u", authRevision: random.below(9) },
  ];
  return { type, ...REQUESTS[type](random), caller: random.pick(callers) };
}

/** The command, or undefined for bytes that are none. */
function decoded(bytes) {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (error instanceof MalformedBytesError) return undefined;
    throw error;
  }
}

async function machine() {
  const made = new KvMachine({ store: new MemoryStore(), defer: (run) => setImmediate(run) });
  await made.open();
  return made;
}

const committed = (commands, from) =>
  commands.map((one, at) => ({
    term: 1,
    index: from + at + 1,
    slot: 0,
    proposedAtMs: 0,
    command: one,
  }));

/** The state, whoever asks. */
const hashOf = (made) => made.status().stateHash;

async function copied(source) {
  const snapshot = source.beginSnapshot();
  const copy = await machine();
  await copy.restore(INFO, snapshot.chunks(), new Uint8Array(0));
  snapshot.release();
  return copy;
}

export default {
  what: "Commands as the log holds them, with mistakes: what can be read is applied alike by every member, however it is batched.",
  covers: [
    "packages/kv/dist/codec/",
    "packages/kv/dist/machine/apply-command",
    "packages/kv/dist/txn/",
    "packages/kv/dist/auth/authorize",
  ],
  input(random) {
    return Array.from({ length: 1 + random.below(COMMANDS_MAX) }, () => {
      const bytes = Buffer.from(codec.encode(command(random)));
      return new Uint8Array(random.chance(0.3) ? mutated(bytes, random) : bytes);
    });
  },
  async run(entries) {
    const commands = entries.map(decoded).filter((one) => one !== undefined);
    const [single, batched] = [await machine(), await machine()];
    const one = [];
    for (const [at, each] of commands.entries()) {
      one.push(...(await single.apply(committed([each], at))));
    }
    const all = await batched.apply(committed(commands, 0));
    if (!isDeepStrictEqual(one, [...all])) throw new Error("batches are answered otherwise");
    if (hashOf(single) !== hashOf(batched)) throw new Error("batches lead to another state");
    for (const result of all) {
      const bytes = results.encode(result);
      const again = results.encode(results.decode(bytes));
      if (Buffer.compare(bytes, again) !== 0) throw new Error("a result changes when read again");
    }
    const copy = await copied(single);
    if (hashOf(copy) !== hashOf(single)) throw new Error("a snapshot leads to another state");
    await Promise.all([single, batched, copy].map((made) => made.close()));
    // What they have put off holds them until then.
    await new Promise((resolve) => setImmediate(resolve));
    return commands.length === entries.length ? "applied" : "some refused";
  },
};
