interface Waiting {
  readonly event: () => void;
  readonly isOfClient: boolean;
}

/** What a process that goes on hears first. */
export type WakeOrder = "asItCame" | "clientsFirst";

/** Whether a simulated process runs; what reaches it goes through here. */
export class ProcessGate {
  #state: "running" | "paused" | "dead" = "running";
  #waiting: Waiting[] = [];

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
  enter(event: () => void, isOfClient: boolean = false): void {
    if (this.#state === "running") event();
    else if (this.#state === "paused") this.#waiting.push({ event, isOfClient });
  }

  pause(): void {
    if (this.#state === "running") this.#state = "paused";
  }

  /** Everything that waited, in the order of arrival, which holds only within a connection. */
  resume(order: WakeOrder = "asItCame"): void {
    if (this.#state !== "paused") return;
    this.#state = "running";
    const waiting = this.#waiting;
    this.#waiting = [];
    if (order === "clientsFirst") {
      waiting.sort((left, right) => Number(right.isOfClient) - Number(left.isOfClient));
    }
    for (const { event, isOfClient } of waiting) this.enter(event, isOfClient);
  }

  kill(): void {
    this.#state = "dead";
    this.#waiting = [];
  }
}
