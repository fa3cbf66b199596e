import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { ConnectionOptions } from "node:tls";

/** An answer between members is small; more is not from one of us. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** Connections kept open to one member for calls. */
const SOCKETS_MAX = 4;

/** A member did not answer, or not as a member does. */
export class PeerCallError extends Error {
  override readonly name: string = "PeerCallError";
}

/** Small questions from member to member, as JSON over HTTP on the peer port. */
export class PeerCalls {
  readonly #http: HttpAgent = new HttpAgent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  readonly #https: HttpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  readonly #tls: (() => ConnectionOptions) | undefined;

  /** `tls` is asked for each new connection, because certificates are replaced. */
  constructor(tls: (() => ConnectionOptions) | undefined) {
    this.#tls = tls;
  }

  /** Asks the member at `peerUrl`. Rejects with `PeerCallError`. */
  ask(peerUrl: string, path: string, question: unknown, timeoutMs: number): Promise<unknown> {
    const url = new URL(path, peerUrl);
    const secure = url.protocol === "https:";
    const body = question === undefined ? undefined : JSON.stringify(question);
    const options: RequestOptions = {
      method: body === undefined ? "GET" : "POST",
      timeout: timeoutMs,
      agent: secure ? this.#https : this.#http,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
    };
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        reject(
          new PeerCallError(`${url.origin} did not answer: ${error.message}`, { cause: error }),
        );
      };
      const answered = (answer: IncomingMessage): void => {
        readAnswer(answer, url).then(resolve, reject);
      };
      const request = secure
        ? httpsRequest(url, { ...options, ...this.#tls?.() }, answered)
        : httpRequest(url, options, answered);
      request.on("error", failed);
      request.on("timeout", () => request.destroy(new Error("no answer in time")));
      request.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** What a member says when it refuses. */
function refusalIn(text: string): string | undefined {
  try {
    const content: unknown = JSON.parse(text);
    const isRefusal = typeof content === "object" && content !== null && "error" in content;
    return isRefusal ? String(content.error) : undefined;
  } catch {
    return undefined;
  }
}

async function readAnswer(answer: IncomingMessage, url: URL): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > ANSWER_BYTES_MAX) throw new Error("the answer is too long");
      chunks.push(bytes);
    }
    const text = Buffer.concat(chunks).toString("utf8");
    if (answer.statusCode !== 200)
      throw new Error(refusalIn(text) ?? `status ${answer.statusCode}`);
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PeerCallError(`${url.origin}${url.pathname}: ${why}`, { cause });
  }
}
