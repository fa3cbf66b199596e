import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FaultyDisk } from "../../drills/lib/fault-shim.mjs";

const hasCompiler =
  process.platform === "linux" && spawnSync("gcc", ["--version"]).error === undefined;

/** Writes four bytes at 0, four at 4, makes them durable, and says in one line how each went. */
const PROGRAM = `
const fs = require("node:fs");
const file = fs.openSync(process.argv[1], fs.constants.O_RDWR | fs.constants.O_CREAT | Number(process.argv[2]));
const outcome = (call) => { try { return String(call()); } catch (error) { return error.code; } };
const lines = [
  outcome(() => fs.writeSync(file, Buffer.from("abcd"), 0, 4, 0)),
  outcome(() => fs.writeSync(file, Buffer.from("efgh"), 0, 4, 4)),
  outcome(() => fs.fdatasyncSync(file)),
];
process.stdout.write(lines.join(" "));
`;
const O_DSYNC = 0x1000;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quorate-shim-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function run(rules: readonly string[], flags = 0): Promise<{ said: string; content: string }> {
  files += 1;
  const path = join(folder, `data-${files}`);
  const disk = new FaultyDisk(folder, `disk-${files}`);
  disk.set(...rules);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["-e", PROGRAM, path, `${flags}`], {
      env: { ...process.env, ...disk.env },
    });
    let said = "";
    child.stdout.on("data", (text) => {
      said += String(text);
    });
    child.once("close", () => resolve({ said, content: readFileSync(path, "utf8") }));
  });
}

describe.runIf(hasCompiler)("the fault injector", () => {
  test("without rules everything works", async () => {
    expect(await run([])).toEqual({ said: "4 4 undefined", content: "abcdefgh" });
  });

  test("a write can fail, and only on the files that are meant", async () => {
    expect((await run(["write /data- eio"])).said).toBe("EIO EIO undefined");
    expect((await run(["write /elsewhere/ eio"])).said).toBe("4 4 undefined");
  });

  test("a write can find the disk full", async () => {
    expect((await run(["write * enospc"])).said).toBe("ENOSPC ENOSPC undefined");
  });

  test("files that cannot grow can be written over", async () => {
    const grown = await run(["write /data- full"]);
    expect(grown).toEqual({ said: "ENOSPC ENOSPC undefined", content: "" });
    // The same file again, now with eight bytes in it.
    const path = join(folder, "data-full");
    const disk = new FaultyDisk(folder, "disk-full");
    const env = { ...process.env, ...disk.env };
    const start = (): string =>
      spawnSync(process.execPath, ["-e", PROGRAM, path, "0"], { env }).stdout.toString();
    expect(start()).toBe("4 4 undefined");
    disk.set("write /data- full");
    expect(start()).toBe("4 4 undefined");
  });

  test("a write can fall short; Node's own write goes on until all is written", async () => {
    expect(await run(["write * short"])).toEqual({ said: "4 4 undefined", content: "abcdefgh" });
    const disk = new FaultyDisk(folder, "disk-short");
    disk.set("write /data- short");
    const program = `open(my $file, ">", $ARGV[0]); print syswrite($file, "abcd")`;
    const perl = spawnSync("perl", ["-e", program, join(folder, "data-short")], {
      env: { ...process.env, ...disk.env },
    });
    expect(perl.stdout.toString()).toBe("2");
    expect(readFileSync(join(folder, "data-short"), "utf8")).toBe("ab");
  });

  test("a sync can fail, also as part of a durable write", async () => {
    expect((await run(["sync * eio"])).said).toBe("4 4 EIO");
    expect((await run(["sync * eio"], O_DSYNC)).said).toBe("EIO EIO EIO");
  });

  test("a stall takes its time and then does its work", async () => {
    const startMs = performance.now();
    expect((await run(["sync * stall 300"])).said).toBe("4 4 undefined");
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(300);
  });
});
