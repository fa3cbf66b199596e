/** Fields that name the server or the moment: only that they are there is compared. */
const IDENTITY = new Set(["cluster_id", "member_id", "raft_term", "token"]);

/** An answer with everything taken out that differs between any two servers. */
export function withoutIdentity(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIdentity);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, IDENTITY.has(name) ? "present" : withoutIdentity(inner)]),
  );
}
