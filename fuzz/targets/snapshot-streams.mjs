import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/prepare.mjs";
import { mutated, pieces } from "../lib/mutate.mjs";

const load = (path) => import(join(root, "packages", path));
const { KvMachine, MemoryStore } = await load("kv/dist/index.js");
const { MalformedBytesError } = await load("kv/dist/bytes/byte-reader.js");
const { SnapshotReader } = await load("kv/dist/snapshot/snapshot-reader.js");
const { FrontReader, framed } = await load("server/dist/directory/snapshot-front.js");
const { ImageError, ImageFile } = await load("server/dist/snapshot/image-file.js");
const { decodeManifest, decodeProgress, encodeManifest, encodeProgressHead, encodeProgressRecord } =
  await load("host/dist/snapshot/snapshot-format.js");

/** Every checksum fits, so that what is behind it is looked at. */
const AGREEABLE = { crc32: () => 0, sha256: undefined };
const INFO = {
  term: 1,
  index: 9,
  id: "s",
  bytes: 5000,
  membership: { voters: [1, 2], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
};
const EVERYTHING = { type: "range", key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) };
const IMAGE_HEAD = Buffer.from('{"clusterId":"1","memberId":"2","revision":3}');
const text = (value) => new TextEncoder().encode(value);

function machine() {
  return new KvMachine({ store: new MemoryStore(), defer: (run) => setImmediate(run) });
}

/** What a machine with all kinds of things in it saves. */
async function saved() {
  const full = machine();
  await full.open();
  const commands = [
    { type: "leaseGrant", id: 7n, ttlSeconds: 60 },
    { type: "userAdd", name: "ann", passwordHash: "h" },
    { type: "roleAdd", role: "reader" },
    ...Array.from({ length: 40 }, (_, at) => ({
      type: "put",
      key: text(`k${at % 9}`),
      value: text("v".repeat(at * 3)),
      lease: at % 4 === 0 ? 7n : 0n,
    })),
    { type: "deleteRange", key: text("k1") },
    { type: "compact", revision: 20 },
  ];
  full.apply(
    commands.map((command, at) => ({ term: 1, index: at + 1, slot: 0, proposedAtMs: 0, command })),
  );
  const source = full.beginSnapshot();
  const chunks = [];
  for await (const chunk of source.chunks()) chunks.push(Buffer.from(chunk));
  source.release();
  return Buffer.concat(chunks);
}

function image(body) {
  const front = Buffer.alloc(24);
  front.write("QUORATE SNAPSHOT", "latin1");
  front.writeUInt32LE(1, 16);
  front.writeUInt32LE(IMAGE_HEAD.length, 20);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([front, IMAGE_HEAD, length, body, Buffer.alloc(4)]);
}

const STATE = await saved();
const MANIFEST = Buffer.from(
  encodeManifest(
    {
      info: INFO,
      chunkBytes: 1024,
      dataFileBytes: 4096,
      sha256Hex: "ab".repeat(32),
      chunkCrcs: [1, 2, 3, 4, 5],
    },
    AGREEABLE,
  ),
);
const PROGRESS = Buffer.concat([
  encodeProgressHead(INFO, AGREEABLE),
  ...[1, 2, 3].map((crc, chunk) => encodeProgressRecord(chunk, crc, AGREEABLE)),
]);

async function* stream(parts) {
  for (const part of parts) yield part;
}

/** The outcome, "refused" for an error of one of the kinds that say so. */
async function judged(kinds, read) {
  try {
    return await read();
  } catch (error) {
    if (kinds.some((kind) => error instanceof kind)) return "refused";
    throw error;
  }
}

const KINDS = {
  /** Into a machine, which must then answer or refuse. */
  async restore({ parts }) {
    return judged([MalformedBytesError], async () => {
      const target = machine();
      await target.open();
      await target.restore(INFO, stream(parts), new Uint8Array(0));
      await target.query(EVERYTHING);
      await target.close();
      return "restored";
    });
  },
  records({ parts }) {
    return judged([MalformedBytesError], () => {
      const reader = new SnapshotReader();
      for (const part of parts)
        for (const record of reader.read(part)) if (!record.type) throw new Error("no record");
      reader.end();
      return "read";
    });
  },
  async front({ parts }) {
    const reader = new FrontReader(stream(parts));
    // Its errors are plain: whoever restores says what could not be restored.
    const front = await reader.take().catch(() => undefined);
    if (front === undefined) return "refused";
    for await (const rest of reader.rest())
      if (rest.length === 0) return "read, with an empty rest";
    return "read";
  },
  manifest({ bytes }) {
    decodeProgress(bytes, INFO, AGREEABLE);
    return decodeManifest(bytes, AGREEABLE) === undefined ? "refused" : "read";
  },
  image({ bytes, path }) {
    return judged([ImageError], async () => {
      const sum = createHash("sha256").update(bytes).digest();
      writeFileSync(path, Buffer.concat([bytes, sum]));
      const file = await ImageFile.open(path);
      for await (const chunk of file.chunks())
        if (chunk.length === 0) return "read, with an empty chunk";
      return "read";
    });
  },
};
const ORIGINALS = {
  restore: STATE,
  records: STATE,
  front: Buffer.from(framed(text('{"version":1,"members":[],"nextId":1}'), STATE.subarray(0, 300))),
  manifest: MANIFEST,
  image: image(STATE.subarray(0, 500)),
};

let folder;

export default {
  what: "Snapshots as a leader sends them and as people save them: records, fronts, manifests, files, and whole restores.",
  covers: [
    "packages/kv/dist/snapshot/",
    "packages/kv/dist/machine/restore-state",
    "packages/kv/dist/machine/meta",
    "packages/server/dist/directory/snapshot-front",
    "packages/server/dist/snapshot/image-file",
    "packages/host/dist/snapshot/snapshot-format",
  ],
  prepare() {
    folder = mkdtempSync(join(tmpdir(), "quorate-fuzz-"));
  },
  finish() {
    rmSync(folder, { recursive: true, force: true });
  },
  input(random) {
    const kind = random.pick(["restore", "restore", "records", "front", "manifest", "image"]);
    const original = kind === "manifest" && random.chance(0.5) ? PROGRESS : ORIGINALS[kind];
    const bytes = random.chance(0.97) ? mutated(original, random) : original;
    return { kind, bytes, parts: pieces(bytes, random), path: join(folder, "image") };
  },
  async run(input) {
    return `${input.kind} ${await KINDS[input.kind](input)}`;
  },
};
