import type { Duplex } from "node:stream";
import type { HttpRouter } from "../http/router.ts";
import type { ConnectionTaker } from "../net/shared-port.ts";

/** Requests on the peer port. They come from the first moment on and are turned away until there is somebody to answer. */
export class PeerHttp implements ConnectionTaker {
  #router: HttpRouter | undefined;

  use(router: HttpRouter): void {
    this.#router = router;
  }

  serve(connection: Duplex): void {
    if (this.#router === undefined) connection.destroy();
    else this.#router.serve(connection);
  }
}
