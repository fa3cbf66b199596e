import { decodeUtf8, utf8 } from "@quorate/protocol";
import type { DirectoryCommand, DirectoryMember } from "./directory.ts";

// Rare and small: JSON with a version in front, so that it can be read by eye.

const VERSION = 1;

interface StoredMember extends Omit<DirectoryMember, "publicId"> {
  readonly publicId: string;
}

/** A directory's whole state. */
export interface StoredDirectory {
  readonly members: readonly DirectoryMember[];
  readonly nextId: number;
}

export function encodeDirectory({ members, nextId }: StoredDirectory): Uint8Array {
  return utf8(JSON.stringify({ version: VERSION, nextId, members: members.map(stored) }));
}

export function decodeDirectory(bytes: Uint8Array): StoredDirectory {
  const { members, nextId } = parsed(bytes) as {
    readonly members: readonly StoredMember[];
    readonly nextId: number;
  };
  return { members: members.map(restored), nextId };
}

export function encodeDirectoryCommand(command: DirectoryCommand): Uint8Array {
  return utf8(JSON.stringify({ version: VERSION, ...storedCommand(command) }));
}

export function decodeDirectoryCommand(bytes: Uint8Array): DirectoryCommand {
  const { version: _, ...command } = parsed(bytes);
  return restoredCommand(command as unknown as StoredCommand);
}

type StoredCommand =
  | {
      readonly type: "memberPublish";
      readonly member: StoredMember;
      readonly founders: readonly StoredMember[];
    }
  | (Omit<Extract<DirectoryCommand, { readonly type: "memberAdd" }>, "publicId"> & {
      readonly publicId: string;
    })
  | Extract<DirectoryCommand, { readonly type: "memberUpdate" | "memberPromote" | "memberRemove" }>;

function storedCommand(command: DirectoryCommand): StoredCommand {
  switch (command.type) {
    case "memberPublish":
      return {
        type: command.type,
        member: stored(command.member),
        founders: command.founders.map(stored),
      };
    case "memberAdd":
      return { ...command, publicId: String(command.publicId) };
    default:
      return command;
  }
}

function restoredCommand(command: StoredCommand): DirectoryCommand {
  switch (command.type) {
    case "memberPublish":
      return {
        type: command.type,
        member: restored(command.member),
        founders: command.founders.map(restored),
      };
    case "memberAdd":
      return { ...command, publicId: BigInt(command.publicId) };
    default:
      return command;
  }
}

function stored(member: DirectoryMember): StoredMember {
  return { ...member, publicId: String(member.publicId) };
}

function restored(member: StoredMember): DirectoryMember {
  return { ...member, publicId: BigInt(member.publicId) };
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const content = JSON.parse(decodeUtf8(bytes, 0, bytes.length)) as Readonly<
    Record<string, unknown>
  >;
  if (content["version"] !== VERSION) {
    throw new Error(`the directory has version ${String(content["version"])}, not ${VERSION}`);
  }
  return content;
}
