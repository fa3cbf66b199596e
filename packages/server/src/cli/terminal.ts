/** Where a command speaks and listens; tests have their own. */
export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  error(text: string): void;
  /** Everything that comes in until its end. */
  readInput(): Promise<Uint8Array>;
}

/** The process's own standard streams. */
export const PROCESS_TERMINAL: Terminal = {
  variables: process.env,
  out: (text) => {
    process.stdout.write(text);
  },
  error: (text) => {
    process.stderr.write(text);
  },
  async readInput() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  },
};
