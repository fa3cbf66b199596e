// Turns reflection objects into what the emitter needs to know about each field.
import protobuf from "protobufjs";
import { ENUM_NAMES, EXACT_FIELDS } from "./config.mjs";

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** `range_end` and `peerURLs` become `rangeEnd` and `peerUrls`: acronyms are words. */
export function camelCase(name) {
  const words = name.match(/[A-Z]{2,}s?(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]/g);
  return words
    .map((word, at) =>
      at === 0 ? word.toLowerCase() : word[0].toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join("");
}

/** The name that proto3 JSON derives: only underscores vanish. */
export function jsonName(name) {
  return name.replace(/_([a-zA-Z])/g, (_, letter) => letter.toUpperCase());
}

export const qualified = (object) => object.fullName.replace(/^\./, "");

export function enumName(object) {
  return ENUM_NAMES.get(qualified(object)) ?? object.name;
}

/**
 * How each scalar is read, written, typed and left out. `read`, `write` and `json` are method or function names of the
 * run time; `isZero` is the test that leaves a zero value out.
 */
const SCALARS = {
  bytes: { type: "Uint8Array", zero: "NO_BYTES", method: "bytes", wire: LENGTH_DELIMITED },
  string: { type: "string", zero: '""', method: "string", wire: LENGTH_DELIMITED },
  bool: { type: "boolean", zero: "false", method: "bool", wire: VARINT },
  int32: { type: "number", zero: "0", method: "int32", wire: VARINT },
  uint32: { type: "number", zero: "0", method: "uint32", wire: VARINT },
  int64: { type: "number", zero: "0", method: "int64", wire: VARINT },
  uint64: { type: "number", zero: "0", method: "uint64", wire: VARINT },
  int64Exact: { type: "bigint", zero: "0n", method: "int64Exact", wire: VARINT },
  uint64Exact: { type: "bigint", zero: "0n", method: "uint64Exact", wire: VARINT },
};

function fieldModel(field) {
  const fullName = qualified(field);
  if (field.map) throw new Error(`${fullName}: maps are not supported`);
  const base = {
    name: field.name,
    property: camelCase(field.name),
    jsonName: jsonName(field.name),
    comment: field.comment,
    repeated: field.repeated,
    id: field.id,
  };
  if (field.resolvedType instanceof protobuf.Type) {
    return {
      ...base,
      kind: "message",
      message: field.resolvedType,
      type: field.resolvedType.name,
      wire: LENGTH_DELIMITED,
    };
  }
  if (field.resolvedType instanceof protobuf.Enum) {
    return {
      ...base,
      kind: "enum",
      enum: field.resolvedType,
      type: enumName(field.resolvedType),
      zero: "0",
      method: "int32",
      wire: VARINT,
    };
  }
  const scalar = EXACT_FIELDS.has(fullName) ? `${field.type}Exact` : field.type;
  const known = SCALARS[scalar];
  if (known === undefined) throw new Error(`${fullName}: type ${field.type} is not supported`);
  if (field.repeated && known.wire === VARINT)
    throw new Error(`${fullName}: repeated ${field.type} is not supported`);
  return { ...base, kind: "scalar", scalar, ...known };
}

/** A message as a list of fields and oneofs, in the order of their first field. */
export function messageModel(type) {
  const fields = type.fieldsArray.map((field) => ({
    ...fieldModel(field),
    oneof: field.partOf?.name,
  }));
  const members = [];
  const seen = new Set();
  for (const field of fields) {
    if (field.oneof === undefined) {
      members.push({ member: "field", ...field });
    } else if (!seen.has(field.oneof)) {
      seen.add(field.oneof);
      const property = camelCase(field.oneof);
      members.push({
        member: "oneof",
        property,
        type: `${type.name}${property[0].toUpperCase()}${property.slice(1)}`,
        cases: fields.filter((other) => other.oneof === field.oneof),
      });
    }
  }
  return { name: type.name, fullName: qualified(type), comment: type.comment, fields, members };
}

export const tagOf = (field, wire = field.wire) => ((field.id << 3) | wire) >>> 0;
