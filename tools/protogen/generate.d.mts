export const PROTO_FOLDER: string;
export const GEN_FOLDER: string;
export function generate(protoFolder?: string): Map<string, string>;
