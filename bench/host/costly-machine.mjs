// A state machine whose every command costs so many microseconds of processor time.

export function costlyMachine(microseconds) {
  let commands = 0;
  const spend = () => {
    const untilMs = performance.now() + microseconds / 1000;
    while (performance.now() < untilMs);
  };
  return {
    open: () => ({ position: { term: 0, index: 0 }, companion: new Uint8Array(0) }),
    apply: (batch) =>
      batch.map(() => {
        if (microseconds > 0) spend();
        commands += 1;
        return commands;
      }),
    query: () => commands,
    beginSnapshot() {
      const state = new TextEncoder().encode(String(commands));
      async function* chunks() {
        yield state;
      }
      return { chunks, release: () => undefined };
    },
    async restore(_info, chunks) {
      const parts = [];
      for await (const chunk of chunks) parts.push(Buffer.from(chunk));
      commands = Number(Buffer.concat(parts).toString());
    },
    async close() {},
  };
}
