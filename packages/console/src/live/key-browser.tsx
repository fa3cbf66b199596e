import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { callApi } from "./connection.ts";
import {
  type HistoryEnd,
  historyOf,
  type KeyHistory,
  type KeyRow,
  rowsIn,
  toBase64,
} from "./key-history.ts";

/** Keys shown of a prefix; more than that are narrowed down by a longer prefix. */
const KEYS_MAX = 50;

/** Keys below a prefix, and the history of one of them as far as it was not compacted away. */
export function KeyBrowser(): JSX.Element {
  const prefix = useSignal("");
  const rows = useSignal<readonly KeyRow[] | undefined>(undefined);
  const more = useSignal(false);
  const history = useSignal<(KeyHistory & { readonly key: string }) | undefined>(undefined);
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
    history.value = { key: row.key, ...(await historyOf(row, callApi)) };
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
          <p class="small quiet">{wordsOf(history.value.end)}</p>
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

/** Where a history ends, in words. */
function wordsOf(end: HistoryEnd): string {
  switch (end.type) {
    case "began":
      return say("It began here.", "从这里开始。");
    case "compacted":
      return say("Earlier history was compacted.", "更早的历史已被压缩。");
    case "failed":
      return say(
        `Earlier history could not be read: ${end.reason}`,
        `无法读取更早的历史：${end.reason}`,
      );
    case "more":
      return "";
  }
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
