import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** Which packages each package may import: arrows point down only. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  explain: ["core"],
  host: ["core"],
  protocol: [],
  grpc: [],
  kv: ["core", "host"],
  client: ["protocol"],
  server: ["core", "explain", "host", "kv", "protocol", "grpc", "client", "sim"],
  sim: ["core", "explain", "host", "kv"],
  console: ["core", "explain", "host", "kv", "sim", "protocol"],
};

/** Folders whose code also runs in a browser: nothing of Node may be imported there. */
const PORTABLE: readonly { readonly folder: string; readonly except: readonly string[] }[] = [
  { folder: "core/src", except: [] },
  { folder: "explain/src", except: [] },
  { folder: "protocol/src", except: [] },
  { folder: "host/src", except: ["host/src/node"] },
  { folder: "kv/src", except: ["kv/src/lmdb"] },
  { folder: "sim/src", except: ["sim/src/node"] },
];

const packagesFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "packages");

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string, text: string): Import[] {
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\(\s*"([^"]+)"/g;
  return [...text.matchAll(pattern)].map((match) => ({ file, target: match[1] ?? match[2] ?? "" }));
}

function packageNamed(target: string): string | undefined {
  if (target === "quorate" || target.startsWith("quorate/")) return "server";
  return /^@quorate\/([a-z]+)/.exec(target)?.[1];
}

function violations(owner: string, imports: readonly Import[]): string[] {
  const allowed = ALLOWED[owner];
  if (allowed === undefined) return [`packages/${owner} has no place in the map of packages`];
  return imports.flatMap(({ file, target }) => {
    const named = packageNamed(target);
    if (named !== undefined && named !== owner && !allowed.includes(named)) {
      return [`${file} imports ${target}, which points up`];
    }
    if (target.startsWith("..")) {
      const reached = relative(packagesFolder, join(dirname(file), target));
      if (reached.split("/")[0] !== owner)
        return [`${file} reaches into another package: ${target}`];
    }
    return [];
  });
}

describe("imports", () => {
  for (const owner of readdirSync(packagesFolder)) {
    test(`${owner} imports only what lies below it`, () => {
      const files = sources(join(packagesFolder, owner, "src"));
      const imports = files.flatMap((file) => importsOf(file, readFileSync(file, "utf8")));
      expect(violations(owner, imports)).toEqual([]);
    });
  }

  for (const { folder, except } of PORTABLE) {
    test(`${folder} runs in a browser: no module of Node`, () => {
      const files = sources(join(packagesFolder, folder)).filter(
        (file) => !except.some((path) => file.startsWith(join(packagesFolder, path))),
      );
      const node = files
        .flatMap((file) => importsOf(file, readFileSync(file, "utf8")))
        .filter(({ target }) => target.startsWith("node:"));
      expect(node).toEqual([]);
    });
  }

  test("the check itself sees an import that points up", () => {
    const file = join(packagesFolder, "core", "src", "planted.ts");
    const planted = importsOf(file, 'import { createHost } from "@quorate/host";\n');
    expect(violations("core", planted)).toHaveLength(1);
    const sideways = importsOf(file, 'export { x } from "../../host/src/host.ts";\n');
    expect(violations("core", sideways)).toHaveLength(1);
    const own = importsOf(file, 'import type { Term } from "./types.ts";\n');
    expect(violations("core", own)).toEqual([]);
  });
});
