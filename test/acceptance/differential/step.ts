import type { JsonObject } from "@quorate/protocol";
import type { MethodName } from "./methods.ts";

/** One thing that is done to both servers. All of it is data: a program that fails can be printed and played again. */
export type Step =
  /** A unary call; `user` names whose token goes with it. */
  | {
      readonly type: "call";
      readonly method: MethodName;
      readonly request: JsonObject;
      readonly via: "grpc" | "json";
      readonly user?: string | undefined;
    }
  /** One keep-alive on a stream of its own. */
  | { readonly type: "keepAlive"; readonly id: string; readonly user?: string | undefined }
  /** A watcher on the stream of the program. */
  | { readonly type: "watch"; readonly request: JsonObject }
  | { readonly type: "cancelWatch"; readonly watchId: string }
  /** A watcher on a stream of its own: only how it is answered counts. */
  | { readonly type: "tryWatch"; readonly request: JsonObject; readonly user?: string | undefined }
  /** A put that closes what came before, then everything the watchers have seen is compared. */
  | { readonly type: "settle" };

/** What a step came to, with everything that differs between any two servers taken out. */
export interface Outcome {
  readonly code: number;
  readonly message: string;
  readonly body?: unknown;
  /** Of the JSON gateway. */
  readonly httpStatus?: number;
}

/** One line a person can repeat by hand. */
export function lineOf(step: Step): string {
  switch (step.type) {
    case "call": {
      const as = step.user === undefined ? "" : ` as ${step.user}`;
      return `${step.method}${as} (${step.via}) ${JSON.stringify(step.request)}`;
    }
    case "keepAlive":
      return `keepAlive ${step.id}`;
    case "watch":
      return `watch ${JSON.stringify(step.request)}`;
    case "cancelWatch":
      return `cancelWatch ${step.watchId}`;
    case "tryWatch":
      return `tryWatch${step.user === undefined ? "" : ` as ${step.user}`} ${JSON.stringify(step.request)}`;
    case "settle":
      return "settle";
  }
}
