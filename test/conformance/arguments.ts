import type { MemberAction, MemberStep } from "../../packages/core/src/membership/membership.ts";
import type { Directive } from "./data-driven.ts";

/** An error that a command reports as its output. */
export class Reported extends Error {
  override readonly name = "Reported";
}

/** Arguments without values. */
export function bare(directive: Directive): string[] {
  return directive.args.filter(({ values }) => values.length === 0).map(({ key }) => key);
}

export function argumentList(directive: Directive, key: string): readonly string[] | undefined {
  return directive.args.find((arg) => arg.key === key && arg.values.length > 0)?.values;
}

export function argument(directive: Directive, key: string): string | undefined {
  return argumentList(directive, key)?.[0];
}

/** A list of numbers; `x=()` is an empty one. */
export function numbers(directive: Directive, key: string): number[] {
  return (argumentList(directive, key) ?? []).filter((text) => text !== "").map(parseNumber);
}

export function number(directive: Directive, key: string, otherwise: number): number {
  const text = argument(directive, key);
  return text === undefined ? otherwise : parseNumber(text);
}

/** False where the argument is not given. */
export function flag(directive: Directive, key: string, otherwise = false): boolean {
  const text = argument(directive, key);
  return text === undefined ? otherwise : parseFlag(text);
}

export function parseNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new Reported(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

export function parseFlag(text: string): boolean {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  throw new Reported(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const STEP_ACTIONS: Readonly<Record<string, MemberAction>> = {
  v: "voter",
  l: "learner",
  r: "remove",
  u: "update",
};

/** Reads `v1 l2 r3 u4`. */
export function parseSteps(input: string): MemberStep[] {
  return input
    .split(/\s+/)
    .filter((token) => token !== "")
    .map((token) => {
      if (token.length < 2) throw new Reported(`unknown token ${token}`);
      const action = STEP_ACTIONS[token.charAt(0)];
      if (action === undefined) throw new Reported(`unknown input: ${token}`);
      return { action, member: parseNumber(token.slice(1)) };
    });
}
