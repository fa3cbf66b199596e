import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packInto, publishedPackages } from "../../scripts/pack.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quorate-published-"));
const modules = join(folder, "node_modules");
let tarballs: ReadonlyMap<string, string> = new Map();

/** No package is larger when it is unpacked: more than this is something that does not belong into it. */
const UNPACKED_BYTES_MAX = 6 * 1024 * 1024;

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], cwd: string): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
}

function filesOf(name: string): readonly string[] {
  return readdirSync(join(modules, name), { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(modules, name, file)).isFile(),
  );
}

/** What can be imported of a package. */
function specifiers(name: string): readonly string[] {
  return Object.keys(manifestOf(name).exports)
    .filter((path) => path.startsWith("."))
    .map((path) => `${name}${path.slice(1)}`);
}

const names = publishedPackages().map(
  (place): string =>
    JSON.parse(readFileSync(join(root, "packages", place, "package.json"), "utf8")).name,
);

beforeAll(() => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const built = run(process.execPath, [tsc, "-b"], root);
  expect(built.status, built.output).toBe(0);
  tarballs = packInto(join(folder, "tarballs"));
  mkdirSync(modules);
  for (const [name, tarball] of tarballs) {
    const place = join(modules, name);
    mkdirSync(place, { recursive: true });
    const unpacked = run("tar", ["-xzf", tarball, "--strip-components=1", "-C", place], folder);
    expect(unpacked.status, unpacked.output).toBe(0);
  }
  // What others publish is taken from where it is installed already.
  for (const entry of readdirSync(join(root, "node_modules"))) {
    if (entry.startsWith(".") || existsSync(join(modules, entry))) continue;
    symlinkSync(join(root, "node_modules", entry), join(modules, entry));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(names)("%s as it is published", (name) => {
  test("has what it needs, and nothing that was only for us", () => {
    const files = filesOf(name);
    expect(files).toEqual(expect.arrayContaining(["package.json", "README.md", "LICENSE"]));
    expect(files.filter((file) => /(^|\/)test\/|\.test\.|tsbuildinfo|fixtures/.test(file))).toEqual(
      [],
    );
    const bytes = files.reduce((sum, file) => sum + statSync(join(modules, name, file)).size, 0);
    expect(bytes).toBeLessThan(UNPACKED_BYTES_MAX);
    expect(bytes).toBeGreaterThan(1_000);
  });

  test("has a version, a licence, exact dependencies, and no path of the machine that made it", () => {
    const manifest = manifestOf(name);
    const workspace = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect([manifest.version, manifest.license]).toEqual([workspace.version, "Apache-2.0"]);
    for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
      expect(version, dependency).toMatch(/^\d+\.\d+\.\d+$/);
    }
    const marked = filesOf(name).filter((file) =>
      readFileSync(join(modules, name, file), "utf8").includes(root.slice(0, -1)),
    );
    expect(marked).toEqual([]);
  });

  test("every source that a map names is there", () => {
    const missing = filesOf(name)
      .filter((file) => file.endsWith(".map"))
      .flatMap((file) => {
        const map = JSON.parse(readFileSync(join(modules, name, file), "utf8"));
        const from = join(modules, name, file, "..");
        return map.sources.filter((source: string) => !existsSync(join(from, source)));
      });
    expect(missing).toEqual([]);
  });

  test("every entry can be imported", () => {
    for (const specifier of specifiers(name)) {
      const code = `const m = await import(${JSON.stringify(specifier)}); if (Object.keys(m).length === 0) process.exit(3);`;
      const done = run(process.execPath, ["--input-type=module", "-e", code], folder);
      expect([specifier, done.output, done.status]).toEqual([specifier, "", 0]);
    }
  });
});

test("the command runs from its package", () => {
  const bin = manifestOf("quorate").bin?.["quorate"] ?? "";
  const done = run(process.execPath, [join(modules, "quorate", bin), "--version"], folder);
  expect(done.output).toMatch(/^quorate \d+\.\d+\.\d+\n$/);
});

describe("the bundle that published members start from", () => {
  const bundle = join(modules, "quorate", "dist", "bundle");
  const start = (): Ended => {
    const loader = JSON.stringify(join(modules, "quorate", "dist", "cli", "bundle.js"));
    const code = `const { loadBundle } = await import(${loader});
const bundle = loadBundle(${JSON.stringify(bundle)});
process.exit(bundle === undefined ? 3 : await bundle.serveHere(["--version"]));`;
    return run(process.execPath, ["--input-type=module", "-e", code], folder);
  };

  test("runs, and names the licences of what is in it", () => {
    const done = start();
    expect([done.status, done.output]).toEqual([0, expect.stringContaining("etcd Version")]);
    const licenses = readFileSync(join(bundle, "third-party-licenses.md"), "utf8");
    for (const name of ["pino", "zod", "prom-client"]) {
      expect(licenses).toContain(`## ${name} - `);
    }
  });

  test("is left alone beside another manifest than the one it was published with", () => {
    const manifest = join(modules, "quorate", "package.json");
    const published = readFileSync(manifest, "utf8");
    try {
      writeFileSync(manifest, `${published}\n`);
      expect(start().status).toBe(3);
    } finally {
      writeFileSync(manifest, published);
    }
  });
});

describe.each([
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
])("types under --module %s --moduleResolution %s", (module, resolution) => {
  test("every entry's declarations hold, strictly, with nothing skipped", {
    timeout: 120_000,
  }, () => {
    const all = names.flatMap(specifiers);
    const lines = all.map((specifier, place) => `import * as m${place} from "${specifier}";`);
    const uses = all.map((_, place) => `console.log(Object.keys(m${place}).length);`);
    const file = `consumer-${module}.ts`;
    writeFileSync(join(folder, file), [...lines, ...uses, ""].join("\n"));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const done = run(
      process.execPath,
      [
        tsc,
        ...["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023", "--types", "node"],
        ...["--exactOptionalPropertyTypes", "--ignoreConfig"],
        ...["--module", module, "--moduleResolution", resolution, file],
      ],
      folder,
    );
    const own = done.output.split("\n").filter((line) => /quorate|consumer/.test(line));
    expect(own).toEqual([]);
  });
});

/** The first of twenty ports that nobody uses. */
async function freePorts(): Promise<number> {
  const isFree = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(false));
      probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
        probe.close(() => resolve(true));
      });
    });
  for (let base = 25_000 + (process.pid % 20) * 20; base < 32_000; base += 20) {
    const free = await Promise.all(Array.from({ length: 20 }, (_, place) => isFree(base + place)));
    if (free.every(Boolean)) return base;
  }
  throw new Error("no free ports");
}

test("the embedding guide, followed word for word in an empty folder, gives a cluster that survives kill -9", {
  timeout: 240_000,
}, async () => {
  const place = join(folder, "newcomer");
  mkdirSync(place);
  const guide = readFileSync(join(root, "docs", "guides", "embedding.md"), "utf8");
  const pieces = [...guide.matchAll(/<!-- orders\/(\S+) -->\n```js\n([\s\S]*?)```/g)];
  const files = new Map<string, string>();
  for (const [, file = "", text = ""] of pieces) {
    files.set(file, `${files.get(file) ?? ""}${text}\n`);
  }
  expect([...files.keys()].sort()).toEqual([
    "in-memory.mjs",
    "machine.mjs",
    "member.mjs",
    "survive.mjs",
  ]);
  for (const [file, text] of files) writeFileSync(join(place, file), text);

  expect(guide).toContain("npm install @quorate/host");
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true }));
  const wanted = ["@quorate/core", "@quorate/host"].map((name) => tarballs.get(name) ?? name);
  const flags = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  const installed = run("npm", ["install", ...flags, ...wanted], place);
  expect(installed.status, installed.output).toBe(0);
  expect(readdirSync(join(place, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "@quorate",
  ]);

  const inMemory = run(process.execPath, ["in-memory.mjs"], place);
  expect(inMemory.output).toMatch(/It is back and has both orders/);
  expect(inMemory.status).toBe(0);

  const port = await freePorts();
  const { status, output } = await new Promise<Ended>((resolve) => {
    const child = spawn(process.execPath, ["survive.mjs", `${port}`], { cwd: place });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        said += String(text);
      });
    }
    child.once("exit", (code) => resolve({ status: code, output: said }));
  });
  expect(output).toMatch(/kill -9 of the leader/);
  expect(output).toMatch(/orders read back, 0 missing/);
  expect(status, output).toBe(0);
});
