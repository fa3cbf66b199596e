// What the tests use of nemesis/lib, which is plain JavaScript as everything that runs before a build.
const load = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../../nemesis/lib/${path}`, import.meta.url).href)) as T;

export interface Kind {
  readonly id: string;
  readonly lane: string;
  readonly spanMs: readonly [number, number];
  readonly needs: readonly string[];
  readonly says: string;
}

export interface Step {
  readonly lane: string;
  readonly kind: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly draw: number;
  readonly strength: number;
}

export type Means = Readonly<Record<string, { available: boolean; reason: string }>>;

export const { KINDS, availableKinds } = await load<{
  readonly KINDS: readonly Kind[];
  availableKinds(
    means: Means,
    only?: readonly string[],
  ): {
    readonly available: readonly Kind[];
    readonly skipped: readonly { readonly kind: string; readonly reason: string }[];
  };
}>("kinds.mjs");

export const { Schedule } = await load<{
  readonly Schedule: new (
    seed: number,
    kinds: readonly Kind[],
  ) => { stretch(lengthMs: number): readonly Step[] };
}>("schedule.mjs");

export const { readOptions } = await load<{
  readOptions(args: readonly string[], drawSeed?: () => number): Readonly<Record<string, unknown>>;
}>("options.mjs");

export interface Unit {
  readonly type: "preface" | "raft" | "other" | "raw";
  readonly bytes: Buffer;
}

export const { FrameCutter } = await load<{
  readonly FrameCutter: new () => {
    push(chunk: Buffer): readonly Unit[];
    readonly hello: { readonly address: string } | undefined;
  };
}>("network/frame-cutter.mjs");

export interface Weather {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  readonly doubling: number;
  readonly overtaking: number;
  readonly corrupt: number;
  readonly silent: boolean;
}

export const { CALM, pass } = await load<{
  readonly CALM: Weather;
  pass(
    unit: Unit,
    weather: Weather,
    random: () => number,
    count: (name: string) => void,
  ): readonly { readonly bytes: Buffer; readonly delayMs: number; readonly inOrder: boolean }[];
}>("network/weather.mjs");

export interface Entry {
  readonly client: number;
  readonly id: string;
  readonly calledAt: number;
  readonly returnedAt: number;
  readonly revision: number | undefined;
  readonly refused: boolean;
}

export interface OpenOperation {
  answered(answer: object): void;
  refused(): void;
  unknown(): void;
}

export interface Log {
  readonly entries: readonly Entry[];
  readonly registers: readonly { readonly output: unknown; readonly returnedAt: number }[];
  readonly registerOperations: readonly object[];
  readonly outcomes: Readonly<Record<"ok" | "refused" | "unknown", number>>;
  readonly seconds: readonly object[];
  readonly elapsedMs: number;
  call(operation: object): OpenOperation;
}

export const { HistoryLog, asLines } = await load<{
  readonly HistoryLog: new (nowMs: () => number) => Log;
  asLines(entries: readonly Entry[]): readonly string[];
}>("clients/history.mjs");

export interface Verdict {
  readonly checker: string;
  readonly checked: number;
  readonly violations: readonly string[];
  readonly picture?: string;
}

export const { judge, isSuspicious } = await load<{
  judge(memories: object): readonly Verdict[];
  isSuspicious(memories: object, tip: number): boolean;
}>("judge.mjs");

export const { summarize } = await load<{
  summarize(run: object): { readonly [name: string]: unknown };
}>("report/summary.mjs");
export const { renderTimeline } = await load<{ renderTimeline(summary: object): string }>(
  "report/timeline.mjs",
);
export const { renderPage } = await load<{
  renderPage(summary: object, timeline: string, pictures: ReadonlyMap<string, string>): string;
}>("report/page.mjs");

export const { clearLeftovers, runFolder } = await load<{
  clearLeftovers(): number;
  runFolder(owner: number): string;
}>("leftovers.mjs");
