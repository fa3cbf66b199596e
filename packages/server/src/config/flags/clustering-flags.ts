import { type Flag, flag } from "../flag.ts";

export const CLUSTERING_FLAGS: readonly Flag[] = [
  flag(
    "Clustering",
    "advertise-client-urls",
    "urls",
    "the listen URLs",
    "What clients are told to dial.",
  ),
  flag(
    "Clustering",
    "initial-advertise-peer-urls",
    "urls",
    "http://localhost:2380",
    "What other members are told to dial.",
  ),
  flag(
    "Clustering",
    "initial-cluster",
    "list",
    "<name>=<initial-advertise-peer-urls>",
    "First members, as name=url,name=url. Only read when there is no data yet.",
  ),
  flag(
    "Clustering",
    "initial-cluster-state",
    "string",
    "new",
    "new: found a cluster. existing: join one that knows this member already.",
  ),
  flag(
    "Clustering",
    "join",
    "urls",
    "",
    "Peer URLs of members to join: this member adds itself, and gets its vote once it has caught up. Needs no --initial-cluster.",
  ),
  flag(
    "Clustering",
    "initial-cluster-token",
    "string",
    "etcd-cluster",
    "Names the cluster, so that members of another one are refused.",
  ),
  flag(
    "Clustering",
    "strict-reconfig-check",
    "boolean",
    "true",
    "Refuse membership changes that would endanger the quorum.",
  ),
  flag(
    "Clustering",
    "max-learners",
    "integer",
    "1",
    "Learners the cluster may have at the same time.",
    ["experimental-max-learners"],
  ),
];
