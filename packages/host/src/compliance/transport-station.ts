import type { MemberId, PeerMessage, SnapshotInfo, Term } from "@quorate/core";
import type {
  GroupId,
  SnapshotReceiver,
  Transport,
  TransportEvent,
  TransportHandler,
} from "../transport/transport.ts";

/** Decides about a snapshot that is offered to a station. */
export type OnOffer = (
  info: SnapshotInfo,
  group: GroupId,
  from: MemberId,
  term: Term,
) => Promise<SnapshotReceiver | "refused">;

/** A transport with a handler that keeps what it hears. */
export class TransportStation implements TransportHandler {
  readonly host: MemberId;
  readonly transport: Transport;
  readonly messages: { readonly group: GroupId; readonly message: PeerMessage }[] = [];
  readonly hostMessages: {
    readonly group: GroupId;
    readonly from: MemberId;
    readonly payload: Uint8Array;
  }[] = [];
  readonly unreachable: MemberId[] = [];
  onOffer: OnOffer = async () => "refused";

  constructor(host: MemberId, transport: Transport) {
    this.host = host;
    this.transport = transport;
  }

  onMessage(group: GroupId, message: PeerMessage): void {
    this.messages.push({ group, message });
  }

  onHostMessage(group: GroupId, from: MemberId, payload: Uint8Array): void {
    this.hostMessages.push({ group, from, payload });
  }

  onSnapshot(
    group: GroupId,
    from: MemberId,
    info: SnapshotInfo,
    term: Term,
  ): Promise<SnapshotReceiver | "refused"> {
    return this.onOffer(info, group, from, term);
  }

  onUnreachable(peer: MemberId): void {
    this.unreachable.push(peer);
  }

  onEvent(_event: TransportEvent): void {}

  /** Whether there is a connection to `peer`. */
  reaches(peer: MemberId): boolean {
    return this.transport.peers().some((status) => status.peer === peer && status.connected);
  }
}

/** A message that says no more than its number. */
export function numbered(from: MemberId, to: MemberId, match: number): PeerMessage {
  return { type: "appendOk", from, to, term: 1, match };
}

/** An append of one command of so many bytes. */
export function appendOf(from: MemberId, to: MemberId, index: number, bytes: number): PeerMessage {
  const payload = new Uint8Array(bytes).fill(index);
  const entries = [{ term: 1, index, kind: "command" as const, payload }];
  const previous = { term: 1, index: index - 1 };
  return { type: "append", from, to, term: 1, previous, commit: 0, entries };
}

/** One message of every kind, with numbers as large as they may be. */
export function everyKind(from: MemberId, to: MemberId): PeerMessage[] {
  const large = Number.MAX_SAFE_INTEGER - 1;
  const header = { from, to, term: large };
  const position = { term: 2 ** 40, index: 2 ** 50 };
  const payloads = [new Uint8Array(0), Uint8Array.of(0, 255), new Uint8Array(3_000).fill(7)];
  const kinds = ["noop", "command", "membership"] as const;
  const entries = payloads.map((payload, place) => ({
    term: 2 ** 40,
    index: 2 ** 50 + 1 + place,
    kind: kinds[place] ?? "command",
    payload,
  }));
  const proposals = payloads.map((payload) => ({ kind: "command" as const, payload }));
  return [
    { ...header, type: "append", previous: position, commit: large, entries },
    { ...header, type: "append", previous: { term: 0, index: 0 }, commit: 0, entries: [] },
    { ...header, type: "appendOk", match: large },
    { ...header, type: "appendRejected", probed: large, hint: position },
    { ...header, type: "vote", last: position, transfer: true },
    { ...header, type: "preVote", last: position, transfer: false },
    { ...header, type: "voteReply", granted: true },
    { ...header, type: "preVoteReply", granted: false, committed: position },
    { ...header, type: "snapshot", snapshot: snapshotOf(12, "ä/..") },
    { ...header, type: "timeoutNow" },
    { ...header, type: "forwardTransfer", target: 3 },
    { ...header, type: "forwardProposal", entries: proposals },
    { ...header, type: "readIndex", requestId: large },
    { ...header, type: "readIndexReply", requestId: 1, index: large },
    { ...header, type: "heartbeat", commit: large, readSequence: 2 ** 40 },
    { ...header, type: "heartbeatOk", readSequence: large },
  ];
}

/** The description of a snapshot whose membership uses every field. */
export function snapshotOf(bytes: number, id = "s1"): SnapshotInfo {
  const membership = {
    voters: [1, 2, 3],
    outgoing: [1, 2],
    learners: [4],
    learnersNext: [2],
    autoLeave: true,
  };
  return { term: 3, index: 700, id, bytes, membership };
}
