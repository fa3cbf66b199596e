import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { callApi } from "./connection.ts";

interface KeyRow {
  readonly key: string;
  readonly value: string;
  readonly created: number;
  readonly modified: number;
  readonly version: number;
  readonly lease: string;
}

/** Keys shown of a prefix; more than that are narrowed down by a longer prefix. */
const KEYS_MAX = 50;
/** Changes of one key that are looked up, newest first. */
const HISTORY_MAX = 20;

/** Keys below a prefix, and the history of one of them as far as it was not compacted away. */
export function KeyBrowser(): JSX.Element {
  const prefix = useSignal("");
  const rows = useSignal<readonly KeyRow[] | undefined>(undefined);
  const more = useSignal(false);
  const history = useSignal<{ key: string; rows: readonly KeyRow[]; end: string } | undefined>(
    undefined,
  );
  const trouble = useSignal("");
  const look = async (): Promise<void> => {
    history.value = undefined;
    trouble.value = "";
    try {
      const found = await rangeOf(prefix.value);
      rows.value = found.rows;
      more.value = found.more;
    } catch (error) {
      trouble.value = String(error instanceof Error ? error.message : error);
    }
  };
  const showHistory = async (row: KeyRow): Promise<void> => {
    try {
      history.value = { key: row.key, ...(await historyOf(row)) };
    } catch (error) {
      trouble.value = String(error instanceof Error ? error.message : error);
    }
  };
  return (
    <section class="panel" data-view="keys">
      <header>
        <h2>{say("Keys", "键")}</h2>
      </header>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <input
          type="text"
          aria-label={say("Prefix", "前缀")}
          placeholder={say("prefix, empty for all", "前缀，留空表示全部")}
          value={prefix.value}
          onInput={(event) => {
            prefix.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="primary">
          {say("show", "查看")}
        </button>
      </form>
      {trouble.value !== "" && (
        <p class="alarm" role="alert">
          {trouble.value}
        </p>
      )}
      {rows.value !== undefined && (
        <Rows rows={rows.value} onPick={(row) => void showHistory(row)} />
      )}
      {more.value && (
        <p class="small quiet">
          {say(`The first ${KEYS_MAX} are shown.`, `只显示前 ${KEYS_MAX} 个。`)}
        </p>
      )}
      {history.value !== undefined && (
        <div data-history={history.value.key}>
          <h3 style="margin-top:0.7rem">
            {say("History of ", "历史：")}
            <code class="mono">{history.value.key}</code>
          </h3>
          <Rows rows={history.value.rows} />
          <p class="small quiet">{history.value.end}</p>
        </div>
      )}
    </section>
  );
}

function Rows({
  rows,
  onPick,
}: {
  readonly rows: readonly KeyRow[];
  readonly onPick?: ((row: KeyRow) => void) | undefined;
}): JSX.Element {
  if (rows.length === 0) return <p class="quiet small">{say("No keys.", "没有键。")}</p>;
  return (
    <div class="scrolls">
      <table class="facts">
        <thead>
          <tr>
            <th>{say("key", "键")}</th>
            <th>{say("value", "值")}</th>
            <th>{say("revision", "修订号")}</th>
            <th>{say("version", "版本")}</th>
            <th>{say("lease", "租约")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.key}/${row.modified}`}>
              <td class="mono">
                {onPick === undefined ? (
                  row.key
                ) : (
                  <button type="button" class="plain" onClick={() => onPick(row)}>
                    {row.key}
                  </button>
                )}
              </td>
              <td class="mono">
                {row.value.length > 80 ? `${row.value.slice(0, 80)}…` : row.value}
              </td>
              <td>{row.modified}</td>
              <td>{row.version}</td>
              <td>{row.lease === "0" ? "–" : row.lease}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

async function rangeOf(prefix: string): Promise<{ rows: readonly KeyRow[]; more: boolean }> {
  const key = prefix === "" ? new Uint8Array(1) : new TextEncoder().encode(prefix);
  const answer = await callApi("/v3/kv/range", {
    key: toBase64(key),
    range_end: toBase64(prefix === "" ? new Uint8Array(1) : endOf(key)),
    limit: KEYS_MAX,
  });
  return { rows: rowsIn(answer), more: answer["more"] === true };
}

/** Looks at the revision before each change, until the key begins or history was compacted. */
async function historyOf(row: KeyRow): Promise<{ rows: readonly KeyRow[]; end: string }> {
  const rows: KeyRow[] = [row];
  const key = toBase64(new TextEncoder().encode(row.key));
  for (let at = row; at.version > 1 && rows.length < HISTORY_MAX; ) {
    let found: KeyRow | undefined;
    try {
      [found] = rowsIn(await callApi("/v3/kv/range", { key, revision: at.modified - 1 }));
    } catch {
      return { rows, end: say("Earlier history was compacted.", "更早的历史已被压缩。") };
    }
    if (found === undefined) break;
    rows.push(found);
    at = found;
  }
  return { rows, end: rows.at(-1)?.version === 1 ? say("It began here.", "从这里开始。") : "" };
}

function rowsIn(answer: Record<string, unknown>): readonly KeyRow[] {
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

function endOf(prefix: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const end = prefix.slice();
  for (let at = end.length - 1; at >= 0; at -= 1) {
    const byte = end[at] ?? 0;
    if (byte < 0xff) {
      end[at] = byte + 1;
      return end.slice(0, at + 1);
    }
  }
  return new Uint8Array(1);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function textOf(base64: string | undefined): string {
  const bytes = Uint8Array.from(atob(base64 ?? ""), (sign) => sign.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
