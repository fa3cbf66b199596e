/** The part of a platform that is used, as far as it is there. */
export interface Platform {
  /** Node's: looked at when the promise queue is empty. */
  readonly process?: { nextTick?(run: () => void): void };
  /** The browsers' (and Node's): a message arrives in a turn of its own. */
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null };
    readonly port2: { postMessage(message: undefined): void };
  };
}

/**
 * What it returns calls `then` when no promise is left that could go on, however long the chains are: then a simulated process has done
 * all that an event made it do. Exact on every platform, so that a seed does the same on all of them.
 */
export const whenSettled: (then: () => void) => () => void = settlingBy(
  globalThis as unknown as Platform,
);

/** `whenSettled` by the means of `platform`. */
export function settlingBy(platform: Platform): (then: () => void) => () => void {
  const nextTick = platform.process?.nextTick;
  if (nextTick !== undefined) {
    const settled = Promise.resolve();
    // Asked for from within the promise queue: Node empties that one first.
    return (then) => {
      const inQueue = (): void => nextTick(then);
      return () => void settled.then(inQueue);
    };
  }
  if (platform.MessageChannel === undefined) throw new RangeError("no way to wait for promises");
  return byMessages(new platform.MessageChannel());
}

function byMessages({
  port1,
  port2,
}: InstanceType<NonNullable<Platform["MessageChannel"]>>): (then: () => void) => () => void {
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (then) => () => {
    waiting.push(then);
    port2.postMessage(undefined);
  };
}
