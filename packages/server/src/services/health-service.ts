import {
  HealthCheckResponse,
  type HealthCheckResponseInit,
  HealthService as HealthMethods,
  ServingStatus,
} from "@quorate/protocol";
import { RpcError, STATUS } from "../rpc/status.ts";
import { type ServiceMethod, streaming, unary } from "../rpc/typed-method.ts";

/** Whether this member can serve; hears of every change. */
export interface Serving {
  readonly isServing: boolean;
  /** Returns the function that ends it. */
  onChange(listener: () => void): () => void;
}

/** The health check of gRPC itself. The empty name stands for the whole member; there are no others. */
export class HealthService {
  readonly #serving: Serving;

  constructor(serving: Serving) {
    this.#serving = serving;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(HealthMethods.check, ({ service }) => {
        if (service !== "") throw new RpcError(STATUS.NOT_FOUND, "unknown service");
        return this.#answer();
      }),
      streaming(
        HealthMethods.watch,
        (stream) => {
          let stop: (() => void) | undefined;
          stream.onMessage(({ service }) => {
            if (service !== "") {
              stream.write({ status: ServingStatus.SERVICE_UNKNOWN });
              return;
            }
            stop ??= this.#serving.onChange(() => stream.write(this.#answer()));
            stream.write(this.#answer());
          });
          stream.call.onCancel(() => stop?.());
        },
        HealthCheckResponse,
      ),
    ];
  }

  #answer(): HealthCheckResponseInit {
    return {
      status: this.#serving.isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING,
    };
  }
}
