// Generates packages/protocol/src/gen from packages/protocol/proto:  node tools/protogen/generate.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emitFile, emitIndex } from "./emit.mjs";
import { load } from "./load.mjs";

const packageFolder = join(
  dirname(fileURLToPath(import.meta.url)),
  "..",
  "..",
  "packages",
  "protocol",
);
export const PROTO_FOLDER = join(packageFolder, "proto");
export const GEN_FOLDER = join(packageFolder, "src", "gen");

/** File name to text, for every module that the .proto files give. */
export function generate(protoFolder = PROTO_FOLDER) {
  const { files } = load(protoFolder);
  const modules = new Map(files.map((file) => [`${file.name}.ts`, emitFile(file, files)]));
  modules.set("index.ts", emitIndex(files));
  return modules;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(GEN_FOLDER, { recursive: true });
  for (const [name, text] of generate()) writeFileSync(join(GEN_FOLDER, name), text);
}
