import { QuorateError } from "@quorate/host";
import { expect, test } from "vitest";
import { ClusterAdmin, type ClusterAdminOptions } from "../../src/member/cluster-admin.ts";

test("a member that could neither be added nor taken off the list is named in the log", async () => {
  const warned: unknown[] = [];
  const refuse = (code: "MEMBERSHIP_REFUSED" | "NO_LEADER") => async (): Promise<never> => {
    throw new QuorateError(code, code, { outcome: "notApplied", retryable: true });
  };
  const admin = new ClusterAdmin({
    directory: { members: () => [] },
    founders: [],
    store: {
      proposeDirectory: async (command: { readonly type: string }) => {
        if (command.type === "memberRemove") return refuse("NO_LEADER")();
        return { id: 4, publicId: 0xabcn, name: "", peerUrls: [], clientUrls: [], isLearner: true };
      },
    },
    replica: { changeMembership: refuse("MEMBERSHIP_REFUSED") },
    strictReconfigCheck: false,
    clusterToken: "t",
    wallClockMs: () => 0,
    requestTimeoutMs: 1_000,
    logger: { warn: (message: string, fields: unknown) => warned.push(message, fields) },
  } as unknown as ClusterAdminOptions);
  await expect(admin.add(["http://10.0.0.4:2380"], false)).rejects.toThrow();
  expect(warned).toEqual([
    expect.stringContaining("quorate member remove"),
    { id: "abc", error: expect.stringContaining("NO_LEADER") },
  ]);
});
