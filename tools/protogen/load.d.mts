import type { Root } from "protobufjs";

export interface ProtoFile {
  readonly name: string;
  readonly package: string;
}

export function load(folder: string): { readonly root: Root; readonly files: readonly ProtoFile[] };
