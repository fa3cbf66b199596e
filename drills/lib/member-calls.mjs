// Direct calls to one member, without retries or failover: a drill must see exactly what each member said.
import { Client, credentials, status } from "@grpc/grpc-js";
import { ClusterService, KVService, MaintenanceService, utf8 } from "@quorate/protocol";

const DEFAULT_TIMEOUT_MS = 5000;

/** Codes after which a write certainly did not happen. Everything else may have happened. */
const CERTAINLY_NOT_APPLIED = new Set([
  status.INVALID_ARGUMENT,
  status.FAILED_PRECONDITION,
  status.PERMISSION_DENIED,
  status.UNIMPLEMENTED,
]);

export function mayHaveHappened(error) {
  return !CERTAINLY_NOT_APPLIED.has(error.code);
}

export class MemberCalls {
  #client;

  constructor(endpoint) {
    this.endpoint = endpoint;
    this.#client = new Client(endpoint, credentials.createInsecure(), {
      "grpc.initial_reconnect_backoff_ms": 50,
      "grpc.max_reconnect_backoff_ms": 500,
      "grpc.max_receive_message_length": -1,
    });
  }

  call(method, request, timeoutMs = DEFAULT_TIMEOUT_MS) {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        (message) => Buffer.from(method.request.encode(message)),
        (bytes) => method.response.decode(new Uint8Array(bytes)),
        request,
        { deadline: Date.now() + timeoutMs },
        (error, response) => (error ? reject(error) : resolve(response)),
      );
    });
  }

  put(key, value, timeoutMs) {
    return this.call(KVService.put, { key: utf8(key), value: utf8(value) }, timeoutMs);
  }

  /** The pair of one key, or undefined. Linearizable unless `serializable`. */
  async get(key, { serializable = false, timeoutMs } = {}) {
    const { kvs } = await this.call(KVService.range, { key: utf8(key), serializable }, timeoutMs);
    return kvs[0];
  }

  /** Every pair whose key begins with `prefix`. */
  async list(prefix, { serializable = false, timeoutMs } = {}) {
    const key = utf8(prefix);
    const rangeEnd = Uint8Array.from(key);
    rangeEnd[rangeEnd.length - 1] += 1;
    const { kvs } = await this.call(KVService.range, { key, rangeEnd, serializable }, timeoutMs);
    return kvs.map((kv) => ({
      ...kv,
      name: Buffer.from(kv.key).toString(),
      text: Buffer.from(kv.value).toString(),
    }));
  }

  status(timeoutMs) {
    return this.call(MaintenanceService.status, {}, timeoutMs);
  }

  /** The hash of everything up to `revision`, equal on members with equal states. */
  hashKv(revision, timeoutMs) {
    return this.call(MaintenanceService.hashKv, { revision }, timeoutMs);
  }

  async members(timeoutMs) {
    return (await this.call(ClusterService.memberList, {}, timeoutMs)).members;
  }

  close() {
    this.#client.close();
  }
}
