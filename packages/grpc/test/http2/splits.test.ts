import { describe, expect, test } from "vitest";
import { FrameType } from "../../src/http2/protocol.ts";
import { bodyOf, goawayOf, RawClient, settle, statusOf } from "../support/raw-client.ts";
import { RECORDED, recordedMethods } from "../support/recorded.ts";

/** What the server answered to each stream, when it got the bytes in these pieces. */
const replay = async (pieces: readonly Buffer[]): Promise<Record<string, unknown>> => {
  const client = new RawClient({ methods: recordedMethods() });
  for (const piece of pieces) client.socket.receive(piece);
  await settle();
  const frames = client.frames();
  expect(goawayOf(frames)).toBeUndefined();
  expect(client.defects).toEqual([]);
  const streams = new Set(frames.map(({ streamId }) => streamId));
  streams.delete(0);
  const answers: Record<string, unknown> = {};
  for (const id of [...streams].sort((a, b) => a - b)) {
    answers[id] = [statusOf(frames, id), bodyOf(frames, id).toString("latin1")];
  }
  const acks = frames.filter(({ type, flags }) => type === FrameType.settings && flags === 1);
  return { ...answers, acks: acks.length };
};

describe.each(RECORDED)("what $client sent", ({ bytes, statuses }) => {
  test("is answered the same, wherever it is cut in two", async () => {
    const whole = await replay([bytes]);
    expect(Object.keys(whole).length).toBeGreaterThan(1);
    for (let at = 1; at < bytes.length; at++) {
      expect(await replay([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
  });

  test.each([1, 2, 3, 5, 8, 13, 21])("is answered the same in pieces of %i", async (size) => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    expect(await replay(pieces)).toEqual(await replay([bytes]));
  });

  test("is the session that was recorded", async () => {
    const answers = await replay([bytes]);
    expect(answers).toMatchObject(
      Object.fromEntries(statuses.map(([id, code]) => [id, [{ code }, expect.any(String)]])),
    );
    expect(Object.keys(answers)).toHaveLength(statuses.length + 1);
  });
});
