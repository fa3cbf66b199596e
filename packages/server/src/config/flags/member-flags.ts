import { type Flag, flag } from "../flag.ts";

export const MEMBER_FLAGS: readonly Flag[] = [
  flag("Member", "name", "string", "default", "Name of this member, unique in the cluster."),
  flag(
    "Member",
    "data-dir",
    "string",
    "<name>.quorate",
    "Folder of this member's data. One process at a time.",
  ),
  flag(
    "Member",
    "listen-client-urls",
    "urls",
    "http://localhost:2379",
    "Where clients are served: gRPC and HTTP on the same port.",
  ),
  flag(
    "Member",
    "listen-peer-urls",
    "urls",
    "http://localhost:2380",
    "Where other members are answered.",
  ),
  flag(
    "Member",
    "heartbeat-interval",
    "milliseconds",
    "100",
    "Time between a leader's heartbeats, in milliseconds.",
  ),
  flag(
    "Member",
    "election-timeout",
    "milliseconds",
    "1000",
    "Time without a leader after which a member stands for election, in milliseconds. At least five heartbeats.",
  ),
  flag(
    "Member",
    "pre-vote",
    "boolean",
    "true",
    "Ask whether an election could be won before holding it.",
  ),
  flag(
    "Member",
    "snapshot-count",
    "integer",
    "100000",
    "Applied entries after which a snapshot is made.",
  ),
  flag(
    "Member",
    "snapshot-catchup-entries",
    "integer",
    "10000",
    "Entries kept behind a snapshot for members that lag a little.",
    ["experimental-snapshot-catchup-entries"],
  ),
  flag(
    "Member",
    "listen-client-http-urls",
    "urls",
    "",
    "Further addresses for HTTP alone: the JSON gateway, health and metrics.",
  ),
];
