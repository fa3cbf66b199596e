/** One state of a key, as the page shows it. */
export interface KeyRow {
  readonly key: string;
  readonly value: string;
  readonly created: number;
  readonly modified: number;
  readonly version: number;
  readonly lease: string;
}

/** Why a history ends where it ends. */
export type HistoryEnd =
  | { readonly type: "began" }
  | { readonly type: "compacted" }
  /** More changes than are looked up, or the key was not found at the revision before. */
  | { readonly type: "more" }
  | { readonly type: "failed"; readonly reason: string };

export interface KeyHistory {
  /** Newest first. */
  readonly rows: readonly KeyRow[];
  readonly end: HistoryEnd;
}

/** An answer of the API that is an error. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  /** The gRPC status; undefined when the answer names none. */
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined) {
    super(message);
    this.code = code;
  }
}

/** Calls a page of the API. Rejects with `ApiError`, or with what the network fails with. */
export type CallApi = (path: string, request: unknown) => Promise<Record<string, unknown>>;

/** Changes of one key that are looked up, newest first. */
const HISTORY_MAX = 20;
const OUT_OF_RANGE = 11;

/** Looks at the revision before each change, until the key begins or history was compacted. */
export async function historyOf(row: KeyRow, callApi: CallApi): Promise<KeyHistory> {
  const rows: KeyRow[] = [row];
  const key = toBase64(new TextEncoder().encode(row.key));
  for (let at = row; at.version > 1 && rows.length < HISTORY_MAX; ) {
    let found: KeyRow | undefined;
    try {
      [found] = rowsIn(await callApi("/v3/kv/range", { key, revision: at.modified - 1 }));
    } catch (error) {
      return { rows, end: endAfter(error) };
    }
    if (found === undefined) break;
    rows.push(found);
    at = found;
  }
  return { rows, end: { type: rows.at(-1)?.version === 1 ? "began" : "more" } };
}

/** Only one error says that history was compacted; a member that is gone or a token that has ended says nothing of it. */
function endAfter(error: unknown): HistoryEnd {
  if (error instanceof ApiError && error.code === OUT_OF_RANGE) return { type: "compacted" };
  return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
}

/** The keys of a range's answer. */
export function rowsIn(answer: Record<string, unknown>): readonly KeyRow[] {
  const found = (answer["kvs"] ?? []) as readonly Record<string, string>[];
  return found.map((kv) => ({
    key: textOf(kv["key"]),
    value: textOf(kv["value"]),
    created: Number(kv["create_revision"] ?? 0),
    modified: Number(kv["mod_revision"] ?? 0),
    version: Number(kv["version"] ?? 0),
    lease: kv["lease"] ?? "0",
  }));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function textOf(base64: string | undefined): string {
  const bytes = Uint8Array.from(atob(base64 ?? ""), (sign) => sign.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
