import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ImageError, ImageFile } from "../../src/snapshot/image-file.ts";
import { IMAGE_MAGIC, IMAGE_VERSION } from "../../src/snapshot/image-format.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-image-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an image whose head is no JSON is damaged, even if its checksum says otherwise", async () => {
  const head = Buffer.from("{no json");
  const front = Buffer.alloc(IMAGE_MAGIC.length + 8);
  front.write(IMAGE_MAGIC, "latin1");
  front.writeUInt32LE(IMAGE_VERSION, IMAGE_MAGIC.length);
  front.writeUInt32LE(head.length, IMAGE_MAGIC.length + 4);
  const content = Buffer.concat([front, head, Buffer.alloc(4)]);
  const path = join(folder, "image");
  writeFileSync(path, Buffer.concat([content, createHash("sha256").update(content).digest()]));
  await expect(ImageFile.open(path)).rejects.toThrow(ImageError);
});
