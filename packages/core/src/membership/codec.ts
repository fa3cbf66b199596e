import type { MemberAction, MemberStep, MembershipChange } from "./membership.ts";

/**
 * How a change is written into the payload of its entry. The change that leaves a joint state, without context, is
 * zero bytes long, so that the leader can always log it, whatever the quotas say. Anything else:
 *
 * ```
 *  u8      format, 1
 *  u8      transition: 0 auto, 1 implicit, 2 explicit
 *  varint  number of steps
 *  step    u8 action: 1 voter, 2 learner, 3 remove, 4 update; varint member
 *  rest    context
 * ```
 * A varint carries 7 bits per byte, low bits first, at most 8 bytes: members are safe integers.
 */
const FORMAT = 1;
const TRANSITIONS = ["auto", "implicit", "explicit"] as const;
const ACTIONS: readonly MemberAction[] = ["voter", "learner", "remove", "update"];
const VARINT_BYTES_MAX = 8;
/** More members than any group has; bounds what a hostile payload can make us allocate. */
export const MEMBER_STEPS_MAX = 1024;

/** The bytes of a membership change, as they stand in an entry of the log. */
export function encodeMembershipChange(change: MembershipChange): Uint8Array {
  const { transition, steps, context } = change;
  if (transition === "auto" && steps.length === 0 && context.length === 0) {
    return new Uint8Array(0);
  }
  const header: number[] = [FORMAT, TRANSITIONS.indexOf(transition)];
  pushVarint(header, steps.length);
  for (const { action, member } of steps) {
    header.push(ACTIONS.indexOf(action) + 1);
    pushVarint(header, member);
  }
  const bytes = new Uint8Array(header.length + context.length);
  bytes.set(header, 0);
  bytes.set(context, header.length);
  return bytes;
}

/** Returns undefined when the bytes are not a change. The context is a view into `payload`. */
export function decodeMembershipChange(payload: Uint8Array): MembershipChange | undefined {
  if (payload.length === 0) return { transition: "auto", steps: [], context: payload };
  const reader = new ChangeReader(payload);
  if (reader.byte() !== FORMAT) return undefined;
  const transition = TRANSITIONS[reader.byte() ?? TRANSITIONS.length];
  const count = reader.varint();
  if (transition === undefined || count === undefined || count > MEMBER_STEPS_MAX) return undefined;
  const steps: MemberStep[] = [];
  for (let i = 0; i < count; i++) {
    const action = ACTIONS[(reader.byte() ?? 0) - 1];
    const member = reader.varint();
    if (action === undefined || member === undefined) return undefined;
    steps.push({ action, member });
  }
  return { transition, steps, context: reader.rest() };
}

/** Members are at most 2^53 - 1: seven bits at a time by division, because shifts end at 32 bits. */
function pushVarint(into: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    into.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  into.push(rest);
}

class ChangeReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number | undefined {
    return this.#bytes[this.#at++];
  }

  varint(): number | undefined {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = this.byte();
      if (byte === undefined) return undefined;
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : undefined;
      scale *= 0x80;
    }
    return undefined;
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
}
