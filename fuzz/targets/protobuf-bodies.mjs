import * as protocol from "@quorate/protocol";
import { mutated } from "../lib/mutate.mjs";

const codecs = Object.values(protocol).filter(
  (value) => typeof value?.decode === "function" && typeof value.fromJson === "function",
);
const REPEATED_MAX = 200_000;

function varint(number) {
  const bytes = [];
  let rest = BigInt(number);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** Bytes with the grammar of a message: fields of all wire types, messages within messages. */
function grown(random, depth) {
  const fields = [];
  for (let left = random.below(8); left > 0; left -= 1) {
    const number = random.chance(0.95) ? 1 + random.below(15) : random.number();
    const type = random.pick([0, 0, 2, 2, 2, 1, 5, 3, 4]);
    fields.push(varint((BigInt(number) << 3n) | BigInt(type)));
    if (type === 0) fields.push(varint(random.chance(0.1) ? 2n ** 64n - 1n : random.number()));
    else if (type === 1) fields.push(random.bytes(8));
    else if (type === 5) fields.push(random.bytes(4));
    else if (type === 2) {
      const inner =
        depth > 0 && random.chance(0.6) ? grown(random, depth - 1) : random.bytes(random.below(12));
      fields.push(varint(random.chance(0.97) ? inner.length : random.number()), inner);
    }
  }
  return Buffer.concat(fields);
}

/** One small field again and again, or messages within each other as deep as they go. */
function monotonous(random) {
  const piece = Buffer.concat([varint((1 + random.below(14)) * 8 + 2), varint(0)]);
  if (random.chance(0.5))
    return Buffer.alloc(piece.length * (1 + random.below(REPEATED_MAX)), piece);
  let nested = Buffer.alloc(0);
  const tag = varint((1 + random.below(14)) * 8 + 2);
  for (let depth = random.below(2000); depth > 0; depth -= 1) {
    nested = Buffer.concat([tag, varint(nested.length), nested]);
  }
  return nested;
}

/** The message, or undefined for bytes that are none. */
function decoded(codec, bytes) {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (error instanceof protocol.WireError) return undefined;
    throw error;
  }
}

export default {
  what: "Bodies of requests and answers: whatever is read must come out the same when written and read again.",
  covers: ["packages/protocol/dist/wire/", "packages/protocol/dist/gen/"],
  input(random) {
    const kind = random.below(20);
    const bytes =
      kind === 0
        ? monotonous(random)
        : kind < 12
          ? grown(random, 4)
          : mutated(grown(random, 4), random);
    return { codec: random.pick(codecs), bytes: new Uint8Array(bytes) };
  },
  run({ codec, bytes }) {
    const message = decoded(codec, bytes);
    if (message === undefined) return "refused";
    const again = codec.encode(message);
    const same = codec.encode(codec.decode(again));
    if (Buffer.compare(again, same) !== 0) throw new Error(`${codec.name} changes when read again`);
    const viaJson = codec.encode(codec.fromJson(protocol.parseJson(codec.toJson(message))));
    if (Buffer.compare(again, viaJson) !== 0) throw new Error(`${codec.name} changes as JSON`);
    return "read";
  },
};
