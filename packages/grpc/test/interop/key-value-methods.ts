import type { RpcMethod, RpcStream } from "../../src/call/method.ts";
import { decodeBytes, encode } from "./protobuf.ts";

/**
 * A key-value store in a map that answers etcd's Put, Range and Watch well enough for its command
 * line tool: it is here to have that tool's gRPC client talk to our transport.
 */
export function keyValueMethods(): readonly RpcMethod[] {
  const values = new Map<string, { readonly value: Uint8Array; readonly revision: number }>();
  const watchers = new Map<RpcStream, string>();
  let revision = 1;

  const header = (): Buffer => encode([1, 7], [2, 8], [3, revision], [4, 2]);
  const keyOf = (request: Uint8Array): string =>
    Buffer.from(decodeBytes(request).get(1) ?? []).toString();
  const pair = (key: string): Buffer | undefined => {
    const stored = values.get(key);
    if (stored === undefined) return undefined;
    return encode([1, key], [2, stored.revision], [3, stored.revision], [4, 1], [5, stored.value]);
  };

  return [
    {
      kind: "unary",
      path: "/etcdserverpb.KV/Put",
      handle: (request) => {
        const key = keyOf(request);
        revision += 1;
        values.set(key, { value: Buffer.from(decodeBytes(request).get(2) ?? []), revision });
        for (const [stream, watched] of watchers) {
          if (watched === key)
            stream.write(encode([1, header()], [11, encode([2, pair(key) ?? ""])]));
        }
        return encode([1, header()]);
      },
    },
    {
      kind: "unary",
      path: "/etcdserverpb.KV/Range",
      handle: async (request) => {
        const found = pair(keyOf(request));
        return found === undefined
          ? encode([1, header()])
          : encode([1, header()], [2, found], [4, 1]);
      },
    },
    {
      kind: "stream",
      path: "/etcdserverpb.Watch/Watch",
      singleRequest: false,
      open: (stream) => {
        stream.onMessage((request) => {
          const create = decodeBytes(request).get(1);
          if (create === undefined) return;
          watchers.set(stream, keyOf(create));
          stream.write(encode([1, header()], [3, 1]));
        });
        stream.onEnd(() => stream.end());
        stream.call.onCancel(() => watchers.delete(stream));
      },
    },
  ];
}
