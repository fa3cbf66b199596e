import type { MemberAction, MemberId, Membership } from "@quorate/core";
import type { Outcome, QuorateErrorCode } from "../errors.ts";
import { QUORATE_ERROR_CODES, QuorateError } from "../errors.ts";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { readMembership, writeMembership } from "../wire/snapshot-info.ts";
import { WireError } from "../wire/wire-error.ts";
import type { MembershipStage, MembershipStep } from "./membership-request.ts";

/** What a follower asks the leader to bring about. Repeating one that has come about changes nothing. */
export type LeaderRequest =
  | {
      readonly type: "changeMembership";
      readonly steps: readonly MembershipStep[];
      readonly expected: Membership | undefined;
      readonly catchUpEntriesMax: number;
      readonly skipCatchUp: boolean;
      readonly timeoutMs: number;
    }
  /** `to` 0: whoever is most caught up. */
  | { readonly type: "transferLeadership"; readonly to: MemberId; readonly timeoutMs: number };

/** What the leader says to it: any number of stages, then an end. */
export type LeaderReply =
  | { readonly type: "stage"; readonly stage: MembershipStage }
  | { readonly type: "membership"; readonly membership: Membership }
  | { readonly type: "transferred"; readonly to: MemberId }
  | { readonly type: "failed"; readonly error: QuorateError };

const ACTIONS: readonly MemberAction[] = ["voter", "learner", "remove", "update"];
const OUTCOMES: readonly Outcome[] = ["notApplied", "unknown"];
const TEXT_BYTES_MAX = 4_096;

const RequestKind = { changeMembership: 1, transferLeadership: 2 } as const;
const ReplyKind = {
  addingLearners: 1,
  catchingUp: 2,
  changing: 3,
  leavingJoint: 4,
  membership: 5,
  transferred: 6,
  failed: 7,
} as const;

export function encodeRequest(request: LeaderRequest): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(RequestKind[request.type]);
  writer.varint(Math.floor(request.timeoutMs));
  if (request.type === "transferLeadership") {
    writer.varint(request.to);
    return writer.take();
  }
  writer.varint(request.catchUpEntriesMax);
  writer.u8(request.skipCatchUp ? 1 : 0);
  writer.u8(request.expected === undefined ? 0 : 1);
  if (request.expected !== undefined) writeMembership(writer, request.expected);
  writer.varint(request.steps.length);
  for (const step of request.steps) {
    writer.u8(ACTIONS.indexOf(step.action));
    writer.varint(step.member);
    writer.text(step.address ?? "");
    writer.text(step.name ?? "");
  }
  return writer.take();
}

/** Throws `WireError`. */
export function decodeRequest(body: Uint8Array): LeaderRequest {
  const reader = new ByteReader(body);
  const kind = reader.u8();
  const timeoutMs = reader.varint();
  if (kind === RequestKind.transferLeadership) {
    return { type: "transferLeadership", timeoutMs, to: reader.varint() };
  }
  if (kind !== RequestKind.changeMembership) throw new WireError("unknownKind", "no such request");
  const catchUpEntriesMax = reader.varint();
  const skipCatchUp = reader.boolean();
  const expected = reader.boolean() ? readMembership(reader) : undefined;
  const steps: MembershipStep[] = [];
  const count = reader.count(4);
  for (let place = 0; place < count; place++) steps.push(readStep(reader));
  reader.end();
  return { type: "changeMembership", timeoutMs, catchUpEntriesMax, skipCatchUp, expected, steps };
}

export function encodeReply(reply: LeaderReply): Uint8Array {
  const writer = new ByteWriter();
  switch (reply.type) {
    case "stage":
      writeStage(writer, reply.stage);
      break;
    case "membership":
      writer.u8(ReplyKind.membership);
      writeMembership(writer, reply.membership);
      break;
    case "transferred":
      writer.u8(ReplyKind.transferred);
      writer.varint(reply.to);
      break;
    case "failed":
      writer.u8(ReplyKind.failed);
      writer.text(reply.error.code);
      writer.text(reply.error.message.slice(0, TEXT_BYTES_MAX / 4));
      writer.u8(OUTCOMES.indexOf(reply.error.outcome));
      writer.u8(reply.error.retryable ? 1 : 0);
      writer.varint(reply.error.leader ?? 0);
      break;
  }
  return writer.take();
}

/** Throws `WireError`. */
export function decodeReply(body: Uint8Array): LeaderReply {
  const reader = new ByteReader(body);
  const kind = reader.u8();
  switch (kind) {
    case ReplyKind.addingLearners: {
      const members: MemberId[] = [];
      const count = reader.count(1);
      for (let place = 0; place < count; place++) members.push(reader.varint());
      return { type: "stage", stage: { stage: "addingLearners", members } };
    }
    case ReplyKind.catchingUp: {
      const member = reader.varint();
      return { type: "stage", stage: { stage: "catchingUp", member, behind: reader.varint() } };
    }
    case ReplyKind.changing:
      return { type: "stage", stage: { stage: "changing", joint: reader.boolean() } };
    case ReplyKind.leavingJoint:
      return { type: "stage", stage: { stage: "leavingJoint" } };
    case ReplyKind.membership:
      return { type: "membership", membership: readMembership(reader) };
    case ReplyKind.transferred:
      return { type: "transferred", to: reader.varint() };
    case ReplyKind.failed:
      return { type: "failed", error: readError(reader) };
    default:
      throw new WireError("unknownKind", "no such reply");
  }
}

function readStep(reader: ByteReader): MembershipStep {
  const action = ACTIONS[reader.u8()];
  if (action === undefined) throw new WireError("badValue", "no such membership action");
  const member = reader.varint();
  const address = reader.text(TEXT_BYTES_MAX);
  const name = reader.text(TEXT_BYTES_MAX);
  return {
    action,
    member,
    address: address === "" ? undefined : address,
    name: name === "" ? undefined : name,
  };
}

function writeStage(writer: ByteWriter, stage: MembershipStage): void {
  switch (stage.stage) {
    case "addingLearners":
      writer.u8(ReplyKind.addingLearners);
      writer.varint(stage.members.length);
      for (const member of stage.members) writer.varint(member);
      return;
    case "catchingUp":
      writer.u8(ReplyKind.catchingUp);
      writer.varint(stage.member);
      writer.varint(stage.behind);
      return;
    case "changing":
      writer.u8(ReplyKind.changing);
      writer.u8(stage.joint ? 1 : 0);
      return;
    case "leavingJoint":
      writer.u8(ReplyKind.leavingJoint);
      return;
    case "done":
      writer.u8(ReplyKind.membership);
      writeMembership(writer, stage.membership);
      return;
  }
}

function readError(reader: ByteReader): QuorateError {
  const code = reader.text(TEXT_BYTES_MAX);
  const message = reader.text(TEXT_BYTES_MAX);
  const outcome = OUTCOMES[reader.u8()];
  const retryable = reader.boolean();
  const leader = reader.varint();
  if (outcome === undefined || !isErrorCode(code)) throw new WireError("badValue", "no such error");
  return new QuorateError(code, message, { outcome, retryable, leader });
}

function isErrorCode(code: string): code is QuorateErrorCode {
  return (QUORATE_ERROR_CODES as readonly string[]).includes(code);
}
