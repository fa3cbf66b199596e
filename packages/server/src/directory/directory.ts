import type { PublicId } from "./member-ids.ts";

/** A member as clients know it. */
export interface DirectoryMember {
  /** Its number inside: the host's and the group's. */
  readonly id: number;
  readonly publicId: PublicId;
  /** Empty until the member has started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** Empty until the member has started. */
  readonly clientUrls: readonly string[];
  /** It was added as a learner on purpose; others that still learn are voters in the making. */
  readonly isLearner: boolean;
}

/** A change of the directory, as it stands in the replicated log. */
export type DirectoryCommand =
  /** A member says its name and where clients find it; the first one also brings the members the cluster began with. */
  | {
      readonly type: "memberPublish";
      readonly member: DirectoryMember;
      readonly founders: readonly DirectoryMember[];
    }
  /** Reserves a number for a member that is about to be added. */
  | {
      readonly type: "memberAdd";
      readonly publicId: PublicId;
      readonly peerUrls: readonly string[];
      readonly isLearner: boolean;
    }
  | { readonly type: "memberUpdate"; readonly id: number; readonly peerUrls: readonly string[] }
  | { readonly type: "memberPromote"; readonly id: number }
  | { readonly type: "memberRemove"; readonly id: number };

export type DirectoryResult =
  | { readonly type: "directory"; readonly member: DirectoryMember }
  | { readonly type: "directoryRefused"; readonly reason: DirectoryRefusal };

export type DirectoryRefusal = "memberNotFound" | "idExists" | "peerUrlExists";

/**
 * Who the members are, for clients: names, addresses and public ids. Replicated beside the keys, because all members
 * must list the same members, including those that do not run.
 */
export class Directory {
  #members: Map<number, DirectoryMember> = new Map();
  /** Numbers are never given twice: a removed member's must not come back as another. */
  #nextId = 1;

  /** In the order of their numbers. */
  members(): readonly DirectoryMember[] {
    return [...this.#members.values()].sort((a, b) => a.id - b.id);
  }

  member(id: number): DirectoryMember | undefined {
    return this.#members.get(id);
  }

  withPublicId(publicId: PublicId): DirectoryMember | undefined {
    for (const member of this.#members.values()) {
      if (member.publicId === publicId) return member;
    }
    return undefined;
  }

  get nextId(): number {
    return this.#nextId;
  }

  apply(command: DirectoryCommand): DirectoryResult {
    switch (command.type) {
      case "memberPublish":
        return this.#publish(command.member, command.founders);
      case "memberAdd":
        return this.#add(command.publicId, command.peerUrls, command.isLearner);
      case "memberUpdate":
        return this.#update(command.id, command.peerUrls);
      case "memberPromote":
        return this.#change(command.id, (member) => ({ ...member, isLearner: false }));
      case "memberRemove":
        return this.#remove(command.id);
    }
  }

  /** Takes over a stored state. */
  replace(members: readonly DirectoryMember[], nextId: number): void {
    this.#members = new Map(members.map((member) => [member.id, member]));
    this.#nextId = nextId;
  }

  #publish(member: DirectoryMember, founders: readonly DirectoryMember[]): DirectoryResult {
    if (this.#nextId === 1) {
      for (const founder of founders) this.#members.set(founder.id, founder);
      this.#nextId = founders.reduce((most, { id }) => Math.max(most, id), 0) + 1;
    }
    // What is known here wins over what a member remembers, except for what only it can know.
    return this.#change(member.id, (known) => ({
      ...known,
      name: member.name,
      clientUrls: member.clientUrls,
    }));
  }

  #add(publicId: PublicId, peerUrls: readonly string[], isLearner: boolean): DirectoryResult {
    if (this.withPublicId(publicId) !== undefined) return refused("idExists");
    if (this.#isTaken(peerUrls, undefined)) return refused("peerUrlExists");
    const member = { id: this.#nextId, publicId, name: "", peerUrls, clientUrls: [], isLearner };
    this.#nextId += 1;
    this.#members.set(member.id, member);
    return { type: "directory", member };
  }

  #update(id: number, peerUrls: readonly string[]): DirectoryResult {
    if (this.#isTaken(peerUrls, id)) return refused("peerUrlExists");
    return this.#change(id, (member) => ({ ...member, peerUrls }));
  }

  #remove(id: number): DirectoryResult {
    const member = this.#members.get(id);
    if (member === undefined) return refused("memberNotFound");
    this.#members.delete(id);
    return { type: "directory", member };
  }

  #change(id: number, changed: (member: DirectoryMember) => DirectoryMember): DirectoryResult {
    const known = this.#members.get(id);
    if (known === undefined) return refused("memberNotFound");
    const member = changed(known);
    this.#members.set(id, member);
    return { type: "directory", member };
  }

  #isTaken(peerUrls: readonly string[], except: number | undefined): boolean {
    for (const member of this.#members.values()) {
      if (member.id === except) continue;
      if (member.peerUrls.some((url) => peerUrls.includes(url))) return true;
    }
    return false;
  }
}

function refused(reason: DirectoryRefusal): DirectoryResult {
  return { type: "directoryRefused", reason };
}
