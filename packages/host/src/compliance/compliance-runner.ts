/** The few things a compliance suite needs of whatever runs tests. */
export interface ComplianceRunner {
  test(name: string, run: () => Promise<void>): void;
  /** Throws unless both are deeply equal. */
  equal(actual: unknown, expected: unknown): void;
}

/** The `code` that a promise is rejected with, `none` when it is fulfilled. */
export async function rejectionCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
    return typeof code === "string" ? code : "";
  }
}
