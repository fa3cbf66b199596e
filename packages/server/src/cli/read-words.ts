import { ConfigError } from "../config/config-error.ts";
import { parseDuration } from "../config/duration.ts";

// How words of the command line become values. Each refuses with a sentence that names the option.

export function wholeNumber(name: string, text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new ConfigError(`${name} must be a whole number, 0 or more, not "${text}".`);
}

export function optionalNumber(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text);
}

/** An id of a lease or a member: hexadecimal, as everywhere around etcd. */
export function hexId(name: string, text: string): bigint {
  if (!/^(0x)?[0-9a-fA-F]{1,16}$/.test(text)) {
    throw new ConfigError(`${name} must be up to 16 hexadecimal digits, not "${text}".`);
  }
  return BigInt(text.startsWith("0x") ? text : `0x${text}`);
}

/** The same for ids that the API has as signed numbers. */
export function leaseIdOf(name: string, text: string): bigint {
  return BigInt.asIntN(64, hexId(name, text));
}

export function spanMs(name: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new ConfigError(`${name} must be a time span such as 5s or 500ms, not "${text}".`);
}

/** Whole seconds, as a number or a span. */
export function seconds(name: string, text: string): number {
  if (/^\d+$/.test(text)) return wholeNumber(name, text);
  return Math.ceil(spanMs(name, text) / 1000);
}

/** name:password, or a name alone. */
export function nameAndPassword(text: string): {
  readonly name: string;
  readonly password: string | undefined;
} {
  const at = text.indexOf(":");
  if (at < 0) return { name: text, password: undefined };
  return { name: text.slice(0, at), password: text.slice(at + 1) };
}
