/** Whether a simulated process runs; what reaches it goes through here. */
export class ProcessGate {
  #state: "running" | "paused" | "dead" = "running";
  #waiting: (() => void)[] = [];

  get isDead(): boolean {
    return this.#state === "dead";
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  get isPaused(): boolean {
    return this.#state === "paused";
  }

  /** Now, or in order when a paused process goes on, or never when it is dead. */
  enter(event: () => void): void {
    if (this.#state === "running") event();
    else if (this.#state === "paused") this.#waiting.push(event);
  }

  pause(): void {
    if (this.#state === "running") this.#state = "paused";
  }

  /** Everything that waited, in the order of arrival. */
  resume(): void {
    if (this.#state !== "paused") return;
    this.#state = "running";
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.enter(event);
  }

  kill(): void {
    this.#state = "dead";
    this.#waiting = [];
  }
}
