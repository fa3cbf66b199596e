import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What somebody is told who asks under a name that is not this server's. */
const MISDIRECTED = 421;
const MOVED = 301;

/** Answers one request. A rejection counts as a bug and becomes status 500. */
export type HttpHandler = (request: HttpRequest, response: ServerResponse) => void | Promise<void>;

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly message: IncomingMessage;
}

/** An exact path, or everything below one that ends with `/`. */
export interface HttpRoute {
  readonly path: string;
  /** Other methods get 405. */
  readonly methods: readonly string[];
  readonly handle: HttpHandler;
  /** Answers other methods in words of its own. */
  readonly refuseMethod?: ((response: ServerResponse) => void) | undefined;
}

export interface HttpRouterOptions {
  readonly routes: readonly HttpRoute[];
  /** Origins that may call from a browser; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Hosts that plain requests may name; `*`, or nothing given: all. Keeps web pages from reaching in by another name. */
  readonly hostWhitelist?: readonly string[] | undefined;
  readonly onDefect: (path: string, defect: unknown) => void;
}

/** The HTTP/1 side of the client port. */
export class HttpRouter {
  readonly #server: Server;
  readonly #exact: ReadonlyMap<string, HttpRoute>;
  readonly #below: readonly HttpRoute[];
  readonly #options: HttpRouterOptions;

  constructor(options: HttpRouterOptions) {
    this.#options = options;
    this.#exact = new Map(
      options.routes
        .filter(({ path }) => !path.endsWith("/"))
        .map((route): [string, HttpRoute] => [route.path, route]),
    );
    this.#below = options.routes.filter(({ path }) => path.endsWith("/"));
    this.#server = createServer((request, response) => this.#answer(request, response));
    // Watches keep their request bodies open for as long as they like, and pools keep idle connections.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 0;
    this.#server.on("clientError", (_, socket) => {
      if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      else socket.destroy();
    });
  }

  /** Takes over a connection; it may hold unread bytes. */
  serve(connection: Duplex): void {
    this.#server.emit("connection", connection);
    connection.resume();
  }

  #answer(message: IncomingMessage, response: ServerResponse): void {
    const [path = "/", search = ""] = (message.url ?? "/").split("?", 2);
    const method = message.method ?? "GET";
    if (!this.#mayNameHost(message)) {
      sendText(response, MISDIRECTED, `host ${message.headers.host ?? ""} is not allowed here\n`);
      return;
    }
    this.#allowOrigin(message, response);
    if (method === "OPTIONS") {
      response.writeHead(200).end();
      return;
    }
    if (path.includes("//")) {
      const clean = path.replace(/\/{2,}/g, "/");
      response.setHeader("Location", search === "" ? clean : `${clean}?${search}`);
      sendText(response, MOVED, "Moved Permanently\n");
      return;
    }
    const route = this.#exact.get(path) ?? this.#below.find((below) => path.startsWith(below.path));
    if (route === undefined) {
      sendText(response, 404, "404 page not found\n");
      return;
    }
    if (!route.methods.includes(method)) {
      if (route.refuseMethod !== undefined) {
        route.refuseMethod(response);
        return;
      }
      response.setHeader("Allow", route.methods.join(", "));
      sendText(response, 405, "Method Not Allowed\n");
      return;
    }
    const request = { method, path, query: new URLSearchParams(search), message };
    Promise.resolve()
      .then(() => route.handle(request, response))
      .catch((defect: unknown) => {
        this.#options.onDefect(path, defect);
        if (response.headersSent) response.destroy();
        else sendText(response, 500, "internal error\n");
      });
  }

  #mayNameHost({ socket, headers }: IncomingMessage): boolean {
    const allowed = this.#options.hostWhitelist;
    if (allowed === undefined || allowed.includes("*") || "encrypted" in socket) return true;
    const [, host] = /^(?:\[([^\]]*)\]|[^:]*)/.exec(headers.host ?? "") ?? [];
    const name = host ?? (headers.host ?? "").replace(/:\d+$/, "");
    return allowed.includes(name);
  }

  #allowOrigin(message: IncomingMessage, response: ServerResponse): void {
    const { corsOrigins } = this.#options;
    const { origin } = message.headers;
    const everyone = corsOrigins.includes("*");
    if (!everyone && (origin === undefined || !corsOrigins.includes(origin))) return;
    response.setHeader("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE");
    response.setHeader("Access-Control-Allow-Origin", everyone ? "*" : (origin ?? ""));
    response.setHeader("Access-Control-Allow-Headers", "accept, content-type, authorization");
  }
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.writeHead(status).end(text);
}

export function sendJson(response: ServerResponse, status: number, json: string): void {
  response.setHeader("Content-Type", "application/json");
  response.writeHead(status).end(json);
}
