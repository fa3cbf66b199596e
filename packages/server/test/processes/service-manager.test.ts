import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePorts, QuorateProcess } from "./member-process.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-service-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a unit of the kind notify hears when the member serves", async () => {
  const heard = join(folder, "heard");
  const program = join(folder, "systemd-notify");
  writeFileSync(
    program,
    `#!/bin/sh\necho "$NOTIFY_SOCKET $*" > ${heard}.new && mv ${heard}.new ${heard}\n`,
    {
      mode: 0o755,
    },
  );
  const [client, peer] = await freePorts(2);
  const member = new QuorateProcess(
    [
      "serve",
      `--data-dir=${join(folder, "data")}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    ],
    { NOTIFY_SOCKET: "/run/x", PATH: `${folder}:${process.env["PATH"]}` },
  );
  await member.said("ready to serve client requests");
  const text = (): string => {
    try {
      return readFileSync(heard, "utf8");
    } catch {
      return "";
    }
  };
  await expect.poll(text).toBe("/run/x --ready --status=serving clients\n");
  expect((await member.stop()).code).toBe(0);
});
