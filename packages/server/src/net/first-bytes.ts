import type { Socket } from "node:net";

/** A connection that says nothing holds a socket and nothing else, but not forever. */
const FIRST_BYTES_TIMEOUT_MS = 30_000;

/**
 * Shows a fresh connection's first bytes to `decide`, which returns what to do once it has seen enough and undefined
 * while it has not. The bytes are put back and the socket is paused before that is done.
 */
export function onFirstBytes(
  socket: Socket,
  decide: (bytes: Buffer) => (() => void) | undefined,
): void {
  socket.setTimeout(FIRST_BYTES_TIMEOUT_MS, () => socket.destroy());
  wait(socket, Buffer.alloc(0), decide);
}

function wait(
  socket: Socket,
  seen: Buffer,
  decide: (bytes: Buffer) => (() => void) | undefined,
): void {
  socket.once("data", (chunk: Buffer) => {
    socket.pause();
    const bytes = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const handOver = decide(bytes);
    if (handOver === undefined) {
      wait(socket, bytes, decide);
      socket.resume();
      return;
    }
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    socket.unshift(bytes);
    handOver();
  });
}
