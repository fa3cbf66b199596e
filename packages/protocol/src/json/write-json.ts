/** An enum's value by name; a number that has none stays a number. */
export function jsonEnum(value: number, names: Readonly<Record<number, string>>): string {
  const name = names[value];
  return name === undefined ? String(value) : `"${name}"`;
}
