// The pages of docs/api: one per package, one section per entry, one part per exported name.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exportedSymbols } from "./declarations.mjs";

/** Packages whose API is documented. */
export const PACKAGES = ["core", "host", "kv", "client", "sim", "explain", "grpc"];

const KIND_TITLES = [
  ["class", "Classes"],
  ["function", "Functions"],
  ["interface", "Interfaces"],
  ["type", "Types"],
  ["const", "Values"],
];

/** What a package exports, entry by entry. */
export function entriesOf(root, name) {
  const folder = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries(manifest.exports)
    .filter(([, entry]) => typeof entry === "object" && typeof entry.types === "string")
    .map(([path, entry]) => ({
      specifier: path === "." ? manifest.name : `${manifest.name}${path.slice(1)}`,
      symbols: exportedSymbols(join(folder, entry.types)),
    }));
}

/** The page of a package. */
export function apiPage(root, name) {
  const folder = join(root, "packages", name);
  const { name: title, description } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  const sections = entriesOf(root, name).map(section);
  return `# ${title}

${description}

Made from the docstrings by \`npm run docs:api\`; change those, not this page.

${sections.join("\n")}`;
}

function section({ specifier, symbols }) {
  const own = symbols.filter(({ from }) => from === undefined);
  const parts = KIND_TITLES.flatMap(([kind, title]) => {
    const some = own.filter((symbol) => symbol.kind === kind);
    return some.length === 0 ? [] : [`### ${title}\n\n${some.map(part).join("\n")}`];
  });
  const borrowed = new Map();
  for (const { name, from } of symbols) {
    if (from !== undefined) borrowed.set(from, [...(borrowed.get(from) ?? []), `\`${name}\``]);
  }
  const others = [...borrowed].map(([from, names]) => `From \`${from}\`: ${names.join(", ")}.\n`);
  return `## \`${specifier}\`\n\n${[...others, ...parts].join("\n")}`;
}

function part({ name, doc, code }) {
  return `#### \`${name}\`\n\n${doc}\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
}
