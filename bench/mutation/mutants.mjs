// Small mistakes, one at a time: what a tired programmer might have written instead.

/** Text that must not be touched becomes spaces of the same length: comments, strings, types and imports. */
function masked(source) {
  let out = source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
    (text) => text.replace(/[^\n]/g, " "),
  );
  const blank = (pattern) => {
    out = out.replace(pattern, (text) => text.replace(/[^\n]/g, " "));
  };
  blank(/^import [\s\S]*?;$/gm);
  blank(/^export (type )?\{[\s\S]*?\}[^;]*;$/gm);
  blank(/^(export )?(interface|type) [\s\S]*?^(\}|[^\n]*;)$/gm);
  return out;
}

const SWAPS = [
  [/ < /g, " <= "],
  [/ <= /g, " < "],
  [/ > /g, " >= "],
  [/ >= /g, " > "],
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/ \+= /g, " -= "],
  [/ -= /g, " += "],
  [/\+\+/g, "--"],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/\bMath\.max\b/g, "Math.min"],
  [/\bMath\.min\b/g, "Math.max"],
  [/\bMath\.floor\b/g, "Math.ceil"],
  [/\bMath\.ceil\b/g, "Math.floor"],
  [/(?<=[\s(])!(?=[\w(])/g, ""],
];

/** One line that does something: a call, an assignment, or a way out. */
const STATEMENT =
  /^[ ]+(?:(?:if \(.*\) |else )?(?:return\b[^;]*|[\w#.?]+\([^;]*\)|[\w#.[\]]+ (?:=|\+=|-=) [^;]*|[\w#.]+(?:\+\+|--)));$/gm;

/** Every mutant of a source text. Types are not checked: a mutant that does not run is killed like any other. */
export function mutantsOf(source) {
  const text = masked(source);
  const found = [];
  const add = (at, length, replacement) => {
    const line = source.slice(0, at).split("\n").length;
    const before = source.slice(at, at + length);
    found.push({
      line,
      change:
        replacement === ""
          ? `delete: ${before.trim()}`
          : `${before.trim()} → ${replacement.trim()}`,
      code: source.slice(0, at) + replacement + source.slice(at + length),
    });
  };
  for (const [pattern, replacement] of SWAPS) {
    for (const match of text.matchAll(pattern)) {
      if (isType(text, match)) continue;
      add(match.index, match[0].length, replacement);
    }
  }
  for (const match of text.matchAll(STATEMENT)) {
    const statement = match[0].trim();
    // A way out at the end of a function changes nothing when it has no value, and everything else when it has one.
    if (statement === "return undefined;" || statement.startsWith("super(")) continue;
    if (statement.startsWith("return ")) continue;
    add(match.index, match[0].length, "");
  }
  return found.sort((a, b) => a.line - b.line);
}

/** `readonly ok: true` and comparisons inside generics are types, not values. */
function isType(text, { index, 0: token }) {
  const line = text.slice(text.lastIndexOf("\n", index) + 1, text.indexOf("\n", index));
  if (/^(true|false)$/.test(token)) return /readonly|\): (true|false)/.test(line);
  return /^\s*(readonly|private|\|)/.test(line);
}
