import type { RpcMethod, RpcStream } from "../../src/call/method.ts";
import { RpcError } from "../../src/call/status.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function open(
  handle: (stream: RpcStream) => void,
  singleRequest = false,
): {
  readonly kind: "stream";
  readonly singleRequest: boolean;
  readonly open: (stream: RpcStream) => void;
} {
  return { kind: "stream", singleRequest, open: handle };
}

/** Writes `message` `count` times, waiting whenever told to. */
export function writeAll(stream: RpcStream, message: Uint8Array, count: number): void {
  let written = 0;
  const more = (): void => {
    while (written < count) {
      written += 1;
      if (!stream.write(message)) return;
    }
    stream.end();
  };
  stream.onDrain(more);
  more();
}

/** A service with one method for every way a call can go; the client's test suite knows it. */
export const TEST_METHODS: readonly RpcMethod[] = [
  { kind: "unary", path: "/test.Echo/Now", handle: (request) => request },
  { kind: "unary", path: "/test.Echo/Later", handle: async (request) => request },
  {
    kind: "unary",
    path: "/test.Echo/Metadata",
    handle: (_request, call) =>
      Buffer.from(
        JSON.stringify({
          plain: call.metadata("x-plain"),
          all: call.metadataValues("x-many"),
          bytes: Array.from(call.metadataBytes("x-data-bin") ?? []),
          authority: call.authority,
          path: call.path,
          hasDeadline: call.timeoutMs !== undefined,
        }),
      ),
  },
  {
    kind: "unary",
    path: "/test.Echo/Fail",
    handle: (request) => {
      throw new RpcError(Number(text(request)) || 2, "it failed: 100 % größer\n…", {
        trailers: [
          ["x-reason", "because"],
          ["x-detail-bin", Uint8Array.of(0, 1, 255)],
        ],
      });
    },
  },
  {
    kind: "unary",
    path: "/test.Echo/FailLater",
    handle: async () => {
      throw new RpcError(9, "not now");
    },
  },
  {
    kind: "unary",
    path: "/test.Echo/Bug",
    handle: () => {
      throw new Error("secret of the house");
    },
  },
  {
    kind: "unary",
    path: "/test.Echo/Never",
    handle: () => new Promise<Uint8Array>(() => {}),
  },
  {
    kind: "unary",
    path: "/test.Echo/Large",
    handle: (request) => new Uint8Array(Number(text(request))).fill(0x61),
  },
  {
    path: "/test.Echo/Both",
    ...open((stream) => {
      stream.onMessage((message) => stream.write(Buffer.from(message)));
      stream.onEnd(() => stream.end());
    }),
  },
  {
    path: "/test.Echo/Count",
    ...open((stream) => {
      stream.onMessage((message) => {
        const [count, size] = text(message).split(" ").map(Number);
        writeAll(stream, new Uint8Array(size ?? 1).fill(0x62), count ?? 0);
      });
    }, true),
  },
  {
    path: "/test.Echo/Sum",
    ...open((stream) => {
      let bytes = 0;
      let messages = 0;
      stream.onMessage((message) => {
        bytes += message.length;
        messages += 1;
      });
      stream.onEnd(() => {
        stream.write(Buffer.from(`${messages} ${bytes}`));
        stream.end();
      });
    }),
  },
  {
    path: "/test.Echo/FailAfterOne",
    ...open((stream) => {
      stream.onMessage((message) => {
        stream.write(Buffer.from(message));
        stream.fail(new RpcError(10, "enough"));
      });
    }),
  },
];
