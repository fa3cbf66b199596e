import type { IncomingMessage } from "node:http";

/** The body is longer than it may be. */
export class BodyTooLargeError extends Error {
  override readonly name: string = "BodyTooLargeError";
}

/** The whole body as text. Rejects with `BodyTooLargeError`. */
export async function readBody(message: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bytesMax) throw new BodyTooLargeError(`the body is longer than ${bytesMax} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The body as JSON; undefined when it is none, or too long. */
export async function readJsonBody(message: IncomingMessage, bytesMax: number): Promise<unknown> {
  try {
    return JSON.parse(await readBody(message, bytesMax)) as unknown;
  } catch {
    return undefined;
  }
}
