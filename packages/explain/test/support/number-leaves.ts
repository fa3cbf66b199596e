/** Every number inside a value that says something, with the path to it. 0 stands for nobody or nothing. */
export function numberLeaves(value: unknown, path = ""): ReadonlyMap<string, number> {
  const leaves = new Map<string, number>();
  collect(value, path, leaves);
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, number>): void {
  if (typeof value === "number") {
    if (value !== 0) leaves.set(path, value);
    return;
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  for (const [key, inner] of Object.entries(value)) {
    collect(inner, path === "" ? key : `${path}.${key}`, leaves);
  }
}
