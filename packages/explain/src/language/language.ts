/** A language that sentences come in: English, or simplified Chinese. */
export type Language = "en" | "zh";

/** One text in every language. */
export type Translated = Readonly<Record<Language, string>>;
