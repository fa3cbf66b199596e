import { type ClientOperation, describeOperation } from "@quorate/sim";
import { language } from "../page/preferences.ts";

/** An operation of a client in a few words. */
export function operationWords(operation: ClientOperation): string {
  return operationText(describeOperation(operation));
}

/** The same for the text that the simulator made of it: "set x=1 if ∅ → done". */
export function operationText(text: string): string {
  if (language.value !== "zh") return text;
  return text
    .replace(/^set (.*?) if (.*?)( →|$)/, "若为 $2 则写 $1$3")
    .replace(/^set /, "写 ")
    .replace(/^read /, "读 ")
    .replace(/→ not done$/, "→ 未写入")
    .replace(/→ done$/, "→ 完成");
}
