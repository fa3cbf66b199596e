/** What a platform offers for base64. Either may be missing. */
export interface PlatformBase64 {
  readonly encode: ((bytes: Uint8Array) => string) | undefined;
  /** For text of one of the two alphabets, well padded or not padded. May throw for anything else, or give too few bytes. */
  readonly decode: ((text: string) => Uint8Array) | undefined;
}

/** Node's `Buffer`, as far as it is used here: this package uses no types of Node. */
type NodeBuffer = Omit<Uint8Array, "toString"> & { toString(encoding: "base64"): string };

interface NodeBuffers {
  from(bytes: ArrayBufferLike, start: number, length: number): NodeBuffer;
  from(text: string, encoding: "base64"): NodeBuffer;
}

/** A `Uint8Array` of newer engines. */
interface Base64Bytes {
  toBase64?(): string;
}

interface Base64Class {
  fromBase64?(text: string, options: { readonly alphabet: "base64" | "base64url" }): Uint8Array;
}

/** Global names among which a platform's own base64 may be. */
export interface PlatformGlobals {
  readonly Buffer?: unknown;
  readonly Uint8Array: unknown;
}

const URL_SAFE = /[-_]/;

/** Looks for what the platform has: `Buffer` in Node, methods of `Uint8Array` in newer engines. */
export function platformBase64(globals: PlatformGlobals): PlatformBase64 {
  const buffers = globals.Buffer as NodeBuffers | undefined;
  if (typeof buffers?.from === "function") return ofNode(buffers);
  const bytesClass = globals.Uint8Array as Base64Class & { readonly prototype: Base64Bytes };
  const { toBase64 } = bytesClass.prototype;
  return {
    encode: toBase64 === undefined ? undefined : (bytes) => toBase64.call(bytes),
    decode:
      bytesClass.fromBase64 === undefined
        ? undefined
        : (text) =>
            (bytesClass as Required<Base64Class>).fromBase64(text, {
              alphabet: URL_SAFE.test(text) ? "base64url" : "base64",
            }),
  };
}

function ofNode(buffers: NodeBuffers): PlatformBase64 {
  return {
    encode: ({ buffer, byteOffset, length }) =>
      buffers.from(buffer, byteOffset, length).toString("base64"),
    decode: (text) => {
      const { buffer, byteOffset, length } = buffers.from(text, "base64");
      return new Uint8Array(buffer, byteOffset, length);
    },
  };
}
