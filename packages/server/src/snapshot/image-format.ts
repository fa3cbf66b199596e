/** What a saved image begins with. Its format is in docs/formats/saved-state.md. */
export const IMAGE_MAGIC = "QUORATE SNAPSHOT";
export const IMAGE_VERSION = 1;
/** Tools that check a saved file expect its size, without the checksum at the end, in pages of this size. */
export const IMAGE_PAGE_BYTES = 512;
/** The last bytes of a saved file: SHA-256 of everything before. */
export const IMAGE_CHECKSUM_BYTES = 32;

/** What the image says about itself. */
export interface ImageHead {
  readonly clusterId: string;
  readonly memberId: string;
  readonly revision: number;
}
