/** Where a listener's own error goes: out of our stack, so that it cannot hurt what was telling it. */
export type Surface = (error: unknown) => void;

/** Functions that hear about something. What one of them throws is surfaced and keeps nobody else from hearing. */
export class Listeners<T> {
  readonly #surface: Surface;
  readonly #listeners: Set<(value: T) => void> = new Set();

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  tell(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#surface(error);
      }
    }
  }

  /** Returns the function that ends it. */
  add(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** Throws the error in a later turn of the event loop, where the platform reports it as it reports any other. */
export function surfaceLater(environment: { defer(run: () => void): void }): Surface {
  return (error) =>
    environment.defer(() => {
      throw error;
    });
}
