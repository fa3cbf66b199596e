import type { Revision } from "../key-value.ts";
import type { StoreReader, StoreView } from "../store/ordered-store.ts";
import { type BlockName, visitBlock } from "./block.ts";
import {
  blockKey,
  FIRST_BLOCK_KEY,
  ROWS_END,
  revisionOfBlockKey,
  subOfBlockKey,
} from "./keyspace.ts";
import type { RowReader } from "./row.ts";

/** A resident block as far as it had grown. */
export interface PinnedBlock extends BlockName {
  readonly bytes: Uint8Array;
  readonly used: number;
}

/** The rows of one moment. */
export class HistoryView {
  readonly #view: StoreView;
  #residents: readonly PinnedBlock[];

  constructor(view: StoreView, residents: readonly PinnedBlock[]) {
    this.#view = view;
    this.#residents = residents;
  }

  scan(from: BlockName, last: Revision, row: RowReader, visit: () => boolean): void {
    scanRows(this.#view, this.#residents, from, last, row, visit);
  }

  release(): void {
    this.#view.release();
    this.#residents = [];
  }
}

/** Visits the rows of the store and of the blocks in memory, in order; a block in memory counts before the store's. */
export function scanRows(
  store: StoreReader,
  residents: readonly PinnedBlock[],
  from: BlockName,
  last: Revision,
  row: RowReader,
  visit: () => boolean,
): void {
  if (from.revision > last) return;
  const counted = () => row.revision <= last && visit();
  const [first] = residents;
  // What is in memory is at least as complete as what the store has of it.
  const storeEnd = first === undefined ? ROWS_END : blockKey(first.revision, first.sub);
  let goOn = true;
  if (first === undefined || isBefore(from, first)) {
    store.range(startKey(store, from), storeEnd, (key, bytes) => {
      const name = { revision: revisionOfBlockKey(key), sub: subOfBlockKey(key) };
      goOn = name.revision <= last && visitBlock(bytes, bytes.length, name, from, row, counted);
      return goOn;
    });
  }
  for (const block of residents) {
    if (!goOn || block.revision > last) return;
    goOn = visitBlock(block.bytes, block.used, block, from, row, counted);
  }
}

function isBefore(a: BlockName, b: BlockName): boolean {
  return a.revision < b.revision || (a.revision === b.revision && a.sub < b.sub);
}

/** The key of the block that `from` is in, or where it would be. */
function startKey(store: StoreReader, from: BlockName): Uint8Array {
  let start = blockKey(from.revision, from.sub);
  const above = blockKey(from.revision, from.sub + 1);
  store.range(
    FIRST_BLOCK_KEY,
    above,
    (key) => {
      start = key;
      return false;
    },
    { backward: true, limit: 1 },
  );
  return start;
}
