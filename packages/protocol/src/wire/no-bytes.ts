/** The value of an absent byte field; shared, so that absent fields cost nothing. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);
