import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

// The examples run as a reader runs them: their own process, the built packages. So they are built first.

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(...arguments_: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, arguments_, { cwd: root });
    let output = "";
    child.stdout.on("data", (text) => {
      output += String(text);
    });
    child.stderr.on("data", (text) => {
      output += String(text);
    });
    child.once("exit", (code) => resolve({ code, output }));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}

/** The first of twenty ports that nobody uses, so that two runs of the tests do not meet. */
async function freePorts(): Promise<number> {
  for (let base = 21_000 + (process.pid % 400) * 20; base < 32_000; base += 20) {
    const free = await Promise.all(Array.from({ length: 20 }, (_, place) => isFree(base + place)));
    if (free.every(Boolean)) return base;
  }
  throw new Error("no free ports");
}

const EXAMPLES: readonly { readonly file: string; readonly says: readonly RegExp[] }[] = [
  {
    file: "test-your-machine.mjs",
    says: [
      /Sound: true, after many commands/,
      /memberCrashed \d+/,
      /Careless: equal results, repeated/,
    ],
  },
  { file: "counter.mjs", says: [/The counter is 5; .* index \d+/, /majority's word: 8/] },
  {
    file: "job-queue.mjs",
    says: [
      /200 jobs added, 20 answers lost .*: 200 jobs wait/,
      /Host \d leads; it is closed/,
      /Finished exactly once: 200 of 200/,
      /Started once: 200 of 200; waiting: 0/,
    ],
  },
  {
    file: "document-store.mjs",
    says: [
      /40 notes written.*"ok":false,"reason":"it is at revision 1"/,
      /After a crash in a flush the store is at index \d+/,
      /Opened again at index \d+ of its own state, with 39 documents/,
    ],
  },
  {
    file: "client.mjs",
    says: [
      /holds the lock with token \d+/,
      /its token is larger: true/,
      /A late write of the first is refused: true/,
      /Ten writes, version 10/,
      /Boxes of tea: 3/,
      /watch: reports\/last = done/,
      /REFUSED, notApplied: /,
    ],
  },
  { file: "cron.mjs", says: [/has taken over/, /wakes up .*: refused/, /0 of them twice/] },
  {
    file: "orders/in-memory.mjs",
    says: [/Power lost on member \d, which led/, /both orders: 5 boxes of tea/],
  },
  {
    file: "orders/survive.mjs",
    says: [/kill -9 of the leader/, /All three members killed at once/, /read back, 0 missing/],
  },
];

/** Parts of an example, started by another file of it. */
const PARTS: ReadonlySet<string> = new Set(["orders/machine.mjs", "orders/member.mjs"]);

beforeAll(async () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await run(
    tsc,
    "-b",
    "packages/server",
    "packages/client",
    "packages/host/tsconfig.node.json",
  );
  expect(code, output).toBe(0);
});

describe("every example runs to its end and says what it shows", () => {
  test.each(EXAMPLES)("$file", { timeout: 180_000 }, async ({ file, says }) => {
    const { code, output } = await run(join("examples", file), `${await freePorts()}`);
    for (const line of says) expect(output).toMatch(line);
    expect(code, output).toBe(0);
  });

  test("no example is left out", () => {
    const files = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" });
    const programs = files.filter((file) => file.endsWith(".mjs") && !PARTS.has(file));
    expect(programs.sort()).toEqual(EXAMPLES.map(({ file }) => file).sort());
  });
});

test("the document store's types hold", { timeout: 180_000 }, async () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const strict = ["--allowJs", "--checkJs", "--strict", "--skipLibCheck", "--types", "node"];
  const target = ["--target", "esnext", "--module", "nodenext", "--noEmit", "--ignoreConfig"];
  const file = join("examples", "document-store.mjs");
  const { code, output } = await run(tsc, ...strict, ...target, file);
  expect(code, output).toBe(0);
});

describe("the embedding guide", () => {
  const guide = readFileSync(join(root, "docs", "guides", "embedding.md"), "utf8");
  const blocks = [...guide.matchAll(/(?:<!-- (\S+) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
    ([, source, language, text]) => ({ source, language, text: text ?? "" }),
  );

  test("takes every snippet of code from an example that runs", () => {
    const code = blocks.filter(({ language }) => language === "js");
    expect(code.length).toBeGreaterThan(5);
    for (const { source, text } of code) {
      expect(source, `a snippet without its source:\n${text}`).toBeDefined();
      const example = readFileSync(join(root, "examples", source ?? ""), "utf8");
      expect(example).toContain(text);
    }
  });

  test("shows commands whose files exist", () => {
    const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
    const named = commands.flatMap((text) => [...text.matchAll(/node (\S+\.mjs)/g)]);
    expect(named.length).toBeGreaterThan(1);
    for (const [, file] of named) {
      expect(existsSync(join(root, "examples", "orders", file ?? "")), file).toBe(true);
    }
  });

  test("shows output that the example really prints", () => {
    const printed = blocks.filter(({ language }) => language === "text");
    const example = readFileSync(join(root, "examples", "orders", "survive.mjs"), "utf8");
    for (const line of printed.flatMap(({ text }) => text.trim().split("\n"))) {
      const fixed = line.split(/\d+/).filter((part) => part.trim().length > 3);
      for (const part of fixed) expect(example).toContain(part);
    }
  });
});

test("the client's guide takes its marked snippets from the example, and names every code", () => {
  const guide = readFileSync(join(root, "docs", "guides", "client.md"), "utf8");
  const example = readFileSync(join(root, "examples", "client.mjs"), "utf8");
  const marked = [...guide.matchAll(/<!-- client\.mjs -->\n```js\n([\s\S]*?)```/g)];
  expect(marked.length).toBeGreaterThan(3);
  for (const [, text] of marked) expect(example).toContain(text);
  const errors = readFileSync(join(root, "packages", "client", "src", "errors.ts"), "utf8");
  const codes = [...errors.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(8);
  for (const code of codes) expect(guide).toContain(`| \`${code}\` |`);
});
