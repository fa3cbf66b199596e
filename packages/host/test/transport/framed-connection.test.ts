import { expect, test } from "vitest";
import type { Connection, ConnectionHandlers } from "../../src/environment/environment.ts";
import { portableChecksum } from "../../src/environment/memory-environment.ts";
import { FrameKind } from "../../src/transport/frame.ts";
import { FramedConnection } from "../../src/transport/framed-connection.ts";
import { newTransportCounters } from "../../src/transport/transport-counters.ts";

/** Keeps what is written as it is, without a copy, and says how much of it the system has not taken. */
class Pipe implements Connection {
  readonly remoteAddress: string = "other:1";
  readonly remoteNames: readonly string[] = [];
  readonly written: Uint8Array[] = [];
  bufferedBytes = 0;
  takesAtOnce = true;

  handle(_: ConnectionHandlers): void {}
  end(): void {}
  destroy(): void {}
  write(bytes: Uint8Array): boolean {
    this.written.push(bytes);
    if (!this.takesAtOnce) this.bufferedBytes += bytes.length;
    return true;
  }
}

function open(pipe: Pipe): FramedConnection {
  return new FramedConnection(pipe, portableChecksum, newTransportCounters(), {
    onConnect: () => undefined,
    onFrame: () => undefined,
    onDrain: () => undefined,
    onEnd: () => undefined,
  });
}

function send(connection: FramedConnection, fill: number, bytes: number): void {
  const { writer, start } = connection.begin(FrameKind.message, 1);
  writer.raw(new Uint8Array(bytes).fill(fill));
  connection.finish(start);
  connection.flush();
}

const buffersOf = (pipe: Pipe): number => new Set(pipe.written.map(({ buffer }) => buffer)).size;

test("a connection whose system takes everything at once writes a hundred turns into the same memory", () => {
  const pipe = new Pipe();
  const connection = open(pipe);
  for (let turn = 0; turn < 100; turn++) send(connection, turn, 2_000);
  expect(buffersOf(pipe)).toBe(1);
});

test("bytes that the system has not taken are not written over", () => {
  const pipe = new Pipe();
  const connection = open(pipe);
  pipe.takesAtOnce = false;
  for (let turn = 0; turn < 100; turn++) send(connection, turn, 2_000);
  pipe.written.forEach((bytes, turn) => {
    expect(bytes.subarray(-2_000).every((byte) => byte === turn)).toBe(true);
  });
  pipe.bufferedBytes = 0;
  const before = buffersOf(pipe);
  pipe.takesAtOnce = true;
  for (let turn = 0; turn < 100; turn++) send(connection, turn, 2_000);
  expect(buffersOf(pipe)).toBe(before);
});

test("the memory of one very large message is let go", () => {
  const pipe = new Pipe();
  const connection = open(pipe);
  send(connection, 1, 4 << 20);
  send(connection, 2, 2_000);
  expect(pipe.written.at(-1)?.buffer.byteLength).toBeLessThan(1 << 20);
});
