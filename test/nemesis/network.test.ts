import { describe, expect, test } from "vitest";
import { CALM, FrameCutter, pass, type Unit } from "./modules.ts";

const PREFACE = Buffer.from("QUORATE\0");
const MESSAGE = 4;
const SNAPSHOT_CHUNK = 12;

function frame(kind: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(body.length, 0);
  header[8] = kind;
  return Buffer.concat([header, body]);
}

/** As `docs/formats/transport.md` has it. */
function hello(address: string): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.from([1, 1]),
    text("cluster"),
    Buffer.from([3, 1]),
    text("data"),
    Buffer.from([0x80, 0x01]),
    Buffer.alloc(9),
    text(address),
  ]);
}

describe("what hosts send", () => {
  const stream = Buffer.concat([
    PREFACE,
    frame(1, hello("198.18.2.3:2380")),
    frame(MESSAGE, Buffer.from("append")),
    frame(SNAPSHOT_CHUNK, Buffer.alloc(0)),
  ]);

  test.each([1, 3, 16, 1_000])("is cut into frames when it comes %i bytes at a time", (each) => {
    const cutter = new FrameCutter();
    const units: Unit[] = [];
    for (let at = 0; at < stream.length; at += each) {
      units.push(...cutter.push(stream.subarray(at, at + each)));
    }
    expect(units.map(({ type }) => type)).toEqual(["preface", "other", "raft", "other"]);
    expect(Buffer.concat(units.map(({ bytes }) => bytes))).toEqual(stream);
    expect(cutter.hello).toEqual({ address: "198.18.2.3:2380" });
  });

  test("that is not their protocol goes through as it is", () => {
    const cutter = new FrameCutter();
    const request = Buffer.from("QUERY / HTTP/1.1\r\n\r\n");
    expect(cutter.push(request)).toEqual([{ type: "raw", bytes: request }]);
    expect(cutter.push(stream)).toEqual([{ type: "raw", bytes: stream }]);
    expect(cutter.hello).toBeUndefined();
  });

  test("with a length that cannot be is not gathered for ever", () => {
    const cutter = new FrameCutter();
    const absurd = frame(MESSAGE, Buffer.alloc(0));
    absurd.writeUInt32LE(0xffff_ffff, 0);
    const types = cutter.push(Buffer.concat([PREFACE, absurd])).map(({ type }) => type);
    expect(types).toEqual(["preface", "raw"]);
  });
});

describe("the weather between members", () => {
  const raft: Unit = { type: "raft", bytes: frame(MESSAGE, Buffer.from("append")) };
  const other: Unit = { type: "other", bytes: frame(SNAPSHOT_CHUNK, Buffer.from("part")) };
  const counts: string[] = [];
  const count = (name: string) => counts.push(name);
  const always = () => 0;

  test("changes nothing when it is calm", () => {
    for (const unit of [raft, other]) {
      expect(pass(unit, CALM, always, count)).toEqual([
        { bytes: unit.bytes, delayMs: 0, inOrder: true },
      ]);
    }
  });

  test("loses, doubles and delays Raft's messages and nothing that relies on its stream", () => {
    const bad = { ...CALM, loss: 1, doubling: 1, overtaking: 1 };
    expect(pass(raft, bad, always, count)).toEqual([]);
    expect(pass(raft, { ...bad, loss: 0 }, always, count)).toHaveLength(2);
    expect(pass(raft, { ...CALM, overtaking: 1 }, always, count)[0]?.inOrder).toBe(false);
    expect(pass(other, bad, always, count)).toEqual([
      { bytes: other.bytes, delayMs: 0, inOrder: true },
    ]);
  });

  test("damages one byte, never the length", () => {
    for (const draw of [0, 0.3, 0.999]) {
      const [copy] = pass(raft, { ...CALM, corrupt: 1 }, () => draw, count);
      const damaged = copy?.bytes ?? Buffer.alloc(0);
      expect(damaged.readUInt32LE(0)).toBe(raft.bytes.readUInt32LE(0));
      expect(damaged.filter((byte, at) => byte !== raft.bytes[at])).toHaveLength(1);
    }
  });
});
