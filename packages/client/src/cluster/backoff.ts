const FIRST_MS = 50;
const LARGEST_MS = 2_000;

/**
 * How long to leave somebody alone after the n-th failure in a row: twice as long each time, up to two seconds. A random half
 * of it is taken off, so that clients that failed together do not come back together.
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LARGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return full * (1 - random() / 2);
}

/** Resolves after that time, or as soon as the signal is aborted. Never rejects. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** The promise's result, or undefined once the signal is aborted; the promise itself goes on. */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return promise;
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
