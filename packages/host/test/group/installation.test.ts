import type { AppendWork, SnapshotInfo } from "@quorate/core";
import { expect, test } from "vitest";
import type { QuorateError } from "../../src/errors.ts";
import type { InstallingGroup } from "../../src/group/installation.ts";
import { Installation } from "../../src/group/installation.ts";
import { snapshotHeader } from "../../src/group/snapshot-content.ts";
import { GROUP_LIMITS_DEFAULT } from "../../src/host/defaults.ts";
import { Companion } from "../../src/session/companion.ts";

const INFO: SnapshotInfo = {
  term: 2,
  index: 50,
  id: "s",
  bytes: 0,
  membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
};

function work(id: number, installSnapshot?: SnapshotInfo): AppendWork {
  return {
    id,
    hardState: undefined,
    entries: [],
    installSnapshot,
    mustSync: true,
    afterDurable: [],
  };
}

/** An installation on a group whose machine restores when `finish` is called. */
function installing(index = INFO.index): {
  installation: Installation;
  told: string[];
  drained: () => void;
  finish: (error?: Error) => void;
} {
  const companion = Companion.empty({ sessionsMax: 1, bytesMax: 1 });
  companion.position = { term: 2, index };
  const content = snapshotHeader(companion.encode());
  const told: string[] = [];
  let drained = (): void => undefined;
  let finish = (_error?: Error): void => undefined;
  const group = {
    isRunning: true,
    applier: {
      drain: (run: () => void) => {
        drained = run;
      },
      hold: () => told.push("hold"),
      release: () => told.push("release"),
      replaced: () => told.push("replaced"),
    },
    parts: {
      spec: {
        machine: {
          restore: () =>
            new Promise<void>((resolve, reject) => {
              finish = (error) => (error === undefined ? resolve() : reject(error));
            }),
        },
      },
      storage: {
        snapshots: {
          async *read() {
            yield content;
          },
        },
      },
      limits: GROUP_LIMITS_DEFAULT,
    },
    fail: (error: QuorateError) => told.push(error.code),
  };
  const installation = new Installation(group as unknown as InstallingGroup, {
    installed: (info) => told.push(`installed ${info.index}`),
    acknowledge: ({ id }) => told.push(`acknowledged ${id}`),
  });
  return {
    installation,
    told,
    drained: () => drained(),
    finish: (error) => finish(error),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

test("what is durable behind a snapshot is acknowledged after its installation, in order", async () => {
  const { installation, told, drained, finish } = installing();
  installation.durable(work(1));
  installation.durable(work(2, INFO));
  installation.durable(work(3));
  expect(told).toEqual(["acknowledged 1"]);
  drained();
  installation.durable(work(4));
  await settle();
  expect(told).toEqual(["acknowledged 1", "hold"]);
  finish();
  await settle();
  expect(told.slice(2)).toEqual([
    "replaced",
    "installed 50",
    "acknowledged 2",
    "acknowledged 3",
    "acknowledged 4",
  ]);
});

test("a snapshot that cannot be restored stops the group", async () => {
  const { installation, told, drained, finish } = installing();
  installation.durable(work(1, INFO));
  drained();
  await settle();
  finish(new Error("not my bytes"));
  await settle();
  expect(told).toEqual(["hold", "CORRUPT_SNAPSHOT", "release"]);
});

test("a snapshot whose inside belongs elsewhere stops the group", async () => {
  const { installation, told, drained } = installing(49);
  installation.durable(work(1, INFO));
  drained();
  await settle();
  expect(told).toEqual(["hold", "CORRUPT_SNAPSHOT", "release"]);
});
