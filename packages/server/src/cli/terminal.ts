/** Where a command speaks and listens; tests have their own. */
export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  error(text: string): void;
  /** Everything that comes in until its end. */
  readInput(): Promise<Uint8Array>;
  /** Calls `listener` when the user wants the command to end, instead of ending it. Returns what undoes that. */
  onInterrupt(listener: () => void): () => void;
  /** Whether people look at the output; a view can redraw itself then. */
  readonly isInteractive: boolean;
}

/** The process's own standard streams. */
export const PROCESS_TERMINAL: Terminal = {
  variables: process.env,
  out: (text) => {
    process.stdout.write(text);
  },
  error: (text) => {
    // A stderr that takes nothing must not change what the command ends with.
    if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
    process.stderr.write(text);
  },
  async readInput() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  },
  onInterrupt(listener) {
    process.on("SIGINT", listener);
    process.on("SIGTERM", listener);
    return () => {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    };
  },
  get isInteractive() {
    return process.stdout.isTTY === true;
  },
};
