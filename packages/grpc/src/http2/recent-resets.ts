/**
 * How many streams that we reset are remembered. Frames that were under way when we reset a stream
 * are no mistake of the client; after this many further resets they are taken for one, which costs
 * it one more RST_STREAM.
 */
const REMEMBERED = 256;

/** The streams most recently reset by us, so that late frames on them can be passed over. */
export class RecentResets {
  #ids: Int32Array | undefined;
  #next = 0;

  add(streamId: number): void {
    this.#ids ??= new Int32Array(REMEMBERED);
    this.#ids[this.#next] = streamId;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  has(streamId: number): boolean {
    return this.#ids?.includes(streamId) ?? false;
  }
}
