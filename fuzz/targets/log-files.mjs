import { join } from "node:path";
import { root } from "../../scripts/prepare.mjs";
import { mutated } from "../lib/mutate.mjs";

const host = (path) => import(join(root, "packages/host/dist", path));
const { MemoryDisk } = await host("environment/memory-disk.js");
const { memoryEnvironment, portableChecksum } = await host("environment/memory-environment.js");
const { createLog, openLog } = await host("log/open-log.js");
const { inspectLog } = await host("log/inspect-log.js");
const { QuorateError } = await host("errors.js");

const DIRECTORY = "/log";
const SETTINGS = {
  clusterId: "test",
  groupId: 1,
  memberId: 7,
  guardSnapshots: true,
  segmentBytes: 4096,
};
const ENTRIES = 60;
const READ_BYTES = 10_000;
/** A log that claims more entries than its bytes can hold is not read to its end. */
const READS_MAX = 2 * ENTRIES;
/** Every checksum fits, so that what is behind it is looked at. */
const AGREEABLE = { crc32: () => 0, sha256: portableChecksum.sha256 };
const MEMBERSHIP = {
  voters: [1, 7],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

const text = ({ index, term, kind, payload }) =>
  `${index}/${term} ${kind} ${Buffer.from(payload).toString("hex")}`;

function mount(disk, isAgreeable) {
  const environment = memoryEnvironment({ disk });
  return isAgreeable ? { ...environment, checksum: AGREEABLE } : environment;
}

async function contents(store) {
  const held = [];
  for (let next = store.firstIndex; next <= store.lastIndex && held.length < READS_MAX; ) {
    const read = await store.read(next, store.lastIndex + 1, READ_BYTES);
    if (read.length === 0) throw new Error(`there is nothing at ${next}, before the end`);
    held.push(...read.map(text));
    next += read.length;
  }
  return held;
}

/** The files of a log of several segments, and what is in it. */
async function original(isAgreeable) {
  const disk = new MemoryDisk();
  const environment = mount(disk, isAgreeable);
  const { store } = await createLog(environment, DIRECTORY, SETTINGS);
  for (let index = 1; index <= ENTRIES; index += 1) {
    const term = 1 + Math.floor(index / 20);
    const payload = new Uint8Array((index * 37) % 400).fill(index);
    const snapshot =
      index === 50
        ? {
            info: { index: 10, term: 1, id: "s10", bytes: 100, membership: MEMBERSHIP },
            replacesLog: false,
          }
        : undefined;
    await store.append({
      hardState: { term, vote: 7, commit: index - 1 },
      entries: [{ index, term, kind: "command", payload }],
      snapshot,
      sync: true,
    });
  }
  const entries = await contents(store);
  await store.close();
  const names = await environment.files.list(DIRECTORY);
  return {
    entries,
    files: names.map((name) => [`${DIRECTORY}/${name}`, disk.bytes(`${DIRECTORY}/${name}`)]),
  };
}

const ORIGINALS = [await original(false), await original(true)];

async function opened(environment) {
  try {
    return (await openLog(environment, DIRECTORY, SETTINGS)).store;
  } catch (error) {
    if (error instanceof QuorateError) return undefined;
    throw error;
  }
}

export default {
  what: "Log files with mistakes, with checksums that tell and with ones that do not: opened, read, inspected.",
  covers: ["packages/host/dist/log/"],
  input(random) {
    const isAgreeable = random.chance(0.5);
    const { files, entries } = ORIGINALS[isAgreeable ? 1 : 0];
    const changed = files.map(([path, bytes]) => [path, Buffer.from(bytes)]);
    for (let left = 1 + random.below(2); left > 0; left -= 1) {
      const one = random.pick(changed);
      // Most of a segment's file is room: mistakes there are seldom interesting.
      const used = one[1].findLastIndex((byte) => byte !== 0) + 1;
      const end = random.chance(0.9) ? Math.max(1, used) : one[1].length;
      const head = mutated(one[1].subarray(0, end), random);
      one[1] = Buffer.concat([head, one[1].subarray(head.length)]);
    }
    if (random.chance(0.05)) changed.splice(random.below(changed.length), 1);
    return { isAgreeable, entries, files: changed };
  },
  async run({ isAgreeable, entries, files }) {
    const disk = new MemoryDisk();
    await mount(disk, false).files.makeDirectory(DIRECTORY);
    for (const [path, bytes] of files) disk.put(path, bytes);
    const environment = mount(disk, isAgreeable);
    for await (const item of inspectLog(environment, DIRECTORY)) if (item.type === "end") break;
    const store = await opened(environment);
    if (store === undefined) return "refused";
    const held = await contents(store).catch((error) => {
      if (error instanceof QuorateError) return undefined;
      throw error;
    });
    await store.close();
    if (!isAgreeable && held !== undefined) {
      const strange = held.find((entry) => !entries.includes(entry));
      if (strange !== undefined) throw new Error(`an entry that nobody wrote: ${strange}`);
    }
    return held === undefined ? "opened, unreadable" : "opened";
  },
};
