import type { MemberId } from "@quorate/core";

/** Who the data in a folder belongs to. One file per host, readable by people, damaged bytes are noticed. */
export interface Identity {
  readonly clusterId: string;
  /** The cluster it was when the folder was new, by which its logs are marked; another one after a recovery only. */
  readonly foundedAs: string;
  /** The host's number and its member id in every group. */
  readonly hostId: MemberId;
  /** For people; may change from start to start. */
  readonly hostName: string;
  /** Random, made with the folder: data that was lost and begun anew has another one. */
  readonly dataId: string;
  /** 1 for the first start; a start's number is durable before anybody hears of it. */
  readonly incarnation: number;
  /** Groups that must have a log here, by number. */
  readonly groups: readonly GroupIdentity[];
}

/** A group that a host carries, as its identity file says. */
export interface GroupIdentity {
  readonly groupId: number;
  /** `removing`: its data goes, and is no data any more, however much of it is left. */
  readonly state: "active" | "removing";
}

/** Whose the folder should be. */
export type HostClaim = Pick<Identity, "clusterId" | "hostId" | "hostName">;

/** The identity with `group` in place of what it said of that group; undefined takes the group out. */
export function withGroup(
  identity: Identity,
  groupId: number,
  group: GroupIdentity | undefined,
): Identity {
  const others = identity.groups.filter((other) => other.groupId !== groupId);
  const groups = group === undefined ? others : [...others, group];
  return { ...identity, groups: groups.sort((left, right) => left.groupId - right.groupId) };
}
