/**
 * Huffman decoding of header strings (RFC 7541 §5.2, Appendix B).
 *
 * The code is canonical, so the lengths say everything: codes are handed out by length, then by
 * symbol. The decoder walks a table of (state, four bits) → (next state, symbol); no code is
 * shorter than five bits, so one step yields at most one symbol.
 */

/** Bits in the code of every octet 0–255, and of the end-of-string symbol 256. */
export const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5,
  6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6,
  7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23,
  23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22,
  22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22,
  23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27,
  27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25,
  24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const END_OF_STRING = 256;

/** Shortest code; bounds how much longer than its encoding a string can be. */
const SHORTEST_CODE_BITS = 5;

/** Table entry: next state in the low 9 bits, then the symbol, then the flags. */
const SYMBOL_SHIFT = 9;
const EMITS = 1 << 17;
const FAILS = 1 << 18;
/** Set when the string may end in the state reached: at most seven bits since a symbol, all ones. */
const ACCEPTS = 1 << 19;
const STATE_MASK = 0x1ff;

let table: Int32Array | undefined;

/** Most octets that `encodedBytes` octets of Huffman code can decode to. */
export function maxDecodedBytes(encodedBytes: number): number {
  return Math.floor((encodedBytes * 8) / SHORTEST_CODE_BITS);
}

/**
 * Decodes `bytes[start, end)` into `out` from 0; `out` holds at least `maxDecodedBytes(end - start)`.
 * Returns the number of octets written, or -1 when the code is invalid: the end-of-string symbol
 * inside, padding longer than seven bits, or padding that is not all ones.
 */
export function decodeHuffman(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): number {
  table ??= buildTable();
  const steps = table;
  let state = 0;
  let written = 0;
  let accepts = true;
  for (let at = start; at < end; at++) {
    const octet = bytes[at] as number;
    let step = steps[(state << 4) | (octet >> 4)] as number;
    if ((step & EMITS) !== 0) out[written++] = (step >> SYMBOL_SHIFT) & 0xff;
    if ((step & FAILS) !== 0) return -1;
    step = steps[((step & STATE_MASK) << 4) | (octet & 15)] as number;
    if ((step & EMITS) !== 0) out[written++] = (step >> SYMBOL_SHIFT) & 0xff;
    if ((step & FAILS) !== 0) return -1;
    state = step & STATE_MASK;
    accepts = (step & ACCEPTS) !== 0;
  }
  return accepts ? written : -1;
}

/** Children of the code tree: `>= 0` an inner node, `< 0` the leaf of symbol `-1 - value`. */
interface CodeTree {
  readonly zero: number[];
  readonly one: number[];
}

const MISSING = Number.MIN_SAFE_INTEGER;

function buildTree(): CodeTree {
  const symbols = CODE_LENGTHS.map((_, symbol) => symbol).sort(
    (a, b) => (CODE_LENGTHS[a] as number) - (CODE_LENGTHS[b] as number) || a - b,
  );
  const tree: CodeTree = { zero: [MISSING], one: [MISSING] };
  let code = 0;
  let length = 0;
  for (const symbol of symbols) {
    const bits = CODE_LENGTHS[symbol] as number;
    code *= 2 ** (bits - length);
    length = bits;
    insert(tree, code, bits, symbol);
    code += 1;
  }
  return tree;
}

function insert(tree: CodeTree, code: number, bits: number, symbol: number): void {
  let node = 0;
  for (let bit = bits - 1; bit >= 0; bit--) {
    const side = ((code >> bit) & 1) === 0 ? tree.zero : tree.one;
    if (bit === 0) {
      side[node] = -1 - symbol;
    } else {
      if (side[node] === MISSING) {
        side[node] = tree.zero.length;
        tree.zero.push(MISSING);
        tree.one.push(MISSING);
      }
      node = side[node] as number;
    }
  }
}

/** Inner nodes in which a string may end: the root and the first seven nodes along the ones. */
function acceptingNodes(tree: CodeTree): ReadonlySet<number> {
  const accepting = new Set<number>([0]);
  let node = 0;
  for (let bit = 0; bit < 7; bit++) {
    node = tree.one[node] as number;
    accepting.add(node);
  }
  return accepting;
}

function buildTable(): Int32Array {
  const tree = buildTree();
  const accepting = acceptingNodes(tree);
  const steps = new Int32Array(tree.zero.length << 4);
  for (let state = 0; state < tree.zero.length; state++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      steps[(state << 4) | nibble] = stepOf(tree, accepting, state, nibble);
    }
  }
  return steps;
}

function stepOf(
  tree: CodeTree,
  accepting: ReadonlySet<number>,
  state: number,
  nibble: number,
): number {
  let node = state;
  let step = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = (((nibble >> bit) & 1) === 0 ? tree.zero : tree.one)[node] as number;
    if (child >= 0) {
      node = child;
    } else {
      const symbol = -1 - child;
      if (symbol === END_OF_STRING) return FAILS;
      step = EMITS | (symbol << SYMBOL_SHIFT);
      node = 0;
    }
  }
  return step | node | (accepting.has(node) ? ACCEPTS : 0);
}
