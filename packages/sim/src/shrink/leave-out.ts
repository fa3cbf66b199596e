/**
 * Leaves out of `items` what is not needed: all, then halves, then quarters, and so on down to single ones. `fails` says
 * whether it still fails without them, and yields once per try. `items` is asked anew after every try.
 */
export async function* leaveOut<P>(
  items: () => readonly number[],
  fails: (without: readonly number[]) => AsyncGenerator<P, boolean>,
): AsyncGenerator<P> {
  for (let size = items().length; size >= 1; ) {
    for (let at = 0; at < items().length; ) {
      if (!(yield* fails(items().slice(at, at + size)))) at += size;
    }
    if (size === 1) return;
    size = Math.ceil(size / 2);
  }
}
