/**
 * Runs `act` once the connection's current read is over. Answers reach our caller from inside that read; a session or
 * stream that is destroyed there is freed under the hands of Node's HTTP/2 parser, which goes on with the freed memory
 * (seen as "corrupted size vs. prev_size" when a command closed its client right after its answer).
 */
export function outsideReading(act: () => void): void {
  setImmediate(act);
}
