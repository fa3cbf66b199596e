// Writes one TypeScript module per .proto file: types, straight-line readers and writers, the JSON form, services.
import { camelCase, enumName, messageModel, qualified, tagOf } from "./model.mjs";

const LENGTH_DELIMITED = 2;

const docComment = (text, indent = "") =>
  text ? `${indent}/** ${text.replace(/\s*\n\s*/g, " ").trim()} */\n` : "";

function emitEnum(object) {
  const name = enumName(object);
  const values = Object.entries(object.values);
  const byNumber = Object.fromEntries(values.map(([key, number]) => [number, key]));
  return `${docComment(object.comment ?? `Numbers of ${qualified(object)}. Open: a number that is not listed may arrive.`)}export const ${name}: { ${values.map(([key, number]) => `readonly ${key}: ${number}`).join("; ")} } = { ${values.map(([key, number]) => `${key}: ${number}`).join(", ")} };
export type ${name} = number;
/** @internal */
export const ${name}Names: Readonly<Record<number, string>> = ${JSON.stringify(byNumber)};
`;
}

// ---- types

function memberType(member, init) {
  if (member.member === "oneof") return `${member.type}${init ? "Init" : ""}`;
  const single = member.kind === "message" && init ? `${member.type}Init` : member.type;
  return member.repeated ? `readonly ${single}[]` : single;
}

function emitInterface(model, init) {
  const lines = model.members.map((member) => {
    const isOptional = member.member === "oneof" || (member.kind === "message" && !member.repeated);
    const type = `${memberType(member, init)}${init || isOptional ? " | undefined" : ""}`;
    return `${docComment(member.comment, "  ")}  readonly ${member.property}${init ? "?" : ""}: ${type};\n`;
  });
  const comment = init ? `What makes a ${model.name}: zero values may be left out.` : model.comment;
  if (lines.length === 0)
    return `${docComment(comment)}export type ${model.name}${init ? "Init" : ""} = Readonly<Record<string, never>>;\n`;
  return `${docComment(comment)}export interface ${model.name}${init ? "Init" : ""} {\n${lines.join("")}}\n`;
}

function emitOneofTypes(model) {
  return model.members
    .filter((member) => member.member === "oneof")
    .flatMap((member) =>
      [false, true].map((init) => {
        const cases = member.cases.map(
          (field) =>
            `  | { readonly kind: "${field.property}"; readonly value: ${memberType({ ...field, member: "field" }, init)} }`,
        );
        return `export type ${member.type}${init ? "Init" : ""} =\n${cases.join("\n")};\n`;
      }),
    )
    .join("");
}

// ---- bytes to message

function readValue(field) {
  return field.kind === "message" ? `read${field.type}(r, r.enter())` : `r.${field.method}()`;
}

function readCase(field, member) {
  const body = member
    ? `${member.property} = { kind: "${field.property}", value: ${readValue(field)} };`
    : field.repeated
      ? `(${field.property} ??= []).push(${readValue(field)});`
      : `${field.property} = ${readValue(field)};`;
  const single = `      case ${tagOf(field)}:\n        ${body}\n        break;\n`;
  if (field.kind !== "enum" || !field.repeated) return single;
  return `${single}      case ${tagOf(field, LENGTH_DELIMITED)}: {
        const packedEnd = r.enter();
        while (r.pos < packedEnd) (${field.property} ??= []).push(${readValue(field)});
        r.leave(packedEnd);
        break;
      }
`;
}

function emitReader(model) {
  const locals = model.members.map((member) => {
    if (member.member === "oneof") return `  let ${member.property}: ${member.type} | undefined;\n`;
    if (member.repeated) return `  let ${member.property}: ${member.type}[] | undefined;\n`;
    if (member.kind === "message") return `  let ${member.property}: ${member.type} | undefined;\n`;
    return `  let ${member.property}${member.zero === "NO_BYTES" ? ": Uint8Array" : ""} = ${member.zero};\n`;
  });
  const cases = model.members.flatMap((member) =>
    member.member === "oneof"
      ? member.cases.map((field) => readCase(field, member))
      : [readCase(member)],
  );
  const result = model.members.map((member) =>
    member.member === "field" && member.repeated
      ? `${member.property}: ${member.property} ?? []`
      : member.property,
  );
  const step =
    cases.length === 0
      ? "    r.skip(r.tag());\n"
      : `    const tag = r.tag();\n    switch (tag) {\n${cases.join("")}      default:\n        r.skip(tag);\n    }\n`;
  return `/** @internal */
export function read${model.name}(r: Reader, end: number): ${model.name} {
${locals.join("")}  while (r.pos < end) {
${step}  }
  r.leave(end);
  return {${result.length ? ` ${result.join(", ")} ` : ""}};
}
`;
}

// ---- message to bytes, last field first

function writeValue(field, value, indent) {
  // Two's complement has one form: signed and unsigned are written alike.
  const method = field.method?.replace("uint64", "int64");
  if (field.kind !== "message") return `${indent}w.${method}(${tagOf(field)}, ${value});\n`;
  return `${indent}const mark = w.mark();\n${indent}write${field.type}(w, ${value});\n${indent}w.length(${tagOf(field)}, mark);\n`;
}

function presence(member) {
  const value = `m.${member.property}`;
  if (member.kind === "message") return `${value} !== undefined`;
  switch (member.zero) {
    case "NO_BYTES":
      return `${value} !== undefined && ${value}.length > 0`;
    case '""':
      return `${value} !== undefined && ${value} !== ""`;
    case "false":
      return `${value} === true`;
    default:
      return `${value} !== undefined && ${value} !== ${member.zero}`;
  }
}

function writeMember(member) {
  if (member.member === "oneof") {
    const cases = member.cases.map(
      (field) =>
        `    case "${field.property}": {\n${writeValue(field, `m.${member.property}.value`, "      ")}      break;\n    }\n`,
    );
    return `  switch (m.${member.property}?.kind) {\n${cases.join("")}    default:\n  }\n`;
  }
  const value = `m.${member.property}`;
  if (!member.repeated)
    return `  if (${presence(member)}) {\n${writeValue(member, value, "    ")}  }\n`;
  const count = `for (let i = ${value}.length - 1; i >= 0; i -= 1)`;
  if (member.kind === "enum") {
    return `  if (${value} !== undefined && ${value}.length > 0) {
    const mark = w.mark();
    ${count} w.${member.method}Value(${value}[i] as ${member.type});
    w.length(${tagOf(member, LENGTH_DELIMITED)}, mark);
  }
`;
  }
  const element = member.kind === "message" ? `${member.type}Init` : member.type;
  return `  if (${value} !== undefined) {
    ${count} {
${writeValue(member, `${value}[i] as ${element}`, "      ")}    }
  }
`;
}

function emitWriter(model) {
  // The canonical order is by field number; a oneof stands where its first case does, which is canonical
  // for every message whose cases follow each other.
  const members = [...model.members].sort(
    (a, b) => (b.cases?.[0] ?? b).id - (a.cases?.[0] ?? a).id,
  );
  const unused = members.length === 0 ? "_" : "";
  return `/** @internal */
export function write${model.name}(${unused}w: Writer, ${unused}m: ${model.name}Init): void {
${members.map(writeMember).join("")}}
`;
}

// ---- JSON

function jsonValue(field, value) {
  if (field.kind === "message") return `${"$"}{json${field.type}(${value})}`;
  if (field.kind === "enum") return `${"$"}{jsonEnum(${value}, ${field.type}Names)}`;
  switch (field.scalar) {
    case "bytes":
      return `"${"$"}{encodeBase64(${value})}"`;
    case "string":
      return `${"$"}{JSON.stringify(${value})}`;
    case "bool":
    case "int32":
    case "uint32":
      return `${"$"}{${value}}`;
    default:
      return `"${"$"}{${value}}"`;
  }
}

function jsonMember(member) {
  if (member.member === "oneof") {
    const cases = member.cases.map(
      (field) =>
        `    case "${field.property}":\n      s += \`,"${field.name}":${jsonValue(field, `m.${member.property}.value`)}\`;\n      break;\n`,
    );
    return `  switch (m.${member.property}?.kind) {\n${cases.join("")}    default:\n  }\n`;
  }
  const value = `m.${member.property}`;
  if (member.repeated) {
    const element =
      member.kind === "message" ? `json${member.type}` : `(v) => \`${jsonValue(member, "v")}\``;
    return `  if (${value} !== undefined && ${value}.length > 0) s += \`,"${member.name}":[${"$"}{${value}.map(${element}).join(",")}]\`;\n`;
  }
  return `  if (${presence(member)}) s += \`,"${member.name}":${jsonValue(member, value)}\`;\n`;
}

function emitToJson(model) {
  const unused = model.members.length === 0 ? "_" : "";
  const body =
    model.members.length === 0
      ? '  return "{}";\n'
      : `  let s = "";\n${model.members.map(jsonMember).join("")}  return s === "" ? "{}" : \`{${"$"}{s.slice(1)}}\`;\n`;
  return `/** @internal */
export function json${model.name}(${unused}m: ${model.name}Init): string {
${body}}
`;
}

/** The messages that make up answers and may be long: lists of messages, and what has such a list within it. */
function longMessages(allFiles) {
  const models = allFiles.flatMap((file) => file.messages.map(messageModel));
  const fieldsOf = (model) =>
    model.members.flatMap((member) => (member.member === "oneof" ? member.cases : [member]));
  const grown = (names, isNew) => {
    const before = names.size;
    for (const model of models) if (isNew(model)) names.add(model.name);
    return names.size === before ? names : grown(names, isNew);
  };
  const answers = new Set(
    allFiles.flatMap((file) =>
      file.services.flatMap(({ methodsArray }) =>
        methodsArray.map(({ resolvedResponseType }) => resolvedResponseType.name),
      ),
    ),
  );
  grown(answers, ({ name }) =>
    models.some((model) => answers.has(model.name) && fieldsOf(model).some((f) => f.type === name)),
  );
  const long = new Set();
  return grown(
    long,
    (model) =>
      answers.has(model.name) &&
      fieldsOf(model).some((f) => f.kind === "message" && (f.repeated || long.has(f.type))),
  );
}

/** `value` as text within a template, or in pieces of its own. */
function pieceOf(field, value, before, long, indent) {
  if (field.kind !== "message" || !long.has(field.type))
    return `${indent}s += \`${before}${jsonValue(field, value)}\`;\n`;
  return `${indent}yield \`${"$"}{s}${before}\`;\n${indent}s = "";\n${indent}yield* pieces${field.type}(${value});\n`;
}

function piecesMember(member, long) {
  const value = `m.${member.property}`;
  const named = (name) => `${"$"}{comma}"${name}":`;
  if (member.member === "oneof") {
    const cases = member.cases.map(
      (field) =>
        `    case "${field.property}":\n${pieceOf(field, `${value}.value`, named(field.name), long, "      ")}      comma = ",";\n      break;\n`,
    );
    return `  switch (${value}?.kind) {\n${cases.join("")}    default:\n  }\n`;
  }
  if (member.repeated && member.kind === "message") {
    const element = long.has(member.type)
      ? `      yield \`${"$"}{s}${"$"}{between}\`;\n      yield* pieces${member.type}(v);\n`
      : `      yield \`${"$"}{s}${"$"}{between}${"$"}{json${member.type}(v)}\`;\n`;
    return `  if (${value} !== undefined && ${value}.length > 0) {
    s += \`${named(member.name)}[\`;
    comma = ",";
    let between = "";
    for (const v of ${value}) {
${element}      s = "";
      between = ",";
    }
    s = "]";
  }
`;
  }
  if (member.repeated) {
    const list = `[${"$"}{${value}.map((v) => \`${jsonValue(member, "v")}\`).join(",")}]`;
    return `  if (${value} !== undefined && ${value}.length > 0) {\n    s += \`${named(member.name)}${list}\`;\n    comma = ",";\n  }\n`;
  }
  return `  if (${presence(member)}) {\n${pieceOf(member, value, named(member.name), long, "    ")}    comma = ",";\n  }\n`;
}

/** The same text as `json…`, so that a long message need never be one string. */
function emitToPieces(model, long) {
  if (!long.has(model.name)) return "";
  return `/** @internal */
export function* pieces${model.name}(m: ${model.name}Init): Generator<string> {
  let s = "{";
  let comma = "";
${model.members.map((member) => piecesMember(member, long)).join("")}  yield \`${"$"}{s}}\`;
}
`;
}

function fromJsonValue(field, value, where) {
  if (field.kind === "message") return `parse${field.type}(${value})`;
  if (field.kind === "enum") return `readEnum(${value}, ${where}, ${field.type})`;
  const reader = `read${field.method[0].toUpperCase()}${field.method.slice(1)}`;
  return `${reader}(${value}, ${where})`;
}

function emitFromJson(model) {
  if (model.members.length === 0) {
    return `/** @internal */
export function parse${model.name}(value: JsonValue): ${model.name} {
  readObject(value, "${model.name}");
  return {};
}
`;
  }
  const lookups = model.fields.map((field) => {
    return `  const ${field.property}In = field(o, "${field.name}", "${field.jsonName}");\n`;
  });
  const results = model.members.map((member) => {
    if (member.member === "oneof") {
      const cases = member.cases.map(
        (field) =>
          `${field.property}In !== undefined\n        ? { kind: "${field.property}", value: ${fromJsonValue(field, `${field.property}In`, `"${field.name}"`)} }\n        : `,
      );
      return `    ${member.property}:\n      ${cases.join("")}undefined,\n`;
    }
    const given = `${member.property}In`;
    if (member.repeated) {
      return `    ${member.property}: ${given} === undefined ? [] : readArray(${given}, "${member.name}").map((v) => ${fromJsonValue(member, "v", `"${member.name}"`)}),\n`;
    }
    const zero = member.kind === "message" ? "undefined" : member.zero;
    return `    ${member.property}: ${given} === undefined ? ${zero} : ${fromJsonValue(member, given, `"${member.name}"`)},\n`;
  });
  return `/** @internal */
export function parse${model.name}(value: JsonValue): ${model.name} {
  const o = readObject(value, "${model.name}");
${lookups.join("")}  return {
${results.join("")}  };
}
`;
}

function emitCodec(model, long) {
  return `export const ${model.name}: MessageCodec<${model.name}, ${model.name}Init> = {
  name: "${model.fullName}",
  encode(message) {
    sharedWriter.begin();
    write${model.name}(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return read${model.name}(new Reader(bytes), bytes.length);
  },
  toJson: json${model.name},
  toJsonPieces: ${long.has(model.name) ? `pieces${model.name}` : `(message) => [json${model.name}(message)]`},
  fromJson: parse${model.name},
};
`;
}

// ---- services

function emitService(service) {
  const entries = service.methodsArray.map((method) => {
    const { name: request } = method.resolvedRequestType;
    const { name: response } = method.resolvedResponseType;
    const kind = method.requestStream
      ? "bidiStream"
      : method.responseStream
        ? "serverStream"
        : "unary";
    if (method.requestStream && !method.responseStream)
      throw new Error(`${method.fullName}: client streams are not supported`);
    return {
      key: camelCase(method.name),
      type: `MethodDescriptor<${request}, ${request}Init, ${response}, ${response}Init, "${kind}">`,
      value: `{ path: "/${qualified(service)}/${method.name}", kind: "${kind}", request: ${request}, response: ${response} }`,
    };
  });
  return `export const ${service.name}Service: {
${entries.map(({ key, type }) => `  readonly ${key}: ${type};\n`).join("")}} = {
${entries.map(({ key, value }) => `  ${key}: ${value},\n`).join("")}};
`;
}

// ---- modules

const HELPERS = {
  "../wire/reader.ts": ["Reader"],
  "../wire/writer.ts": ["type Writer", "sharedWriter"],
  "../wire/no-bytes.ts": ["NO_BYTES"],
  "../json/base64.ts": ["encodeBase64"],
  "../json/parse-json.ts": ["type JsonValue"],
  "../json/write-json.ts": ["jsonEnum"],
  "../json/read-json.ts": [
    "field",
    "readArray",
    "readBool",
    "readBytes",
    "readEnum",
    "readInt32",
    "readInt64",
    "readInt64Exact",
    "readObject",
    "readString",
    "readUint32",
    "readUint64",
    "readUint64Exact",
  ],
  "../message-codec.ts": ["type MessageCodec"],
  "../service.ts": ["type MethodDescriptor"],
};

const withoutComments = (body) => body.replace(/\/\*\*.*?\*\/|\/\/.*/g, "");
const mentions = (body, name) =>
  new RegExp(`\\b${name.replace(/^type /, "")}\\b`).test(withoutComments(body));

function importLine(names, from) {
  const sorted = [...names].sort((a, b) =>
    a.replace(/^type /, "").localeCompare(b.replace(/^type /, "")),
  );
  return sorted.length === 0 ? "" : `import { ${sorted.join(", ")} } from "${from}";\n`;
}

/** Names a file defines, with `type ` before those that are only types. */
function exportsOf(file) {
  return [
    ...file.enums.flatMap((object) => [enumName(object), `${enumName(object)}Names`]),
    ...file.messages.flatMap((type) => [
      type.name,
      `type ${type.name}Init`,
      `read${type.name}`,
      `write${type.name}`,
      `json${type.name}`,
      `pieces${type.name}`,
      `parse${type.name}`,
    ]),
  ];
}

/** The text of the module for one .proto file. */
export function emitFile(file, allFiles) {
  const models = file.messages.map(messageModel);
  const long = longMessages(allFiles);
  const body = [
    ...file.enums.map(emitEnum),
    ...models.map((model) =>
      [
        emitInterface(model, false),
        emitInterface(model, true),
        emitOneofTypes(model),
        emitReader(model),
        emitWriter(model),
        emitToJson(model),
        emitToPieces(model, long),
        emitFromJson(model),
        emitCodec(model, long),
      ].join(""),
    ),
    ...file.services.map(emitService),
  ].join("\n");
  const helpers = Object.entries(HELPERS).map(([from, names]) =>
    importLine(
      names.filter((name) => mentions(body, name)),
      from,
    ),
  );
  const siblings = allFiles
    .filter((other) => other !== file)
    .map((other) =>
      importLine(
        exportsOf(other).filter((name) => mentions(body, name)),
        `./${other.name}.ts`,
      ),
    );
  return `// Generated from proto/${file.name}.proto by tools/protogen; do not edit.\n${[...helpers, ...siblings].join("")}\n${body}`;
}

/** The public names of all modules. */
export function emitIndex(files) {
  const blocks = files.map((file) => {
    const types = file.messages
      .map(messageModel)
      .flatMap((model) => [
        `${model.name}Init`,
        ...model.members.flatMap((member) =>
          member.member === "oneof" ? [member.type, `${member.type}Init`] : [],
        ),
      ]);
    const values = [
      ...file.enums.map(enumName),
      ...file.messages.map((type) => type.name),
      ...file.services.map((service) => `${service.name}Service`),
    ];
    return `export type {\n${types.map((name) => `  ${name},\n`).join("")}} from "./${file.name}.ts";\nexport {\n${values.map((name) => `  ${name},\n`).join("")}} from "./${file.name}.ts";\n`;
  });
  return `// Generated from proto/*.proto by tools/protogen; do not edit.\n${blocks.join("")}`.replace(
    /export type \{\n\} from "[^"]+";\n/g,
    "",
  );
}
