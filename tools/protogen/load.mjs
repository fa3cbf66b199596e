// Reads the .proto files into protobufjs' reflection objects, file by file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";

/** All definitions in one root, and which objects each file defines. */
export function load(folder) {
  const root = new protobuf.Root();
  const files = [];
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".proto"))
    .sort()) {
    const before = new Set(objectsIn(root).map((object) => object.fullName));
    const text = readFileSync(join(folder, file), "utf8");
    const parsed = protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
    const added = objectsIn(root).filter((object) => !before.has(object.fullName));
    files.push({
      name: file.replace(/\.proto$/, ""),
      package: parsed.package,
      messages: added.filter((object) => object instanceof protobuf.Type),
      enums: added.filter((object) => object instanceof protobuf.Enum),
      services: added.filter((object) => object instanceof protobuf.Service),
    });
  }
  root.resolveAll();
  return { root, files };
}

/** Messages, enums and services, wherever they are nested, in the order of their definition. */
function objectsIn(namespace) {
  return (namespace.nestedArray ?? []).flatMap((object) => [
    ...(object instanceof protobuf.Type ||
    object instanceof protobuf.Enum ||
    object instanceof protobuf.Service
      ? [object]
      : []),
    ...(object instanceof protobuf.Namespace ? objectsIn(object) : []),
  ]);
}
