import { effect, type Signal, signal } from "@preact/signals";

export type Language = "en" | "zh";
export type Theme = "system" | "light" | "dark";

/** Remembers a choice in the browser, where it lets us. */
function remembered<T extends string>(name: string, allowed: readonly T[], fallback: T): Signal<T> {
  const key = `quorate.${name}`;
  let known: string | null = null;
  try {
    known = localStorage.getItem(key);
  } catch {
    // A page in a frame may not store anything; then the choice lasts as long as the page.
  }
  const choice = signal<T>(allowed.find((one) => one === known) ?? fallback);
  effect(() => {
    const { value } = choice;
    try {
      localStorage.setItem(key, value);
    } catch {
      // As above.
    }
  });
  return choice;
}

const browserLanguage: Language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

export const language: Signal<Language> = remembered("language", ["en", "zh"], browserLanguage);
export const theme: Signal<Theme> = remembered("theme", ["system", "light", "dark"], "system");

const narrowQuery = matchMedia("(max-width: 760px)");
/** A phone: drawings become narrower instead of smaller. */
export const isNarrow: Signal<boolean> = signal(narrowQuery.matches);
narrowQuery.addEventListener("change", () => {
  isNarrow.value = narrowQuery.matches;
});

const motionQuery = matchMedia("(prefers-reduced-motion: reduce)");
export const prefersLessMotion: Signal<boolean> = signal(motionQuery.matches);
motionQuery.addEventListener("change", () => {
  prefersLessMotion.value = motionQuery.matches;
});

effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
effect(() => {
  const { value } = theme;
  if (value === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = value;
});
