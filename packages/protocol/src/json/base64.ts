import { base64Shape, readBase64, writeBase64 } from "./base64-text.ts";
import { type PlatformBase64, platformBase64 } from "./platform-base64.ts";

const PLATFORM: PlatformBase64 = platformBase64(globalThis);

/** Shorter text is decoded here: Node would cut its bytes from a shared slab, which one key would then keep alive. */
const PLATFORM_FROM_DIGITS = 8192;

/** Digits of both alphabets, then what `base64Shape` has judged. */
const ONLY_DIGITS = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Standard alphabet, padded. */
export const encodeBase64: (bytes: Uint8Array) => string = PLATFORM.encode ?? writeBase64;

/** Standard or URL-safe alphabet, with or without padding. Throws `JsonError`. */
export function decodeBase64(text: string): Uint8Array {
  const viaPlatform = text.length < PLATFORM_FROM_DIGITS ? undefined : decodeWith(PLATFORM, text);
  return viaPlatform ?? readBase64(text);
}

/**
 * What the platform makes of the text, if that is the whole of it: platforms skip blanks or stop at strange characters,
 * and some refuse the two alphabets in one text.
 */
export function decodeWith({ decode }: PlatformBase64, text: string): Uint8Array | undefined {
  if (decode === undefined || !ONLY_DIGITS.test(text)) return undefined;
  const { bytes } = base64Shape(text);
  let decoded: Uint8Array;
  try {
    decoded = decode(text);
  } catch {
    return undefined;
  }
  return decoded.length === bytes ? decoded : undefined;
}
