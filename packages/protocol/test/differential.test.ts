import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { PROTO_FOLDER } from "../../../tools/protogen/generate.mjs";
import { load } from "../../../tools/protogen/load.mjs";
import type { JsonValue, MessageCodec } from "../src/index.ts";
import * as protocol from "../src/index.ts";

type AnyCodec = MessageCodec<unknown, unknown>;

const { root } = load(PROTO_FOLDER);
const RUNS_PER_MESSAGE = 200;

function codecOf(type: protobuf.Type): AnyCodec {
  const codec = (protocol as unknown as Record<string, AnyCodec>)[type.name];
  if (codec === undefined) throw new Error(`no codec is called ${type.name}`);
  return codec;
}

function messageTypes(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((object) => [
    ...(object instanceof protobuf.Type ? [object] : []),
    ...(object instanceof protobuf.Namespace ? messageTypes(object) : []),
  ]);
}

const SAFE = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 35, 2 ** 42, 2 ** 49, 2 ** 53 - 1),
);

function scalar(field: protobuf.Field): fc.Arbitrary<unknown> {
  if (field.resolvedType instanceof protobuf.Enum) {
    return fc.constantFrom(
      ...Object.values(field.resolvedType.values).filter((number) => number !== 0),
    );
  }
  switch (field.type) {
    case "bytes":
      return fc.uint8Array({ minLength: 1, maxLength: 200 });
    case "string":
      return fc.string({ minLength: 1, maxLength: 50, unit: "binary" });
    case "bool":
      return fc.constant(true);
    case "uint32":
      return fc.integer({ min: 1, max: 2 ** 32 - 1 });
    case "uint64":
      return SAFE;
    case "int64":
      return fc.oneof(
        SAFE,
        SAFE.map((value) => -value),
      );
    default:
      throw new Error(`no arbitrary for ${field.type}`);
  }
}

/** Plain objects as protobufjs takes them; zero values are left out, as proto3 writers leave them out. */
function plain(type: protobuf.Type, depth = 3): fc.Arbitrary<Record<string, unknown>> {
  const entries = type.fieldsArray.map((field): [string, fc.Arbitrary<unknown>] => {
    const isMessage = field.resolvedType instanceof protobuf.Type;
    if (isMessage && depth === 0) return [field.name, fc.constant(undefined)];
    const single = isMessage
      ? plain(field.resolvedType as protobuf.Type, depth - 1)
      : scalar(field);
    const value = field.repeated ? fc.array(single, { minLength: 1, maxLength: 3 }) : single;
    return [field.name, fc.option(value, { nil: undefined })];
  });
  return fc.record(Object.fromEntries(entries)).map((object) => {
    const kept: Record<string, unknown> = {};
    const oneofs = new Set<string>();
    for (const [name, value] of Object.entries(object)) {
      const oneof = type.fields[name]?.partOf?.name;
      if (value === undefined || (oneof !== undefined && oneofs.has(oneof))) continue;
      if (oneof !== undefined) oneofs.add(oneof);
      kept[name] = value;
    }
    return kept;
  });
}

const CONVERSION: protobuf.IConversionOptions = { longs: String, enums: String, bytes: String };

/** The proto3 JSON form of what protobufjs decoded: its plain form, with uint32 left as numbers. */
function referenceJson(type: protobuf.Type, bytes: Uint8Array): JsonValue {
  return type.toObject(type.decode(bytes), CONVERSION) as JsonValue;
}

describe.each(messageTypes(root).map((type) => [type.name, type] as const))("%s", (_, type) => {
  test("bytes and JSON are those of the reference implementation", () => {
    const codec = codecOf(type);
    expect(codec.name).toBe(type.fullName.slice(1));
    fc.assert(
      fc.property(plain(type), (object) => {
        const bytes = Uint8Array.from(type.encode(type.fromObject(object)).finish());
        const decoded = codec.decode(bytes);
        expect(codec.encode(decoded)).toEqual(bytes);
        const json = codec.toJson(decoded);
        expect(JSON.parse(json)).toEqual(referenceJson(type, bytes));
        expect(codec.fromJson(JSON.parse(json))).toEqual(decoded);
      }),
      { numRuns: RUNS_PER_MESSAGE },
    );
  });

  test("any bytes give a message or a WireError", () => {
    const codec = codecOf(type);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          codec.decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(protocol.WireError);
        }
      }),
      { numRuns: RUNS_PER_MESSAGE },
    );
  });

  test("a valid message cut or damaged anywhere gives a message or a WireError", () => {
    const codec = codecOf(type);
    fc.assert(
      fc.property(plain(type), fc.nat(), fc.nat(255), fc.boolean(), (object, place, byte, cut) => {
        const whole = Uint8Array.from(type.encode(type.fromObject(object)).finish());
        const at = whole.length === 0 ? 0 : place % whole.length;
        const bytes = cut ? whole.slice(0, at) : whole;
        if (!cut && at < bytes.length) bytes[at] = byte;
        try {
          codec.decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(protocol.WireError);
        }
      }),
      { numRuns: RUNS_PER_MESSAGE },
    );
  });
});
