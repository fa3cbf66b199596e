// Single requests over the JSON gateway that etcd and Quorate both have: for probes, not for load.
const base64 = (text) => Buffer.from(text).toString("base64");

/** One put; true when it was acknowledged within the time. */
export async function tryPut(member, key, value, timeoutMs) {
  return (
    (await post(member, "kv/put", { key: base64(key), value: base64(value) }, timeoutMs)) !==
    undefined
  );
}

/** One read of the member's own state; the pairs found, or undefined when it did not answer. */
export async function trySerializableRead(member, keyBytes, timeoutMs) {
  const key = Buffer.from(keyBytes).toString("base64");
  const answer = await post(member, "kv/range", { key, serializable: true }, timeoutMs);
  return answer === undefined ? undefined : (answer.kvs ?? []);
}

async function post(member, path, body, timeoutMs) {
  try {
    const answer = await fetch(`${member.clientUrl}/v3/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    return answer.ok ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The generator's n-th key. */
export function generatedKey(place) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(place));
  return bytes;
}
