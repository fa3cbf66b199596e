import type { BothLanguages } from "@quorate/sim";
import { language } from "../page/preferences.ts";

/** One text in the reader's language; whoever shows it is shown anew when the language changes. */
export function say(en: string, zh: string): string {
  return language.value === "zh" ? zh : en;
}

/** The same for texts that come as data. */
export function tell(text: BothLanguages): string {
  return text[language.value];
}

/** "member 2", "成员 2". */
export function memberName(id: number): string {
  return say(`member ${id}`, `成员 ${id}`);
}
