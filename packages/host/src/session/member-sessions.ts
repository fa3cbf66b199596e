import type { MemberId } from "@quorate/core";
import type { ByteReader } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";

/**
 * Members whose sessions are remembered. Far more than any group ever has at one time: members that left are kept so
 * that a late copy of one of their batches stays a duplicate; the longest unused one goes first.
 */
const MEMBER_SESSIONS_MAX = 1_024;

/** What is known about the batches of one member's current start. */
interface MemberSession {
  readonly member: MemberId;
  incarnation: number;
  /** Everything below is settled: applied, or given up by the origin. */
  floor: number;
  /**
   * Applied ranges at or above the floor, ascending, disjoint and not touching: first, end, first, end, …
   * One range in practice; more while batches overtake each other around a change of leadership.
   */
  readonly ranges: number[];
}

/**
 * Which batches of which member were applied: the group's guard against applying a forwarded batch twice. Replicated
 * state: every member passes through the same values in the same order.
 */
export class MemberSessions {
  /** In order of last use, longest unused first. */
  readonly #sessions: Map<MemberId, MemberSession> = new Map();

  /**
   * Takes note of a batch that is being applied. False: it was applied before, or belongs to an earlier start of its
   * member, and must be dropped.
   */
  admit(
    member: MemberId,
    incarnation: number,
    firstSequence: number,
    count: number,
    acknowledgedBelow: number,
  ): boolean {
    let session = this.#sessions.get(member);
    if (session === undefined) {
      session = { member, incarnation, floor: 0, ranges: [] };
      this.#makeRoom();
    } else {
      if (incarnation < session.incarnation) return false;
      this.#sessions.delete(member);
    }
    this.#sessions.set(member, session);
    if (incarnation > session.incarnation) {
      session.incarnation = incarnation;
      session.floor = 0;
      session.ranges.length = 0;
    }
    const fresh = !isSettled(session, firstSequence, count);
    const first = Math.max(firstSequence, session.floor);
    if (fresh) addRange(session.ranges, first, firstSequence + count);
    if (acknowledgedBelow > session.floor) raiseFloor(session, acknowledgedBelow);
    return fresh;
  }

  /** Whether a batch would be dropped: lets a leader refuse to log a copy. */
  isSettled(member: MemberId, incarnation: number, firstSequence: number, count: number): boolean {
    const session = this.#sessions.get(member);
    if (session === undefined || incarnation > session.incarnation) return false;
    return incarnation < session.incarnation || isSettled(session, firstSequence, count);
  }

  /** The newest start of `member` that anything was applied of, 0 for none. */
  incarnation(member: MemberId): number {
    return this.#sessions.get(member)?.incarnation ?? 0;
  }

  write(writer: ByteWriter): void {
    writer.varint(this.#sessions.size);
    for (const session of this.#sessions.values()) {
      writer.varint(session.member);
      writer.varint(session.incarnation);
      writer.varint(session.floor);
      writer.varint(session.ranges.length);
      for (const bound of session.ranges) writer.varint(bound);
    }
  }

  static read(reader: ByteReader): MemberSessions {
    const sessions = new MemberSessions();
    const count = reader.count(4);
    if (count > MEMBER_SESSIONS_MAX) throw new WireError("tooLong", "too many member sessions");
    for (let place = 0; place < count; place++) {
      const member = reader.varint();
      const incarnation = reader.varint();
      const floor = reader.varint();
      const ranges: number[] = [];
      const bounds = reader.count(1);
      for (let bound = 0; bound < bounds; bound++) {
        const value = reader.varint();
        if (bound > 0 && value <= (ranges[bound - 1] as number)) {
          throw new WireError("badValue", "ranges of a member session out of order");
        }
        ranges.push(value);
      }
      if (bounds % 2 !== 0) throw new WireError("badValue", "half a range in a member session");
      sessions.#sessions.set(member, { member, incarnation, floor, ranges });
    }
    return sessions;
  }

  #makeRoom(): void {
    if (this.#sessions.size < MEMBER_SESSIONS_MAX) return;
    const longestUnused = this.#sessions.keys().next().value;
    if (longestUnused !== undefined) this.#sessions.delete(longestUnused);
  }
}

/** A batch is applied as a whole, so one of its sequences stands for all: the first that the floor has not covered. */
function isSettled(session: MemberSession, firstSequence: number, count: number): boolean {
  if (firstSequence + count <= session.floor) return true;
  const asked = Math.max(firstSequence, session.floor);
  const { ranges } = session;
  for (let place = ranges.length - 2; place >= 0; place -= 2) {
    if (asked >= (ranges[place] as number)) return asked < (ranges[place + 1] as number);
  }
  return false;
}

function addRange(ranges: number[], first: number, end: number): void {
  let place = ranges.length;
  while (place > 0 && (ranges[place - 2] as number) > first) place -= 2;
  const touchesBefore = place > 0 && ranges[place - 1] === first;
  const touchesAfter = place < ranges.length && ranges[place] === end;
  if (touchesBefore && touchesAfter) ranges.splice(place - 1, 2);
  else if (touchesBefore) ranges[place - 1] = end;
  else if (touchesAfter) ranges[place] = first;
  else ranges.splice(place, 0, first, end);
}

function raiseFloor(session: MemberSession, floor: number): void {
  session.floor = floor;
  const { ranges } = session;
  while (ranges.length > 0 && (ranges[1] as number) <= floor) ranges.splice(0, 2);
  if (ranges.length > 0 && (ranges[0] as number) < floor) ranges[0] = floor;
}
