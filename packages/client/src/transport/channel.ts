import { type ClientHttp2Session, connect } from "node:http2";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectSecure } from "node:tls";
import type { MethodDescriptor, MethodKind } from "@quorate/protocol";
import type { Endpoint, TlsOptions } from "../endpoint.ts";
import type { CallResult } from "./call-end.ts";
import { outsideReading } from "./outside-reading.ts";
import { type CallHandlers, RunningCall } from "./running-call.ts";

/** A member that says nothing for this long while calls wait is asked whether it lives; etcd forbids more than one in 5 s. */
const PING_EVERY_MS = 10_000;
/** Without an answer in this time its connection is given up. */
const PING_WITHIN_MS = 5_000;
/** One large answer must not hold up the others of its connection, and a fast network should be used. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;

/** The calls of one method, whatever its messages are. */
export type Method<Req, ReqInit, Res, ResInit, Kind extends MethodKind> = MethodDescriptor<
  Req,
  ReqInit,
  Res,
  ResInit,
  Kind
>;

/** One connection and what the member said about its end. */
interface Connection {
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
  /** Streams above it were not processed. */
  lastProcessed: number;
  running: number;
}

/**
 * One member's connection. It is made when `connect` asks for it and made again when it broke. It keeps the process alive
 * only while calls run.
 */
export class Channel {
  readonly endpoint: Endpoint;
  readonly #tls: TlsOptions | undefined;
  #connection: Connection | undefined;
  #connecting: Promise<boolean> | undefined;
  #closed = false;
  #lastFailure: unknown;

  constructor(endpoint: Endpoint, tls: TlsOptions | undefined) {
    this.endpoint = endpoint;
    this.#tls = tls;
  }

  get connected(): boolean {
    return this.#usable() !== undefined;
  }

  /** Why the last attempt to connect failed. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /** Resolves with true once there is a connection, with false when it cannot be made now or not in time. */
  connect(withinMs: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    if (this.#usable() !== undefined) return Promise.resolve(true);
    this.#connecting ??= this.#open(withinMs).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** One call with one answer. Never rejects. Without a connection it ends as broken, unreached. */
  unary<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: Uint8Array,
    options: {
      readonly metadata: Readonly<Record<string, string>>;
      readonly withinMs: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<CallResult<Res>> {
    return new Promise((resolve) => {
      const { signal } = options;
      let answer: Uint8Array | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const abort = (): void => call?.cancel("cancelled");
      const withinMs = Math.ceil(options.withinMs);
      const metadata = { ...options.metadata, "grpc-timeout": `${withinMs}m` };
      const call = this.start(method.path, metadata, {
        message(bytes) {
          answer = bytes;
        },
        end(end) {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
          if (end.type === "status" && end.code === 0 && answer !== undefined) {
            resolve(decoded(method.response.decode, answer));
          } else {
            resolve({ ok: false, end });
          }
        },
      });
      if (call === undefined) {
        resolve({ ok: false, end: { type: "broken", reached: false, cause: this.#lastFailure } });
        return;
      }
      timer = setTimeout(() => call.cancel("timeout"), withinMs);
      signal?.addEventListener("abort", abort, { once: true });
      call.finish(request);
    });
  }

  /** Starts a call; undefined when there is no connection. */
  start(
    path: string,
    metadata: Readonly<Record<string, string>>,
    handlers: CallHandlers,
  ): RunningCall | undefined {
    const connection = this.#usable();
    if (connection === undefined) return undefined;
    const stream = connection.session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": "quorate-client",
      ...metadata,
    });
    // Not at every call: a session whose socket is just gone would wait for it to connect, once for each.
    if (connection.running === 0) connection.session.ref();
    connection.running += 1;
    const message = (bytes: Uint8Array): void => handlers.message(bytes);
    return new RunningCall(
      stream,
      {
        message,
        end(end) {
          connection.running -= 1;
          if (connection.running === 0 && !connection.session.destroyed) connection.session.unref();
          handlers.end(end);
        },
      },
      () => connection.lastProcessed,
    );
  }

  /** Takes no more calls and ends the connection; running calls end as broken. */
  close(): void {
    this.#closed = true;
    if (this.#connection !== undefined) end(this.#connection.session);
    this.#connection = undefined;
  }

  #usable(): Connection | undefined {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    const { session, socket } = connection;
    // The socket goes first; calls on a session that has not heard of it yet would only fail.
    return session.closed || session.destroyed || socket.destroyed ? undefined : connection;
  }

  #open(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const { secure, address } = this.endpoint;
      const socket = socketTo(this.endpoint, this.#tls);
      const session = connect(`${secure ? "https" : "http"}://${address}`, {
        settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
        createConnection: () => socket,
      });
      const connection: Connection = {
        session,
        socket,
        lastProcessed: Number.POSITIVE_INFINITY,
        running: 0,
      };
      // A session that never came about does not say that its socket is gone, so the socket is listened to as well.
      const giveUp = (why: unknown): void => {
        clearTimeout(timer);
        this.#lastFailure = why ?? this.#lastFailure;
        if (this.#connection === connection) this.#connection = undefined;
        end(session);
        resolve(false);
      };
      const timer = setTimeout(
        () => giveUp(this.#lastFailure ?? new Error(`no connection within ${withinMs} ms`)),
        withinMs,
      );
      session.once("connect", () => {
        // Node says so even of a session that was destroyed while its socket connected.
        if (!session.destroyed) session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
      });
      // Whoever accepts a connection and says nothing is no member; its settings are its first word.
      session.once("remoteSettings", () => {
        clearTimeout(timer);
        this.#lastFailure = undefined;
        if (this.#closed) end(session);
        else this.#connection = connection;
        session.unref();
        watchOver(connection);
        resolve(!this.#closed);
      });
      session.on("goaway", (_code: number, lastStreamId: number) => {
        connection.lastProcessed = Math.min(connection.lastProcessed, lastStreamId);
      });
      session.on("error", giveUp);
      session.once("close", () => giveUp(undefined));
      socket.on("error", giveUp);
      socket.once("close", () => giveUp(undefined));
    });
  }
}

function end(session: ClientHttp2Session, why?: Error): void {
  outsideReading(() => {
    if (!session.destroyed) session.destroy(why);
  });
}

/** Finds out that a member is gone although nobody said so: its machine, or the network to it. */
function watchOver(connection: Connection): void {
  const { session } = connection;
  let asked = false;
  const timer = setInterval(() => {
    if (connection.running === 0 || asked || session.destroyed) return;
    asked = true;
    const giveUp = setTimeout(() => end(session, new Error("no answer to a ping")), PING_WITHIN_MS);
    giveUp.unref();
    const sent = session.ping((error) => {
      asked = false;
      clearTimeout(giveUp);
      if (error !== null) end(session);
    });
    if (!sent) clearTimeout(giveUp);
  }, PING_EVERY_MS);
  timer.unref();
  session.once("close", () => clearInterval(timer));
}

function decoded<Response>(
  decode: (bytes: Uint8Array) => Response,
  bytes: Uint8Array,
): CallResult<Response> {
  try {
    return { ok: true, response: decode(bytes) };
  } catch (cause) {
    return { ok: false, end: { type: "broken", reached: true, cause } };
  }
}

function socketTo({ address, secure }: Endpoint, tls: TlsOptions | undefined): Socket {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  const port = Number(address.slice(at + 1));
  const socket = secure
    ? connectSecure({ host, port, ...tlsSettings(host, tls) })
    : connectPlain({ host, port });
  return socket.setNoDelay(true);
}

function tlsSettings(host: string, tls: TlsOptions | undefined): ConnectionOptions {
  const pem = (given: string | Uint8Array | undefined): Buffer | undefined =>
    given === undefined ? undefined : Buffer.from(given);
  return {
    ALPNProtocols: ["h2"],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ca: pem(tls?.ca),
    cert: pem(tls?.cert),
    key: pem(tls?.key),
    rejectUnauthorized: tls?.insecureSkipVerify !== true,
  };
}
