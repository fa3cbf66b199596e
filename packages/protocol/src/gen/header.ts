// Generated from proto/header.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readInt64, readObject, readUint64, readUint64Exact } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";

export interface ResponseHeader {
  readonly clusterId: bigint;
  /** The member that answered. */
  readonly memberId: bigint;
  /** The store's revision when the request was applied; 0 where the answer has none. */
  readonly revision: number;
  /** The answering member's term. */
  readonly raftTerm: number;
}
/** What makes a ResponseHeader: zero values may be left out. */
export interface ResponseHeaderInit {
  readonly clusterId?: bigint | undefined;
  /** The member that answered. */
  readonly memberId?: bigint | undefined;
  /** The store's revision when the request was applied; 0 where the answer has none. */
  readonly revision?: number | undefined;
  /** The answering member's term. */
  readonly raftTerm?: number | undefined;
}
/** @internal */
export function readResponseHeader(r: Reader, end: number): ResponseHeader {
  let clusterId = 0n;
  let memberId = 0n;
  let revision = 0;
  let raftTerm = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        clusterId = r.uint64Exact();
        break;
      case 16:
        memberId = r.uint64Exact();
        break;
      case 24:
        revision = r.int64();
        break;
      case 32:
        raftTerm = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { clusterId, memberId, revision, raftTerm };
}
/** @internal */
export function writeResponseHeader(w: Writer, m: ResponseHeaderInit): void {
  if (m.raftTerm !== undefined && m.raftTerm !== 0) {
    w.int64(32, m.raftTerm);
  }
  if (m.revision !== undefined && m.revision !== 0) {
    w.int64(24, m.revision);
  }
  if (m.memberId !== undefined && m.memberId !== 0n) {
    w.int64Exact(16, m.memberId);
  }
  if (m.clusterId !== undefined && m.clusterId !== 0n) {
    w.int64Exact(8, m.clusterId);
  }
}
/** @internal */
export function jsonResponseHeader(m: ResponseHeaderInit): string {
  let s = "";
  if (m.clusterId !== undefined && m.clusterId !== 0n) s += `,"cluster_id":"${m.clusterId}"`;
  if (m.memberId !== undefined && m.memberId !== 0n) s += `,"member_id":"${m.memberId}"`;
  if (m.revision !== undefined && m.revision !== 0) s += `,"revision":"${m.revision}"`;
  if (m.raftTerm !== undefined && m.raftTerm !== 0) s += `,"raft_term":"${m.raftTerm}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseResponseHeader(value: JsonValue): ResponseHeader {
  const o = readObject(value, "ResponseHeader");
  const clusterIdIn = field(o, "cluster_id", "clusterId");
  const memberIdIn = field(o, "member_id", "memberId");
  const revisionIn = field(o, "revision", "revision");
  const raftTermIn = field(o, "raft_term", "raftTerm");
  return {
    clusterId: clusterIdIn === undefined ? 0n : readUint64Exact(clusterIdIn, "cluster_id"),
    memberId: memberIdIn === undefined ? 0n : readUint64Exact(memberIdIn, "member_id"),
    revision: revisionIn === undefined ? 0 : readInt64(revisionIn, "revision"),
    raftTerm: raftTermIn === undefined ? 0 : readUint64(raftTermIn, "raft_term"),
  };
}
export const ResponseHeader: MessageCodec<ResponseHeader, ResponseHeaderInit> = {
  name: "etcdserverpb.ResponseHeader",
  encode(message) {
    sharedWriter.begin();
    writeResponseHeader(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readResponseHeader(new Reader(bytes), bytes.length);
  },
  toJson: jsonResponseHeader,
  toJsonPieces: (message) => [jsonResponseHeader(message)],
  fromJson: parseResponseHeader,
};
