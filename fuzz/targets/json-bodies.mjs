import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as protocol from "@quorate/protocol";
import { root } from "../../scripts/prepare.mjs";
import { mutated, pieces } from "../lib/mutate.mjs";

const { JsonSplitter, SplitError } = await import(
  join(root, "packages/server/dist/gateway/json-splitter.js")
);
const codecs = Object.values(protocol).filter(
  (value) => typeof value?.decode === "function" && typeof value.fromJson === "function",
);
const PROTO = join(root, "packages/protocol/proto");
/** Every name that stands in the definitions: fields, enum values and others. */
const NAMES = [
  ...new Set(
    readdirSync(PROTO, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".proto"))
      .flatMap((name) => readFileSync(join(PROTO, name), "utf8").match(/\b\w+(?= *= *\d)/g) ?? []),
  ),
];
const BODY_BYTES_MAX = 2_359_296;
/** What is harmless once and may be dear a million times. */
const ATOMS = [
  '"',
  '\\"',
  "\\",
  "{",
  "[",
  "}",
  "]",
  "1",
  "0",
  "-",
  ".",
  "e",
  ",",
  ":",
  " ",
  "{}",
  '{"',
  '"a":',
  "\\u0000",
  "\ufeff",
  "é",
  "\u0000",
  '{"key":"',
  "[[",
  '"1":{',
  "1234567890123456,",
  '"\\"',
];

function value(random, depth) {
  const kind = random.below(depth > 0 ? 12 : 8);
  switch (kind) {
    case 0:
      return random.number();
    case 1:
      return String(random.number() * (random.chance(0.5) ? 1 : -1));
    case 2:
      return random.chance(0.5);
    case 3:
      return random.bytes(random.below(12)).toString("base64");
    case 4:
      return random.pick(NAMES);
    case 5:
      return random.pick([null, "", 1.5, 1e300, -0, "9".repeat(40), "\u0000", "__proto__", "####"]);
    case 6:
      return random.bytes(random.below(6)).toString("latin1");
    case 7:
      return 2 ** 53 + random.below(10);
    case 8:
      return Array.from({ length: random.below(4) }, () => value(random, depth - 1));
    default: {
      const object = {};
      for (let left = random.below(6); left > 0; left -= 1) {
        const name = random.pick(NAMES);
        object[random.chance(0.8) ? name : name.replace(/_(\w)/g, (_, one) => one.toUpperCase())] =
          value(random, depth - 1);
      }
      return object;
    }
  }
}

function monotonous(random) {
  const atoms = Array.from({ length: 1 + random.below(3) }, () => random.pick(ATOMS));
  const piece = atoms.join("");
  const times = random.below(Math.floor(BODY_BYTES_MAX / 2 / piece.length));
  return `${random.pick(["", "{", '"', '{"value":"', "1234567890123456", '{"TTL":'])}${piece.repeat(times)}${random.pick(["", '"', "}", '"}'])}`;
}

/** The result, or undefined for what is refused as it should be. */
function tolerant(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof protocol.JsonError || error instanceof SplitError) return undefined;
    throw error;
  }
}

export default {
  what: "JSON as it comes to the gateway: as one body, and in pieces as a stream of messages.",
  covers: ["packages/protocol/dist/json/", "packages/server/dist/gateway/json-splitter"],
  input(random) {
    const codec = random.pick(codecs);
    const kind = random.below(20);
    if (kind === 0) {
      const bytes = Buffer.from(monotonous(random));
      return { codec, bytes, parts: random.chance(0.3) ? pieces(bytes, random) : [bytes] };
    }
    const text = Array.from({ length: 1 + random.below(3) }, () =>
      JSON.stringify(value(random, 5)),
    );
    const right = Buffer.from(
      kind < 8 ? (text[0] ?? "") : text.join(random.pick(["", "\n", ",", " "])),
    );
    const bytes = kind < 14 ? right : mutated(right, random);
    return { codec, bytes, parts: pieces(bytes, random) };
  },
  run({ codec, bytes, parts }) {
    const read = (text) => {
      const message = codec.fromJson(protocol.parseJson(text));
      const again = codec.toJson(message);
      const same = codec.toJson(codec.fromJson(protocol.parseJson(again)));
      if (again !== same)
        throw new Error(`${codec.name} changes when read again: ${again} ${same}`);
      return true;
    };
    const whole = tolerant(() => read(bytes.toString("utf8")));
    const splitter = new JsonSplitter(BODY_BYTES_MAX);
    const streamed = tolerant(() => {
      for (const part of parts) for (const text of splitter.push(part)) tolerant(() => read(text));
      return splitter.isBetween;
    });
    return whole ? "read" : streamed ? "refused as one body" : "refused";
  },
};
