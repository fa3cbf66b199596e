export type LinkMode = "open" | "held" | "cut";

/** All links between members with the numbers 1 to `count`. */
export class Links {
  constructor(options: { firstPort: number; count: number; memberPort: (id: number) => number });
  port(from: number, to: number): number;
  listen(): Promise<void>;
  set(mode: LinkMode, from: number | readonly number[], to: number | readonly number[]): void;
  setBetween(
    mode: LinkMode,
    some: number | readonly number[],
    others: number | readonly number[],
  ): void;
  slow(delayMs: number, from: number, to: number): void;
  openAll(): void;
  close(): void;
}
