import type { Entry } from "@quorate/core";

/** What a client asks of the replicated registers. */
export type RegisterOperation =
  | { readonly type: "write"; readonly key: string; readonly value: string }
  | {
      readonly type: "compareAndSet";
      readonly key: string;
      readonly expected: string | null;
      readonly value: string;
    };

/** One command of one client. Repeated with the same number it takes effect once. */
export interface Command {
  readonly client: number;
  /** From 1, one more for each command of the client; 0 for a client without a session: it may take effect twice. */
  readonly sequence: number;
  readonly operation: RegisterOperation;
}

/** What a command came to when it was applied. */
export type CommandResult =
  | { readonly type: "written" }
  | { readonly type: "swapped"; readonly done: boolean }
  /** A later command of the client was applied already: nobody waits for this one. */
  | { readonly type: "outdated" };

/** Texts are carried as one or more bytes per UTF-16 unit; what matters here is that they come back. */
export function encodeCommand(command: Command): Uint8Array {
  const text = JSON.stringify([command.client, command.sequence, command.operation]);
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes.push(unit);
    else bytes.push(0x80 | (unit >> 14), 0x80 | ((unit >> 7) & 0x7f), 0x80 | (unit & 0x7f));
  }
  return Uint8Array.from(bytes);
}

export function decodeCommand(payload: Uint8Array): Command {
  let text = "";
  for (let at = 0; at < payload.length; at += 1) {
    const byte = payload[at] as number;
    if (byte < 0x80) {
      text += String.fromCharCode(byte);
      continue;
    }
    const [middle, low] = [payload[at + 1] as number, payload[at + 2] as number];
    text += String.fromCharCode(((byte & 0x7f) << 14) | ((middle & 0x7f) << 7) | (low & 0x7f));
    at += 2;
  }
  const [client, sequence, operation] = JSON.parse(text) as [number, number, RegisterOperation];
  return { client, sequence, operation };
}

const DECODED: WeakMap<Uint8Array, Command> = new WeakMap();

/** The client's command in an entry; undefined for entries of other kinds. */
export function commandOf({ kind, payload }: Entry): Command | undefined {
  if (kind !== "command") return undefined;
  let command = DECODED.get(payload);
  if (command === undefined) {
    command = decodeCommand(payload);
    DECODED.set(payload, command);
  }
  return command;
}
