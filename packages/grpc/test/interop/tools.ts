import { execFile, execFileSync } from "node:child_process";
import type { TestContext } from "vitest";

/** Debian packages that the tools come from. */
const PACKAGES: Readonly<Record<string, string>> = {
  h2load: "nghttp2-client",
  nghttp: "nghttp2-client",
  curl: "curl",
  etcdctl: "etcd-client",
  go: "golang-go and golang-google-grpc-dev",
};

/** Skips the test, saying why, when a tool is not on this machine. */
export function needs(context: TestContext, tool: string): void {
  if (!isInstalled(tool)) context.skip(`${tool} is not installed (Debian: ${PACKAGES[tool]})`);
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync("which", [tool], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface Finished {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a tool to its end, however it ends. */
export function run(
  tool: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const settings = { ...options, timeout: 120_000, maxBuffer: 1 << 26 };
    execFile(tool, args, settings, (error, output, errors) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ exitCode, output, errors });
    });
  });
}
