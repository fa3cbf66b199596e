import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package-folder.ts";

/**
 * The version of etcd whose API and behaviour this server has, in the digits clients parse. Kubernetes, Patroni and
 * etcdctl switch features on by it.
 */
export const ETCD_VERSION = "3.6.0";

/** What a cluster of such members reports as its own version. */
export const ETCD_CLUSTER_VERSION = "3.6.0";

/** This product's version. */
export function quorateVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8"));
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion ? String(manifest.version) : "unknown";
}

/** The lines that `etcd --version` prints, which tools parse, and our own. */
export function versionLines(): string {
  return [
    `etcd Version: ${ETCD_VERSION}`,
    "Git SHA: Not provided",
    `Go Version: none (Node.js ${process.version})`,
    `Go OS/Arch: ${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
    `Quorate Version: ${quorateVersion()}`,
    "",
  ].join("\n");
}
