import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { lockFile } from "../../src/node/file-lock.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { lockWithoutFlock } from "./without-flock.ts";

/** Another process that takes a `flock` the way any other program would, and holds it until it is killed. */
async function otherHolder(path: string): Promise<ChildProcess> {
  const child = spawn("flock", ["-n", "--no-fork", path, "sh", "-c", "echo held; exec sleep 600"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout !== null) await once(child.stdout, "data");
  return child;
}

test("a second lock is refused with the holder's name, within the process too", async () => {
  const path = `${await temporaryDirectory()}/lock`;
  const lock = await lockFile(path);
  await expect(lockFile(path)).rejects.toMatchObject({
    code: "locked",
    message: expect.stringContaining(`process ${process.pid} on `),
  });
  await lock.release();
  await lock.release();
  const again = await lockFile(path);
  await again.release();
});

test("the lock of a killed process is free at once, its file left behind or not", async () => {
  const path = `${await temporaryDirectory()}/lock`;
  const holder = await otherHolder(path);
  await expect(lockFile(path)).rejects.toMatchObject({ code: "locked" });
  const ended = once(holder, "exit");
  holder.kill("SIGKILL");
  await ended;
  const lock = await lockFile(path);
  await lock.release();
});

test("without the flock command a socket name does the same", async () => {
  const path = `${await temporaryDirectory()}/lock`;
  const lock = await lockWithoutFlock(path);
  await expect(lockWithoutFlock(path)).rejects.toMatchObject({ code: "locked" });
  await lock.release();
  const again = await lockWithoutFlock(path);
  await again.release();
});
