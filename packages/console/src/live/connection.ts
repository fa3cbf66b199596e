import { batch, type Signal, signal } from "@preact/signals";
import { isElection } from "./elections.ts";
import { ApiError } from "./key-history.ts";
import type { LiveCluster, TimedLine } from "./member-view.ts";
import { Series } from "./series.ts";

export type Link =
  | { readonly type: "connecting" }
  | { readonly type: "open" }
  | { readonly type: "lost" }
  /** Nobody serves the stream here: the page does not come from a member. */
  | { readonly type: "absent" }
  | { readonly type: "unauthenticated" };

export const link: Signal<Link> = signal({ type: "connecting" });
export const cluster: Signal<LiveCluster | undefined> = signal(undefined);
export const lines: Signal<readonly TimedLine[]> = signal([]);
export const series: Series = new Series();
/** Grows with every sample of the series. */
export const samples: Signal<number> = signal(0);

/** Sentences that are kept, and of elections besides, which people ask about days later; older ones are forgotten. */
const LINES_MAX = 400;
const ELECTION_LINES_MAX = 1_000;
const RETRY_MS = 1_000;
const TOKEN_KEY = "quorate.token";

/** The stream lies beside the page. */
const STREAM = new URL("api/cluster", document.baseURI).pathname;

let token: string | null = readToken();
let running: AbortController | undefined;

function readToken(): string | null {
  try {
    return sessionStorage.getItem(TOKEN_KEY);
  } catch {
    return null;
  }
}

/** Remembers who the reader is as long as the browser's window is open. */
export function signIn(fresh: string): void {
  token = fresh;
  try {
    sessionStorage.setItem(TOKEN_KEY, fresh);
  } catch {
    // Then it lasts as long as the page.
  }
  disconnect();
  connect();
}

export function headers(): Record<string, string> {
  return token === null ? {} : { Authorization: token };
}

export function connect(): void {
  if (running !== undefined) return;
  running = new AbortController();
  void follow(running.signal);
}

export function disconnect(): void {
  running?.abort();
  running = undefined;
}

async function follow(stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const goesOn = await readStream(stop);
      if (!goesOn) return;
    } catch {
      // The member is gone or the network is: it is tried again below.
    }
    if (stop.aborted) return;
    if (link.value.type === "open") link.value = { type: "lost" };
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** False when there is no use in trying again. */
async function readStream(stop: AbortSignal): Promise<boolean> {
  const answer = await fetch(STREAM, { signal: stop, headers: headers() });
  if (answer.status === 401 || answer.status === 403 || answer.status === 400) {
    link.value = { type: "unauthenticated" };
    running = undefined;
    return false;
  }
  const { body } = answer;
  if (!answer.ok || body === null || !isStream(answer)) {
    link.value = { type: answer.status === 503 ? "lost" : "absent" };
    if (answer.status === 503) return true;
    running = undefined;
    return false;
  }
  link.value = { type: "open" };
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) take(JSON.parse(part) as LiveCluster);
  }
}

function isStream(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("application/x-ndjson") === true;
}

function take(next: LiveCluster): void {
  batch(() => {
    cluster.value = next;
    const fresh = next.members.flatMap(({ id, view }) =>
      (view?.decisions ?? []).map((decision): TimedLine => ({ ...decision, member: id })),
    );
    if (fresh.length > 0) lines.value = merged(lines.value, fresh);
    if (series.add(next, performance.now())) samples.value += 1;
  });
}

/** In the order of the wall clocks; a member that connects again may repeat itself. */
function merged(known: readonly TimedLine[], fresh: readonly TimedLine[]): readonly TimedLine[] {
  const keyOf = ({ member, sequence, wallClockMs }: TimedLine): string =>
    `${member}/${sequence}/${wallClockMs}`;
  const seen = new Set(known.map(keyOf));
  const all = [...known, ...fresh.filter((line) => !seen.has(keyOf(line)))];
  all.sort((a, b) => a.wallClockMs - b.wallClockMs);
  if (all.length <= LINES_MAX) return all;
  const old = all.slice(0, -LINES_MAX).filter(isElection).slice(-ELECTION_LINES_MAX);
  return [...old, ...all.slice(-LINES_MAX)];
}

/** Calls a method of the API as JSON. Rejects with the server's own words. */
export async function callApi(path: string, request: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers() },
    body: JSON.stringify(request),
  });
  const content = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) {
    const { message, error, code } = content;
    throw new ApiError(
      String(message ?? error ?? answer.status),
      typeof code === "number" ? code : undefined,
    );
  }
  return content;
}
