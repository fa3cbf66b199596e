// Reads what the compiler says a package exports: its emitted declarations, which keep the docstrings. Plain text is
// enough for that: the compiler writes every statement of a module at the beginning of a line.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Every name that an emitted `.d.ts` exports, in the order of their names. One of another package has `from`. */
export function exportedSymbols(file) {
  const found = new Map();
  collect(file, found, new Set());
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function collect(file, found, seen) {
  if (seen.has(file)) return;
  seen.add(file);
  for (const statement of statements(file)) {
    const declared = declaration(statement, file);
    if (declared !== undefined) add(found, declared);
    const list = /^export (?:type )?\{([\s\S]*?)\}(?: from "([^"]+)")?;/.exec(statement.code);
    if (list !== null) collectNames(file, list[1], list[2], found);
    const star = /^export (?:type )?\* from "([^"]+)";/.exec(statement.code);
    if (star !== null) collect(target(file, star[1]), found, seen);
  }
}

function collectNames(file, names, from, found) {
  for (const entry of names.split(",")) {
    const words = /^\s*(?:type )?(\w+)(?: as (\w+))?\s*$/.exec(entry);
    if (words === null) continue;
    const [, name, alias = name] = words;
    if (from !== undefined && !from.startsWith(".")) {
      add(found, { name: alias, kind: "external", doc: "", code: "", file, from });
      continue;
    }
    for (const symbol of declarationsOf(from === undefined ? file : target(file, from), name)) {
      add(found, { ...symbol, name: alias });
    }
  }
}

/** The declarations of a name in a module, wherever it has them from. */
function declarationsOf(file, name, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const own = [];
  for (const statement of statements(file)) {
    const declared = declaration(statement, file);
    if (declared?.name === name) own.push(declared);
    const list = /^export (?:type )?\{([\s\S]*?)\} from "([^"]+)";/.exec(statement.code);
    const listed = list?.[1].split(",").map((entry) => /(\w+)(?: as (\w+))?\s*$/.exec(entry));
    const match = listed?.find((words) => words !== null && (words[2] ?? words[1]) === name);
    if (match) own.push(...declarationsOf(target(file, list[2]), match[1], seen));
    const star = /^export \* from "([^"]+)";/.exec(statement.code);
    if (star !== null) own.push(...declarationsOf(target(file, star[1]), name, seen));
  }
  return own;
}

/** A name may stand for a type and a value; they are shown together, and one docstring is enough. */
function add(found, symbol) {
  const before = found.get(symbol.name);
  if (before === undefined || before.code === symbol.code) {
    found.set(symbol.name, symbol);
    return;
  }
  const codes = before.code.includes(symbol.code) ? before.code : `${before.code}\n${symbol.code}`;
  found.set(symbol.name, { ...before, doc: before.doc || symbol.doc, code: codes });
}

const KINDS =
  /^export (?:declare )?(?:abstract )?(class|function|const|interface|type|namespace) (\w+)/;

function declaration({ doc, code }, file) {
  const match = KINDS.exec(code);
  if (match === null || doc.includes("@internal")) return undefined;
  const [, kind, name] = match;
  return { name, kind, doc, code: shown(code), file, from: undefined };
}

/** What a user sees of a declaration: nothing private, nothing internal. */
function shown(code) {
  const kept = [];
  let comment = [];
  let skipping = false;
  for (const line of code.replace(/^export declare /, "export ").split("\n")) {
    if (skipping) {
      // A member ends with a line of its own depth.
      skipping = !/^ {4}\S.*[;}]$/.test(line);
      continue;
    }
    if (comment.length > 0 || /^ {4}\/\*\*/.test(line)) {
      comment.push(line);
      if (!line.includes("*/")) continue;
      skipping = comment.join("\n").includes("@internal");
      if (!skipping) kept.push(...comment);
      comment = [];
      continue;
    }
    if (/^ {4}(?:#private|private |protected )/.test(line)) continue;
    kept.push(line);
  }
  return kept.join("\n");
}

/** The statements of a module with the comments before them. */
function statements(file) {
  const text = readFileSync(file, "utf8");
  const result = [];
  let doc = "";
  let code = [];
  const end = () => {
    if (code.length > 0) result.push({ doc, code: code.join("\n") });
    if (code.length > 0) doc = "";
    code = [];
  };
  let inComment = false;
  for (const line of text.split("\n")) {
    if (inComment) {
      doc += `\n${line}`;
      inComment = !line.includes("*/");
      continue;
    }
    if (line.startsWith("/**")) {
      end();
      doc = line;
      inComment = !line.includes("*/");
      continue;
    }
    if (line.startsWith("//")) continue;
    if (/^(?:export|declare|import|interface|type)\b/.test(line)) end();
    if (line !== "" || code.length > 0) code.push(line);
  }
  end();
  return result.map((statement) => ({ doc: plain(statement.doc), code: statement.code.trimEnd() }));
}

/** The comment's words. */
function plain(comment) {
  return comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/\s*$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}

function target(file, specifier) {
  const path = resolve(dirname(file), specifier.replace(/\.js$/, ".d.ts").replace(/\.ts$/, ".ts"));
  const declared = path.endsWith(".d.ts") ? path : path.replace(/\.ts$/, ".d.ts");
  if (existsSync(declared)) return declared;
  return join(path, "index.d.ts");
}
