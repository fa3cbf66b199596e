import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { TEST_METHODS } from "../support/methods.ts";
import { startOwn } from "../support/own-server.ts";
import { needs, run } from "./tools.ts";

const GO_SOURCES = "/usr/share/gocode";

test("a client on Go's gRPC library", { timeout: 240_000 }, async (context) => {
  needs(context, "go");
  if (!existsSync(join(GO_SOURCES, "src/google.golang.org/grpc"))) {
    context.skip("Go's gRPC library is not installed (Debian: golang-google-grpc-dev)");
  }
  const folder = mkdtempSync(join(tmpdir(), "go-client-"));
  const server = await startOwn(TEST_METHODS);
  try {
    const binary = join(folder, "client");
    const env = { ...process.env, GO111MODULE: "off", GOPATH: GO_SOURCES };
    const cwd = fileURLToPath(new URL("go-client", import.meta.url));
    const build = await run("go", ["build", "-o", binary, "."], { env, cwd });
    expect(build).toMatchObject({ exitCode: 0 });
    const { output, exitCode } = await run(binary, [`127.0.0.1:${server.port}`]);
    expect(output).not.toContain("FAILED");
    expect(output.trim().split("\n").at(-1)).toBe("done");
    expect(exitCode).toBe(0);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});
