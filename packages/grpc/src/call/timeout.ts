const DIGITS_MAX = 8;
const ZERO = 0x30;

/** Milliseconds named by a `grpc-timeout` header: up to eight digits and a unit. Undefined for anything else. */
export function parseTimeout(text: string): number | undefined {
  const digits = text.length - 1;
  if (digits < 1 || digits > DIGITS_MAX) return undefined;
  let value = 0;
  for (let at = 0; at < digits; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  switch (text[digits]) {
    case "H":
      return value * 3_600_000;
    case "M":
      return value * 60_000;
    case "S":
      return value * 1_000;
    case "m":
      return value;
    case "u":
      return value * 0.001;
    case "n":
      return value * 0.000_001;
    default:
      return undefined;
  }
}
