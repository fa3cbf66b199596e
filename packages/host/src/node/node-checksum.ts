import { createHash, type Hash } from "node:crypto";
import { crc32 as nativeCrc32 } from "node:zlib";
import { crc32 as portableCrc32 } from "../environment/crc32.ts";
import type { Checksum, Sha256 } from "../environment/environment.ts";

/** Below this a native call costs more than it saves. */
const NATIVE_BYTES_MIN = 128;

/** CRC-32 from zlib, SHA-256 from OpenSSL. */
export const nodeChecksum: Checksum = {
  crc32: (bytes, initial = 0) =>
    bytes.length < NATIVE_BYTES_MIN ? portableCrc32(bytes, initial) : nativeCrc32(bytes, initial),
  sha256: () => new NodeSha256(),
};

class NodeSha256 implements Sha256 {
  readonly #hash: Hash = createHash("sha256");

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digestHex(): string {
    return this.#hash.digest("hex");
  }
}
