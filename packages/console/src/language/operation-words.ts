import { type ClientOperation, describeOperation } from "@quorate/sim";
import { language } from "../page/preferences.ts";

/** Values longer than this are shown by their beginning. */
const VALUE_MAX = 18;

export function shortened(value: string): string {
  return value.length <= VALUE_MAX ? value : `${value.slice(0, VALUE_MAX - 1)}…`;
}

/** An operation of a client in a few words. */
export function operationWords(operation: ClientOperation): string {
  return operationText(describeOperation(operation));
}

/** A value that does not fit, up to what is said of it. */
const LONG_VALUE = /(?<==)([^=]{17})[^=]{2,}?(?= (?:if|→) |$)/;

/** The same for the text that the simulator made of it: "set x=1 if ∅ → done". */
export function operationText(told: string): string {
  const text = told.replace(LONG_VALUE, (_, begin: string) => `${begin}…`);
  if (language.value !== "zh") return text;
  return text
    .replace(/^set (.*?) if (.*?)( →|$)/, "若为 $2 则写 $1$3")
    .replace(/^set /, "写 ")
    .replace(/^read /, "读 ")
    .replace(/→ not done$/, "→ 未写入")
    .replace(/→ done$/, "→ 完成");
}
