import type { DeadlineWheel } from "./deadline-wheel.ts";
import type { RpcMethod } from "./method.ts";
import type { PeerDirectory } from "./peer-identity.ts";

/** What the calls of one server share. */
export interface CallEnvironment {
  readonly methods: ReadonlyMap<string, RpcMethod>;
  /** `package.Service` of every method. */
  readonly services: ReadonlySet<string>;
  /** One received message, uncompressed. */
  readonly maxRequestBytes: number;
  readonly deadlines: DeadlineWheel;
  readonly peers: PeerDirectory;
  readonly onDefect: (path: string, defect: unknown) => void;
  readonly onCallEnd: ((path: string, code: number) => void) | undefined;
}
