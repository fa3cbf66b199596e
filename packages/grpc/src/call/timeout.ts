const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1_000],
  ["m", 1],
  ["u", 0.001],
  ["n", 0.000_001],
]);

const TIMEOUT = /^[0-9]{1,8}[HMSmun]$/;

/** Milliseconds named by a `grpc-timeout` header: up to eight digits and a unit. Undefined for anything else. */
export function parseTimeout(text: string): number | undefined {
  if (!TIMEOUT.test(text)) return undefined;
  const unitMs = UNIT_MS.get(text.slice(-1)) as number;
  return Number(text.slice(0, -1)) * unitMs;
}
