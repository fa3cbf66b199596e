import type { CallContext } from "./call.ts";
import type { RpcStream } from "./method.ts";
import { ObservedStream } from "./observed-stream.ts";
import type { RpcError } from "./status.ts";
import type { ServiceMethod, StreamServiceMethod, UnaryServiceMethod } from "./typed-method.ts";

/** Decides whether a call may begin, and may end streams later. */
export interface Gatekeeper {
  /** Throws `RpcError` to refuse. */
  admit(call: CallContext): void;
  /** A stream that was admitted; `end` ends it with an error at any later time. Returns what to do when it is over. */
  watch(call: CallContext, end: (error: RpcError) => void): () => void;
}

/** The same method behind a gate. */
export function gated(method: ServiceMethod, keeper: Gatekeeper): ServiceMethod {
  return method.kind === "unary" ? gatedUnary(method, keeper) : gatedStream(method, keeper);
}

function gatedUnary(method: UnaryServiceMethod, keeper: Gatekeeper): UnaryServiceMethod {
  return {
    kind: "unary",
    path: method.path,
    handle(request, call) {
      keeper.admit(call);
      return method.handle(request, call);
    },
    handleJson(request, call) {
      keeper.admit(call);
      return method.handleJson(request, call);
    },
  };
}

function gatedStream(method: StreamServiceMethod, keeper: Gatekeeper): StreamServiceMethod {
  const admit = <In, Out>(stream: RpcStream<In, Out>): RpcStream<In, Out> => {
    keeper.admit(stream.call);
    const forget = keeper.watch(stream.call, (error) => admitted.fail(error));
    const admitted = new ObservedStream(stream, { over: forget });
    return admitted;
  };
  return {
    kind: "stream",
    path: method.path,
    singleRequest: method.singleRequest,
    open(stream) {
      method.open(admit(stream));
    },
    openJson(stream) {
      method.openJson(admit(stream));
    },
  };
}
